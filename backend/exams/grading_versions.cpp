#include "exams/grading_versions.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kLatest{"grading_version.latest", R"(
  SELECT coalesce(max(version), 0) FROM grading_structure_version WHERE exam_id = $1)"};
constexpr Statement kKeep{"grading_version.keep", R"(
  INSERT INTO grading_structure_version (exam_id, version, grading_structure, mark_step, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6))"};
constexpr Statement kAll{"grading_version.all", R"(
  SELECT version, grading_structure, mark_step, created_by, created_at FROM grading_structure_version
  WHERE exam_id = $1 ORDER BY version DESC)"};
constexpr Statement kMarked{"exam.is_marked", R"(
  SELECT 1 FROM copy c JOIN score s ON s.copy_id = c.id WHERE c.exam_id = $1
  UNION ALL SELECT 1 FROM copy c JOIN annotation a ON a.copy_id = c.id
    WHERE c.exam_id = $1 AND a.score_delta IS NOT NULL
  UNION ALL SELECT 1 FROM copy WHERE exam_id = $1 AND status IN ('GRADED', 'GRADING_FAILED')
  LIMIT 1)"};

}  // namespace

std::int64_t latest_version(Transaction& transaction, const ExamId& exam) {
  return transaction.row(kLatest, exam)->get<std::int64_t>(0);
}

void keep_version(Transaction& transaction, const Exam& exam, std::optional<UserId> by, UtcTime now) {
  transaction.execute(kKeep, exam.id, latest_version(transaction, exam.id) + 1,
                      boost::json::serialize(exam.grading_structure), exam.mark_step, by, now);
}

std::vector<GradingVersion> versions_of(Transaction& transaction, const ExamId& exam) {
  std::vector<GradingVersion> versions;
  for (const Row& row : transaction.rows(kAll, exam))
    versions.push_back({row.get<std::int64_t>(0), boost::json::parse(row.get<std::string>(1)).as_array(),
                        row.get<std::int64_t>(2), row.get<std::optional<UserId>>(3), row.get<UtcTime>(4)});
  return versions;
}

bool is_marked(Transaction& transaction, const ExamId& exam) {
  return transaction.row(kMarked, exam).has_value();
}

Result<Exam> set_grading_structure(Transaction& transaction, const ExamId& id, const boost::json::array& structure,
                                   std::int64_t mark_step, std::optional<UserId> by, UtcTime now) {
  auto exam = find_exam(transaction, id);
  if (!exam) return exam;
  ExamFields fields = *exam;
  fields.grading_structure = structure;
  fields.mark_step = mark_step;
  auto clean = tidied(std::move(fields));
  if (!clean) return tl::unexpected(clean.error());
  static_cast<ExamFields&>(*exam) = std::move(*clean);
  store::update(transaction, *exam, now);
  keep_version(transaction, *exam, by, now);
  return exam;
}

}  // namespace korrigo::exams
