/// Two copies of one student become one without a mark lost.
#pragma once

#include <vector>

#include "copies/office.h"

namespace korrigo::grading {

/// Whose points count for questions that have different ones on both.
enum class Prefer { nobody, target, source };

/// `source` becomes part of `target`: its faces behind those of `target` with what is drawn on them, its scores,
/// remarks (joined where both have one), appreciation, drafts, operations and reports. Points that do not count are in
/// the history (MERGE). Refuses as copies::join_copies(), and with conflict "copy_merge.marks_differ" (`details`: the
/// questions) unless one is preferred, "copy_merge.two_drafts" (somebody's unsent work lies on both).
Result<void> merge_copies(const copies::Office& office, const CopyId& target, const CopyId& source, Prefer prefer);

}  // namespace korrigo::grading
