#include "publication/release.h"

#include "accounts/notifications.h"
#include "copies/copy_state.h"

namespace korrigo::publication {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kExam{"release.exam", "SELECT results_released_at FROM exam WHERE id = $1"};
constexpr Statement kSet{"release.set", "UPDATE exam SET results_released_at = $2 WHERE id = $1"};
constexpr Statement kGraded{"release.graded", "SELECT id FROM copy WHERE exam_id = $1 AND status = 'GRADED'"};
constexpr Statement kCopies{"release.copies", R"(
  SELECT c.anonymous_id, c.status, c.student_id, c.final_pdf_file, (SELECT count(*) FROM copy_operation o
    WHERE o.copy_id = c.id AND o.outcome = 'CONFLICT')
  FROM copy c WHERE c.exam_id = $1 ORDER BY c.anonymous_id)"};
constexpr Statement kWithout{"release.without", R"(
  SELECT s.first_name, s.last_name FROM exam_student es JOIN student s ON s.id = es.student_id
  WHERE es.exam_id = $1 AND es.presence = 'PRESENT'
    AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.exam_id = es.exam_id AND c.student_id = es.student_id)
  ORDER BY s.sort_name, s.id)"};

// Correctors, and students with an account whose copy is out.
constexpr Statement kConcerned{"release.concerned", R"(
  SELECT user_id FROM exam_corrector WHERE exam_id = $1
  UNION SELECT s.user_id FROM copy c JOIN student s ON s.id = c.student_id
    WHERE c.exam_id = $1 AND c.status = 'GRADED' AND s.user_id IS NOT NULL)"};

constexpr std::size_t kExamples = 20;

void tell(Transaction& transaction, const ExamId& exam, UtcTime now) {
  std::vector<UserId> users;
  for (const Row& row : transaction.rows(kConcerned, exam)) users.push_back(row.get<UserId>(0));
  accounts::notify(transaction, users, accounts::NotificationKind::results_released, {{"exam_id", exam.text()}}, now);
}

Result<std::optional<UtcTime>> released_at(Transaction& transaction, const ExamId& exam) {
  const auto row = transaction.row(kExam, exam);
  if (!row) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  return row->get<std::optional<UtcTime>>(0);
}

Result<Released> set_released(Transaction& transaction, const ExamId& exam, std::optional<UtcTime> at,
                              const audit::Actor& actor, UtcTime now) {
  const auto before = released_at(transaction, exam);
  if (!before) return tl::unexpected(before.error());
  const auto graded = transaction.rows(kGraded, exam);
  const Released outcome{at && *before ? *before : at, static_cast<std::int64_t>(graded.size())};
  if (at.has_value() == before->has_value()) return outcome;
  transaction.execute(kSet, exam, at);
  for (const Row& row : graded)
    copies::record_event(transaction, row.get<CopyId>(0), at ? "RELEASE" : "UNRELEASE", actor.user, {}, now);
  if (at) tell(transaction, exam, now);
  audit::append(transaction,
                {.by = actor,
                 .action = at ? "exam.release_results" : "exam.unrelease_results",
                 .target_type = "exam",
                 .target_id = exam.text(),
                 .details = {{"copies", outcome.copies}}},
                now);
  return outcome;
}

class Obstacles {
 public:
  void add(const std::string& code, const std::string& example) {
    auto found = std::find_if(all_.begin(), all_.end(), [&](const Obstacle& one) { return one.code == code; });
    if (found == all_.end()) found = all_.insert(all_.end(), Obstacle{code, 0, {}});
    ++found->count;
    if (found->examples.size() < kExamples && !example.empty()) found->examples.push_back(example);
  }
  std::vector<Obstacle> take() { return std::move(all_); }

 private:
  std::vector<Obstacle> all_;
};

void look_at(const Row& row, Obstacles& obstacles) {
  const auto name = row.get<std::string>(0);
  const auto status = row.get<std::string>(1);
  if (row.is_null(2)) obstacles.add("not_identified", name);
  if (row.get<std::int64_t>(4) > 0) obstacles.add("open_conflicts", name);
  if (status == "QUARANTINE")
    obstacles.add("quarantined", name);
  else if (status == "GRADING_FAILED")
    obstacles.add("grading_failed", name);
  else if (status != "GRADED")
    obstacles.add("not_graded", name);
  else if (row.is_null(3))
    obstacles.add("pdf_missing", name);
}

}  // namespace

Result<Released> release_results(Transaction& transaction, const ExamId& exam, const audit::Actor& actor, UtcTime now) {
  return set_released(transaction, exam, now, actor, now);
}

Result<Released> withdraw_results(Transaction& transaction, const ExamId& exam, const audit::Actor& actor,
                                  UtcTime now) {
  return set_released(transaction, exam, std::nullopt, actor, now);
}

Result<Readiness> readiness_of(Transaction& transaction, const ExamId& exam) {
  const auto released = released_at(transaction, exam);
  if (!released) return tl::unexpected(released.error());
  Readiness readiness;
  readiness.released_at = *released;
  Obstacles obstacles;
  for (const Row& row : transaction.rows(kCopies, exam)) {
    ++readiness.copies;
    if (row.get<std::string>(1) == "GRADED") ++readiness.graded;
    look_at(row, obstacles);
  }
  if (readiness.copies == 0) obstacles.add("no_copies", "");
  for (const Row& row : transaction.rows(kWithout, exam))
    obstacles.add("student_without_copy", row.get<std::string>(0) + " " + row.get<std::string>(1));
  readiness.obstacles = obstacles.take();
  return readiness;
}

}  // namespace korrigo::publication
