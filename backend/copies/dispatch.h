/// Which corrector marks which copy.
///
/// Copies are given out READY; one that holds a corrector's work stays where it is until it is transferred on purpose.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

struct DispatchOptions {
  std::vector<UserId> correctors = {};       // of the exam's; empty: all of them
  bool shuffle = true;                       // false: by anonymous id
  bool by_class = false;                     // copies of one class stay together, as far as students are known
  std::optional<std::string> exercise = {};  // only this top-level exercise of every copy
};

struct CorrectorLoad {
  UserId user;
  std::string username;
  std::int64_t assigned = 0;  // by this run
  std::int64_t load = 0;      // copies of the exam after it
};

struct Dispatch {
  std::string run;  // UUID
  std::int64_t assigned = 0;
  std::vector<CorrectorLoad> distribution;  // by user name
};

/// READY copies of the exam that are nobody's go to the correctors with the fewest copies of it: afterwards loads that
/// the run could touch differ by one at most (by class: as evenly as whole classes allow). All in one transaction.
/// Refuses with not_found "exam.not_found", conflict "exam.busy", malformed "dispatch.no_corrector",
/// "corrector.unknown" (none of the exam's), "dispatch.unknown_exercise".
Result<Dispatch> dispatch(const Office& office, const ExamId& exam, const DispatchOptions& options);

/// One copy, or one exercise of it, to a corrector of the exam; to nobody. Refuses with not_found "copy.not_found",
/// conflict "copy.in_marking", "copy.not_ready" (QUARANTINE), "copy.started" (holds marks or annotations), malformed
/// "corrector.unknown", "dispatch.unknown_exercise".
Result<void> assign_copy(const Office& office, const CopyId& copy, std::optional<UserId> corrector,
                         const std::optional<std::string>& exercise = {});
/// With all that was written so far. Refuses with not_found "copy.not_found", conflict "copy.locked", "copy.not_ready"
/// (STAGING, QUARANTINE), malformed "corrector.unknown".
Result<void> transfer_copy(const Office& office, const CopyId& copy, UserId corrector);

}  // namespace korrigo::copies
