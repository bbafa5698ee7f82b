#include "exams/correctors.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCorrectors{"corrector.of_exam", R"(
  SELECT u.id, u.username, u.email,
    (SELECT count(*) FROM copy c WHERE c.assigned_corrector_id = u.id AND c.exam_id = x.exam_id),
    (SELECT count(*) FROM copy c WHERE c.assigned_corrector_id = u.id AND c.exam_id = x.exam_id AND c.status = 'GRADED'),
    (SELECT count(*) FROM exercise_assignment e JOIN copy c ON c.id = e.copy_id
      WHERE e.corrector_id = u.id AND c.exam_id = x.exam_id)
  FROM exam_corrector x JOIN "user" u ON u.id = x.user_id WHERE x.exam_id = $1 ORDER BY u.username, u.id)"};
constexpr Statement kEligible{"corrector.eligible", R"(
  SELECT u.id FROM "user" u JOIN json_each($1) r ON u.id = r.value
  WHERE u.is_active = 1 AND u.role IN ('ADMIN', 'TEACHER'))",
                              R"(
  SELECT u.id FROM "user" u JOIN json_array_elements_text(CAST($1 AS json)) AS r(value) ON u.id = CAST(r.value AS BIGINT)
  WHERE u.is_active = 1 AND u.role IN ('ADMIN', 'TEACHER'))"};
constexpr Statement kAdd{"corrector.add", R"(
  INSERT INTO exam_corrector (exam_id, user_id, added_at) VALUES ($1, $2, $3) ON CONFLICT (exam_id, user_id) DO NOTHING)"};
constexpr Statement kRemove{"corrector.remove", "DELETE FROM exam_corrector WHERE exam_id = $1 AND user_id = $2"};

}  // namespace

std::vector<Corrector> correctors_of(Transaction& transaction, const ExamId& exam) {
  std::vector<Corrector> correctors;
  for (const Row& row : transaction.rows(kCorrectors, exam))
    correctors.push_back({row.get<UserId>(0), row.get<std::string>(1), row.get<std::optional<std::string>>(2),
                          row.get<std::int64_t>(3), row.get<std::int64_t>(4), row.get<std::int64_t>(5)});
  return correctors;
}

Result<void> set_correctors(Transaction& transaction, const ExamId& exam, const std::vector<UserId>& users,
                            UtcTime now) {
  if (!store::touch(transaction, exam, now))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  const std::set<UserId> wanted(users.begin(), users.end());
  boost::json::array ids;
  for (const UserId user : wanted) ids.emplace_back(user.value);
  if (transaction.rows(kEligible, boost::json::serialize(ids)).size() != wanted.size()) {
    Error error{ErrorKind::malformed, "corrector.unknown", "Correctors are active teachers and admins."};
    error.field = "corrector_ids";
    return tl::unexpected(std::move(error));
  }
  for (const Corrector& corrector : correctors_of(transaction, exam)) {
    if (wanted.contains(corrector.user)) continue;
    if (corrector.copies_assigned + corrector.exercises_assigned > 0)
      return refuse(ErrorKind::conflict, "corrector.has_copies",
                    corrector.username + " has copies of this exam and cannot leave it.");
    transaction.execute(kRemove, exam, corrector.user);
  }
  for (const UserId user : wanted) transaction.execute(kAdd, exam, user, now);
  return {};
}

}  // namespace korrigo::exams
