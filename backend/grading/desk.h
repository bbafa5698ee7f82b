/// A copy on its corrector's desk: whoever writes into it opens the desk first, in the same transaction.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "exams/grading_structure.h"
#include "storage/database.h"

namespace korrigo::grading {

/// Who marks, and with which lock.
struct Marker {
  UserId user;
  bool is_admin = false;
  std::string token = {};  // of the lock; empty when none was sent
};

struct Desk {
  CopyId copy;
  ExamId exam;
  std::vector<std::string> exercises;  // the lock's scope: top-level exercises; empty for the whole copy
  UserId user;
  bool is_head = false;  // an admin, or the copy's own corrector: may change what others wrote
  exams::GradingStructure structure;
  UtcTime now{};

  bool is_whole() const { return exercises.empty(); }
};

/// Everything that writes into one copy comes one after the other from here on. Refuses in this order with
///   not_found "copy.not_found"; forbidden "auth.forbidden" (another's copy)
///   conflict "copy.not_markable" (STAGING, QUARANTINE), "copy.graded" (GRADED, GRADING_FAILED)
///   forbidden "lock.required", "lock.wrong_token", "lock.expired"
Result<Desk> open_desk(storage::Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now);

/// The same with a lock of the whole copy. Refuses also with forbidden "lock.wrong_scope".
Result<Desk> open_whole_desk(storage::Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now);

/// Refuses with forbidden "lock.wrong_scope" when the desk's lock is for other exercises, malformed
/// "score.unknown_question" when the barème has no such question.
Result<void> require_question(const Desk& desk, const std::string& question);

/// What writes into the copy comes one after the other from here on.
void hold(storage::Transaction& transaction, const CopyId& copy, UtcTime now);

/// How a copy stands, its row held until the transaction ends. Refuses as copies::may_see().
struct Standing {
  ExamId exam;
  std::string status;
  bool is_corrector = false;  // of the whole copy
};
Result<Standing> hold_copy(storage::Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now);

/// Refuses with conflict as open_desk() unless the copy is READY or LOCKED.
Result<void> require_markable(const std::string& status);

/// Refuses with not_found "exam.not_found", forbidden "auth.forbidden" unless the marker is an admin, one of the exam's
/// correctors, or has copies of it.
Result<void> require_marker_of(storage::Transaction& transaction, const ExamId& exam, const Marker& marker);

}  // namespace korrigo::grading
