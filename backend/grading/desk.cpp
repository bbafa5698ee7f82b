#include "grading/desk.h"

#include <fmt/format.h>
#include <algorithm>

#include "copies/file_keys.h"
#include "exams/exam.h"
#include "grading/lock.h"

namespace korrigo::grading {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kHold{"desk.hold", R"(
  UPDATE copy SET updated_at = $2 WHERE id = $1 RETURNING exam_id, status, assigned_corrector_id)"};

constexpr Statement kExam{"desk.exam", "SELECT 1 FROM exam WHERE id = $1"};
constexpr Statement kMarks{"desk.marks_exam", R"(
  SELECT 1 FROM exam_corrector WHERE exam_id = $1 AND user_id = $2
  UNION ALL SELECT 1 FROM copy WHERE exam_id = $1 AND assigned_corrector_id = $2
  UNION ALL SELECT 1 FROM exercise_assignment e JOIN copy c ON c.id = e.copy_id
    WHERE c.exam_id = $1 AND e.corrector_id = $2
  LIMIT 1)"};

}  // namespace

void hold(Transaction& transaction, const CopyId& copy, UtcTime now) {
  transaction.execute(kHold, copy, now);
}

Result<void> require_marker_of(Transaction& transaction, const ExamId& exam, const Marker& marker) {
  if (!transaction.row(kExam, exam)) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  if (marker.is_admin || transaction.row(kMarks, exam, marker.user)) return {};
  return refuse(ErrorKind::forbidden, "auth.forbidden", "You do not mark this exam.");
}

Result<Standing> hold_copy(Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now) {
  if (auto seen = copies::may_see(transaction, copy, {marker.user, marker.is_admin}); !seen)
    return tl::unexpected(seen.error());
  const auto row = transaction.row(kHold, copy, now);
  return Standing{row->get<ExamId>(0), row->get<std::string>(1),
                  row->get<std::optional<UserId>>(2) == std::optional(marker.user)};
}

Result<void> require_markable(const std::string& status) {
  if (status == "READY" || status == "LOCKED") return {};
  if (status == "GRADED" || status == "GRADING_FAILED")
    return refuse(ErrorKind::conflict, "copy.graded", "The copy has been marked.");
  return refuse(ErrorKind::conflict, "copy.not_markable", "The copy is not ready to be marked.");
}

Result<Desk> open_desk(Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now) {
  const auto standing = hold_copy(transaction, copy, marker, now);
  if (!standing) return tl::unexpected(standing.error());
  if (auto markable = require_markable(standing->status); !markable) return tl::unexpected(markable.error());
  const auto lock = held_lock(transaction, copy, marker, now);
  if (!lock) return tl::unexpected(lock.error());
  auto structure = exams::grading_structure_of(transaction, standing->exam);
  if (!structure) return tl::unexpected(structure.error());
  return Desk{copy,
              standing->exam,
              lock->exercises,
              marker.user,
              marker.is_admin || standing->is_corrector,
              std::move(*structure),
              now};
}

Result<Desk> open_whole_desk(Transaction& transaction, const CopyId& copy, const Marker& marker, UtcTime now) {
  auto desk = open_desk(transaction, copy, marker, now);
  if (desk && !desk->is_whole())
    return refuse(ErrorKind::forbidden, "lock.wrong_scope", "This needs a lock of the whole copy.");
  return desk;
}

Result<void> require_question(const Desk& desk, const std::string& question) {
  const exams::Question* exercise = desk.structure.exercise_of(question);
  if (exercise == nullptr && !desk.structure.is_empty()) {
    Error error{ErrorKind::malformed, "score.unknown_question",
                fmt::format("There is no such question: {}.", question.substr(0, 60))};
    error.field = "question_id";
    return tl::unexpected(std::move(error));
  }
  if (desk.is_whole() ||
      (exercise != nullptr && std::binary_search(desk.exercises.begin(), desk.exercises.end(), exercise->id)))
    return {};
  return refuse(ErrorKind::forbidden, "lock.wrong_scope", "Your lock is for another exercise.");
}

}  // namespace korrigo::grading
