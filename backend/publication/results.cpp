#include "publication/results.h"

#include <map>
#include <set>

namespace korrigo::publication {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCopies{"results.copies", R"(
  SELECT c.id, c.anonymous_id, c.status, c.student_id, s.last_name, s.first_name, s.date_naissance, s.class_name,
    s.groupe, es.numero_etudiant, es.presence, c.total, c.maximum, c.global_appreciation, c.final_pdf_file, c.graded_at
  FROM copy c LEFT JOIN student s ON s.id = c.student_id
    LEFT JOIN exam_student es ON es.exam_id = c.exam_id AND es.student_id = c.student_id
  WHERE c.exam_id = $1 ORDER BY (s.sort_name IS NULL), s.sort_name, c.anonymous_id)"};
constexpr Statement kAway{"results.away", R"(
  SELECT s.id, s.last_name, s.first_name, s.date_naissance, s.class_name, s.groupe, es.numero_etudiant, es.presence
  FROM exam_student es JOIN student s ON s.id = es.student_id
  WHERE es.exam_id = $1 AND es.presence <> 'PRESENT'
    AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.exam_id = es.exam_id AND c.student_id = es.student_id)
  ORDER BY s.sort_name, s.id)"};
constexpr Statement kScores{"results.scores", R"(
  SELECT s.copy_id, s.question_id, s.points FROM copy c JOIN score s ON s.copy_id = c.id
  WHERE c.exam_id = $1 AND c.status = 'GRADED')"};

std::string text_or_nothing(const Row& row, std::size_t column) {
  return row.get<std::optional<std::string>>(column).value_or("");
}

ResultRow row_of_copy(const Row& row) {
  ResultRow result;
  result.copy = row.get<CopyId>(0);
  result.anonymous_id = row.get<std::string>(1);
  result.status = row.get<std::string>(2);
  result.student = row.get<std::optional<StudentId>>(3);
  result.last_name = text_or_nothing(row, 4);
  result.first_name = text_or_nothing(row, 5);
  result.date_naissance = text_or_nothing(row, 6);
  result.class_name = text_or_nothing(row, 7);
  result.groupe = text_or_nothing(row, 8);
  result.numero_etudiant = text_or_nothing(row, 9);
  result.presence = row.get<std::optional<std::string>>(10).value_or("PRESENT");
  if (!result.is_graded()) return result;
  result.total = row.get<std::optional<std::int64_t>>(11);
  result.maximum = row.get<std::optional<std::int64_t>>(12);
  result.appreciation = row.get<std::string>(13);
  result.final_pdf = row.get<std::optional<std::string>>(14);
  result.graded_at = row.get<std::optional<UtcTime>>(15);
  return result;
}

ResultRow row_of_absence(const Row& row) {
  ResultRow result;
  result.student = row.get<StudentId>(0);
  result.last_name = row.get<std::string>(1);
  result.first_name = row.get<std::string>(2);
  result.date_naissance = row.get<std::string>(3);
  result.class_name = row.get<std::string>(4);
  result.groupe = row.get<std::string>(5);
  result.numero_etudiant = row.get<std::string>(6);
  result.presence = row.get<std::string>(7);
  return result;
}

void add_leaves(const std::vector<exams::Question>& questions, std::vector<std::string>& leaves) {
  for (const exams::Question& question : questions) {
    if (question.is_leaf()) leaves.push_back(question.id);
    add_leaves(question.children, leaves);
  }
}

}  // namespace

std::vector<ResultRow> results_of(Transaction& transaction, const ExamId& exam) {
  std::vector<ResultRow> rows;
  std::map<std::string, std::size_t, std::less<>> by_copy;
  for (const Row& row : transaction.rows(kCopies, exam)) {
    by_copy[row.get<std::string>(0)] = rows.size();
    rows.push_back(row_of_copy(row));
  }
  for (const Row& row : transaction.rows(kScores, exam))
    rows[by_copy.at(row.get<std::string>(0))].scores[row.get<std::string>(1)] = row.get<std::int64_t>(2);
  for (const Row& row : transaction.rows(kAway, exam)) rows.push_back(row_of_absence(row));
  return rows;
}

std::int64_t rounded_mark(std::int64_t mark, std::optional<std::int64_t> rounding, std::int64_t maximum) {
  if (!rounding) return mark;
  return std::min((2 * mark + *rounding) / (2 * *rounding) * *rounding, maximum);
}

std::vector<std::string> questions_of(const exams::GradingStructure& structure, const std::vector<ResultRow>& rows) {
  std::vector<std::string> questions;
  add_leaves(structure.questions, questions);
  if (!structure.is_empty()) return questions;
  std::set<std::string> all;
  for (const ResultRow& row : rows)
    for (const auto& [question, points] : row.scores) all.insert(question);
  return {all.begin(), all.end()};
}

}  // namespace korrigo::publication
