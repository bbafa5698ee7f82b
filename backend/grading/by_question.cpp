#include "grading/by_question.h"

#include "exams/exam.h"

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

// $3 is null for admins, $4 the exercise of the question, $5 null, 0 or 1.
#define KORRIGO_QUESTION_WHERE                                                                                      \
  "FROM copy c LEFT JOIN score s ON s.copy_id = c.id AND s.question_id = $2 WHERE c.exam_id = $1 "                  \
  "AND c.status IN ('READY', 'LOCKED', 'GRADED', 'GRADING_FAILED') "                                                \
  "AND (CAST($3 AS BIGINT) IS NULL OR c.assigned_corrector_id = $3 OR EXISTS (SELECT 1 FROM exercise_assignment e " \
  "WHERE e.copy_id = c.id AND e.corrector_id = $3 AND e.exercise_id = $4)) "                                        \
  "AND (CAST($5 AS BIGINT) IS NULL OR (CASE WHEN s.points IS NULL THEN 0 ELSE 1 END) = $5) "
constexpr Statement kCount{"by_question.count", "SELECT count(*) " KORRIGO_QUESTION_WHERE};
constexpr Statement kList{
    "by_question.list",
    "SELECT c.id, c.anonymous_id, c.status, s.points, "
    "(SELECT r.remark FROM question_remark r WHERE r.copy_id = c.id AND r.question_id = $2), "
    "(SELECT count(*) FROM annotation a WHERE a.copy_id = c.id AND a.question_id = $2), "
    "(SELECT count(*) FROM copy_lock l WHERE l.copy_id = c.id AND l.owner_id <> $6 AND l.expires_at > $7 "
    "AND l.scope IN ('', $4)) " KORRIGO_QUESTION_WHERE "ORDER BY c.anonymous_id, c.id LIMIT $8 OFFSET $9"};
#undef KORRIGO_QUESTION_WHERE

}  // namespace

Result<QuestionPage> copies_by_question(Transaction& transaction, const ExamId& exam, const std::string& question,
                                        const Marker& marker, const QuestionFilter& filter, UtcTime now) {
  if (auto may = require_marker_of(transaction, exam, marker); !may) return tl::unexpected(may.error());
  const auto structure = exams::grading_structure_of(transaction, exam);
  if (!structure) return tl::unexpected(structure.error());
  const exams::Question* exercise = structure->exercise_of(question);
  if (exercise == nullptr && !structure->is_empty())
    return refuse(ErrorKind::not_found, "question.not_found", "The barème has no such question.");
  const std::string exercise_id = exercise != nullptr ? exercise->id : question;
  const auto whose = marker.is_admin ? std::nullopt : std::optional(marker.user);
  const auto scored = filter.is_scored ? std::optional(*filter.is_scored ? 1 : 0) : std::nullopt;
  QuestionPage page;
  page.count = transaction.row(kCount, exam, question, whose, exercise_id, scored)->get<std::int64_t>(0);
  for (const Row& row : transaction.rows(kList, exam, question, whose, exercise_id, scored, marker.user, now,
                                         filter.page_size, filter.offset))
    page.copies.push_back({row.get<CopyId>(0), row.get<std::string>(1), row.get<std::string>(2),
                           row.get<std::optional<std::int64_t>>(3), row.get<std::optional<std::string>>(4),
                           row.get<std::int64_t>(5), row.get<std::int64_t>(6) > 0});
  return page;
}

}  // namespace korrigo::grading
