#include "publication/published.h"

namespace korrigo::publication {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kList{"published.list", R"(
  SELECT c.id, c.exam_id, c.anonymous_id, e.name, e.subject, e.date, c.global_appreciation, c.page_count,
    c.final_pdf_file, c.graded_at, e.results_released_at, c.total, c.maximum
  FROM copy c JOIN exam e ON e.id = c.exam_id
  WHERE c.student_id = $1 AND c.status = 'GRADED' AND e.results_released_at IS NOT NULL
  ORDER BY e.date DESC, c.id LIMIT $2 OFFSET $3)"};
constexpr Statement kCount{"published.count", R"(
  SELECT count(*) FROM copy c JOIN exam e ON e.id = c.exam_id
  WHERE c.student_id = $1 AND c.status = 'GRADED' AND e.results_released_at IS NOT NULL)"};
constexpr Statement kOne{"published.one", R"(
  SELECT c.student_id, c.status, e.results_released_at FROM copy c JOIN exam e ON e.id = c.exam_id WHERE c.id = $1)"};

constexpr int kAllAnnotations = 1'000'000;

PublishedCopy copy_of(Transaction& transaction, const Row& row) {
  PublishedCopy copy;
  copy.id = row.get<CopyId>(0);
  copy.exam = row.get<ExamId>(1);
  copy.anonymous_id = row.get<std::string>(2);
  copy.exam_name = row.get<std::string>(3);
  copy.exam_subject = row.get<std::string>(4);
  copy.exam_date = row.get<std::string>(5);
  copy.appreciation = row.get<std::string>(6);
  copy.page_count = row.get<int>(7);
  copy.has_final_pdf = !row.is_null(8);
  copy.graded_at = row.get<UtcTime>(9);
  copy.released_at = row.get<UtcTime>(10);
  if (auto structure = exams::grading_structure_of(transaction, copy.exam)) copy.structure = std::move(*structure);
  copy.marks = grading::marks_of(transaction, copy.id, copy.structure);
  copy.marks.total = row.get<std::optional<std::int64_t>>(11).value_or(copy.marks.total);
  copy.marks.maximum = row.get<std::optional<std::int64_t>>(12).value_or(copy.marks.maximum);
  copy.remarks = grading::remarks_of(transaction, copy.id);
  return copy;
}

}  // namespace

PublishedPage published_copies(Transaction& transaction, StudentId student, int page_size, std::int64_t offset) {
  PublishedPage page;
  page.count = transaction.row(kCount, student)->get<std::int64_t>(0);
  for (const Row& row : transaction.rows(kList, student, page_size, offset))
    page.copies.push_back(copy_of(transaction, row));
  return page;
}

Result<std::vector<grading::Annotation>> published_annotations(Transaction& transaction, StudentId student,
                                                               const CopyId& copy) {
  const auto row = transaction.row(kOne, copy);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  if (row->get<std::optional<StudentId>>(0) != student)
    return refuse(ErrorKind::forbidden, "auth.forbidden", "This copy is another student's.");
  if (row->is_null(2) || row->get<std::string>(1) != "GRADED")
    return refuse(ErrorKind::forbidden, "results.not_released", "The results are not out yet.");
  return grading::list_annotations(transaction, copy, kAllAnnotations, 0).annotations;
}

}  // namespace korrigo::publication
