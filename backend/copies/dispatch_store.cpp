#include "copies/dispatch_store.h"

namespace korrigo::copies::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kUnassigned{"dispatch.unassigned", R"(
  SELECT c.id, coalesce(s.class_name, '') FROM copy c LEFT JOIN student s ON s.id = c.student_id
  WHERE c.exam_id = $1 AND c.status = 'READY' AND c.assigned_corrector_id IS NULL ORDER BY c.anonymous_id)"};
constexpr Statement kUnassignedExercise{"dispatch.unassigned_exercise", R"(
  SELECT c.id, coalesce(s.class_name, '') FROM copy c LEFT JOIN student s ON s.id = c.student_id
  WHERE c.exam_id = $1 AND c.status = 'READY'
    AND NOT EXISTS (SELECT 1 FROM exercise_assignment e WHERE e.copy_id = c.id AND e.exercise_id = $2)
  ORDER BY c.anonymous_id)"};
constexpr Statement kExercises{"dispatch.exercises_of", R"(
  SELECT count(*) FROM exercise_assignment e JOIN copy c ON c.id = e.copy_id
  WHERE c.exam_id = $1 AND e.corrector_id = $2 AND e.exercise_id = $3)"};
constexpr Statement kAssign{"dispatch.assign", R"(
  UPDATE copy SET assigned_corrector_id = $2, assigned_at = $3, dispatch_run = $4, updated_at = $5 WHERE id = $1)"};
constexpr Statement kAssignExercise{"dispatch.assign_exercise", R"(
  INSERT INTO exercise_assignment (copy_id, exercise_id, corrector_id, assigned_at, dispatch_run)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (copy_id, exercise_id) DO UPDATE SET corrector_id = $3, assigned_at = $4, dispatch_run = $5)"};
constexpr Statement kUnassignExercise{"dispatch.unassign_exercise",
                                      "DELETE FROM exercise_assignment WHERE copy_id = $1 AND exercise_id = $2"};
constexpr Statement kHold{"dispatch.hold", "UPDATE copy SET updated_at = $2 WHERE id = $1 RETURNING exam_id, status"};

}  // namespace

std::vector<Unassigned> unassigned(Transaction& transaction, const ExamId& exam,
                                   const std::optional<std::string>& exercise) {
  std::vector<Unassigned> copies;
  const auto rows =
      exercise ? transaction.rows(kUnassignedExercise, exam, *exercise) : transaction.rows(kUnassigned, exam);
  for (const Row& row : rows) copies.push_back({row.get<CopyId>(0), row.get<std::string>(1)});
  return copies;
}

std::int64_t exercises_of(Transaction& transaction, const ExamId& exam, UserId user, const std::string& exercise) {
  return transaction.row(kExercises, exam, user, exercise)->get<std::int64_t>(0);
}

void assign(Transaction& transaction, const CopyId& copy, std::optional<UserId> to,
            const std::optional<std::string>& run, UtcTime now) {
  transaction.execute(kAssign, copy, to, to ? std::optional(now) : std::nullopt, run, now);
}

void assign_exercise(Transaction& transaction, const CopyId& copy, const std::string& exercise,
                     std::optional<UserId> to, const std::optional<std::string>& run, UtcTime now) {
  if (to)
    transaction.execute(kAssignExercise, copy, exercise, *to, now, run);
  else
    transaction.execute(kUnassignExercise, copy, exercise);
}

std::optional<Held> hold(Transaction& transaction, const CopyId& copy, UtcTime now) {
  const auto row = transaction.row(kHold, copy, now);
  return row ? std::optional(Held{row->get<ExamId>(0), row->get<std::string>(1)}) : std::nullopt;
}

}  // namespace korrigo::copies::store
