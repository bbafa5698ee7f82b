#include "copies/quarantine.h"

#include "copies/copy_state.h"
#include "copies/identify_store.h"
#include "copies/undo_step.h"

namespace korrigo::copies {
namespace {

using storage::Transaction;

void note(Transaction& t, const Office& office, std::string action, const CopyId& copy, UtcTime now) {
  audit::append(t, {.by = office.actor, .action = std::move(action), .target_type = "copy", .target_id = copy.text()},
                now);
}

}  // namespace

Result<void> quarantine_copy(const Office& office, const CopyId& copy, const std::string& reason) {
  return office.database.write([&](Transaction& t) -> Result<void> {
    const UtcTime now = office.queue.clock().now();
    const StepRows rows{{}, {copy}, {}};
    auto before = kept_rows(t, rows);
    if (auto step = take_step(t, copy, Step::quarantine, "QUARANTINE", office.actor.user, {}, now); !step) return step;
    set_status_reason(t, copy, reason);
    put_step(t, {find_owner(t, copy)->exam, *office.actor.user, "quarantine", rows, std::move(before)}, now);
    note(t, office, "copy.quarantine", copy, now);
    return {};
  });
}

Result<void> restore_copy(const Office& office, const CopyId& copy, bool valid) {
  return office.database.write([&](Transaction& t) -> Result<void> {
    const UtcTime now = office.queue.clock().now();
    if (auto step = take_step(t, copy, Step::restore, "RESTORE", office.actor.user, {}, now); !step) return step;
    if (valid)
      if (auto step = take_step(t, copy, Step::validate, "VALIDATE", office.actor.user, {}, now); !step) return step;
    note(t, office, "copy.restore", copy, now);
    return {};
  });
}

}  // namespace korrigo::copies
