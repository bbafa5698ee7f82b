/// The class solved again from the stored readings, after somebody decided or stapled something.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "storage/database.h"

namespace korrigo::copies {

struct SolveOptions {
  /// What a person's decision lets follow: STAGING copies that are AUTO now and that nobody has decided about are
  /// identified as well, and belong to this step (undo_step.h). Nothing follows of a step that was taken back.
  std::optional<std::int64_t> following = {};
  /// The one copy that an AUTO answer identifies.
  std::optional<CopyId> link = {};
};

/// Proposals, confidence and mode of every copy that is nobody's are those of the class as it stands: who has a copy is
/// no candidate any more. What people decided stays. Returns the copies that were identified.
///
/// Solving runs outside any transaction; when the class has changed meanwhile it is solved anew, a few times.
std::vector<CopyId> solve_exam(storage::Database& database, const Clock& clock, const ExamId& exam,
                               const SolveOptions& options);

}  // namespace korrigo::copies
