/// The end of marking, and going back on it.
#pragma once

#include <functional>
#include <optional>

#include "audit/audit.h"
#include "grading/score.h"

namespace korrigo::grading {

/// Called in the transaction that finalised a copy: queues what makes its final PDF.
using Finalised = std::function<std::optional<TaskId>(storage::Transaction&, const CopyId&, UserId)>;

struct Finalisation {
  Marks marks;
  UtcTime graded_at{};
  std::optional<TaskId> task = {};  // that makes the final PDF
};

/// LOCKED becomes GRADED with its total; lock and draft go. A copy whose final PDF failed needs no lock and becomes
/// GRADED again. Refuses as open_desk(), and with conflict "copy.others_marking" (others hold locks of its exercises),
/// "copy.incomplete" (`details`: the questions that have no score), "copy.open_conflicts" (operation.h).
Result<Finalisation> finalise(storage::Transaction& transaction, const CopyId& copy, const Marker& marker,
                              const audit::Actor& actor, const Finalised& finalised, UtcTime now);

/// GRADED or GRADING_FAILED becomes READY; what was written stays, total and final PDF are void. For admins. `reason`
/// is written down. Refuses with not_found "copy.not_found", conflict "copy.not_graded".
Result<void> reopen(storage::Transaction& transaction, const CopyId& copy, const std::string& reason,
                    const audit::Actor& actor, UtcTime now);

/// The final PDF cannot be made: GRADED becomes GRADING_FAILED, marks stay, and finalise() tries again. `reason` is one
/// sentence for people. Refuses with not_found "copy.not_found", conflict "copy.not_graded".
Result<void> fail_grading(storage::Transaction& transaction, const CopyId& copy, const std::string& reason,
                          UtcTime now);

}  // namespace korrigo::grading
