/// The states of a copy. Nothing else writes copy.status: each change is one call, with its event, in the caller's
/// transaction.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/result.h"
#include "storage/database.h"

namespace korrigo::copies {

enum class CopyStatus { staging, ready, locked, graded, quarantine, grading_failed };
std::string_view name_of(CopyStatus status);  // "STAGING"

/// What happens to a copy, in the office and at a corrector's desk.
enum class Step {
  validate,    // STAGING -> READY; it needs faces
  withdraw,    // READY -> STAGING: nobody's again, or stapled anew
  quarantine,  // STAGING -> QUARANTINE
  restore,     // QUARANTINE -> STAGING
  lock,        // READY -> LOCKED by the actor
  unlock,      // LOCKED -> READY
  finalise,    // LOCKED or GRADING_FAILED -> GRADED
  fail,        // GRADED -> GRADING_FAILED: its final PDF could not be made; the marks stay
  reopen,      // GRADED or GRADING_FAILED -> READY
};

/// Moves the copy and writes `action` ("VALIDATE", "IDENTIFY", ...) with `metadata` (ids only) into its history. The
/// times of the states and status_reason, which it empties, are written along.
/// Refuses with not_found "copy.not_found", and conflict "copy.not_staging", "copy.in_marking" (locked or graded),
/// "copy.no_faces", "copy.not_ready", "copy.not_quarantined", "copy.not_locked", "copy.not_graded", "copy.graded".
Result<void> take_step(storage::Transaction& transaction, const CopyId& copy, Step step, std::string_view action,
                       std::optional<UserId> actor, const boost::json::object& metadata, UtcTime now);

/// Why it is in quarantine, or why its final PDF failed, in people's words.
void set_status_reason(storage::Transaction& transaction, const CopyId& copy, std::string_view reason);

/// The status that the copy had before a step that is taken back (undo_step.h), which writes the event of it.
void return_to(storage::Transaction& transaction, const CopyId& copy, std::string_view status,
               std::optional<UtcTime> validated_at, UtcTime now);

/// The copy goes, with its decision and history; hashes of the history are kept.
void remove_copy(storage::Transaction& transaction, const CopyId& copy, UtcTime now);

/// An entry of the history that changes no status.
void record_event(storage::Transaction& transaction, const CopyId& copy, std::string_view action,
                  std::optional<UserId> actor, const boost::json::object& metadata, UtcTime now);

}  // namespace korrigo::copies
