/// Two copies of one student become one.
#pragma once

#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

/// The faces of `source` behind those of `target`, which is READY then, marked again or not; `source` goes with what is
/// still its own: whoever wants to keep more moves it to `target` first. The student, the corrector and the time of
/// validation are those of `target`, or of `source` where it has none. Its files are ordered; those of before are added
/// to `obsolete`, to be removed after the commit. Refuses with
///   not_found "copy.not_found"; malformed "copy_merge.same", "copy_merge.other_exam"
///   conflict "exam.busy", "copy.locked", "copy.not_ready" (QUARANTINE), "copy_merge.two_students"
Result<void> join_copies(storage::Transaction& transaction, const Office& office, const CopyId& target,
                         const CopyId& source, const boost::json::object& metadata, std::vector<std::string>& obsolete);

/// The refusals of join_copies() alone; the exam is held from here on.
Result<ExamId> may_join(storage::Transaction& transaction, const CopyId& target, const CopyId& source, UtcTime now);

}  // namespace korrigo::copies
