#include "publication/final_copy.h"

#include "base/date.h"
#include "exams/exam.h"

namespace korrigo::publication {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCopy{"publication.copy", R"(
  SELECT c.exam_id, c.status, c.anonymous_id, c.global_appreciation, c.pdf_file, c.masked_pdf_file, c.graded_at,
    e.name, e.subject, e.date, s.last_name, s.first_name, s.class_name, c.total, c.maximum
  FROM copy c JOIN exam e ON e.id = c.exam_id LEFT JOIN student s ON s.id = c.student_id WHERE c.id = $1)"};
constexpr Statement kPut{"publication.put_final", R"(
  UPDATE copy SET final_pdf_file = $2, masked_final_pdf_file = $3
  WHERE id = $1 AND status = 'GRADED' AND graded_at = $4 AND total = $5 AND maximum = $6)"};

constexpr int kAllAnnotations = 1'000'000;

std::string student_of(const Row& row) {
  std::string text = row.get<std::string>(11) + " " + row.get<std::string>(10);
  if (const auto name = row.get<std::string>(12); !name.empty()) text += ", " + name;
  return text;
}

}  // namespace

Result<FinalCopy> read_final_copy(Transaction& transaction, const CopyId& id) {
  const auto row = transaction.row(kCopy, id);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  if (row->get<std::string>(1) != "GRADED" || row->is_null(6) || row->is_null(13))
    return refuse(ErrorKind::conflict, "copy.not_graded", "This copy is not marked.");
  if (row->is_null(4) || row->is_null(5))
    return refuse(ErrorKind::not_found, "copy.no_pdf", "The PDF of this copy is not made yet.");
  const auto structure = exams::grading_structure_of(transaction, row->get<ExamId>(0));
  if (!structure) return tl::unexpected(structure.error());
  FinalCopy copy;
  copy.id = id;
  copy.anonymous_id = row->get<std::string>(2);
  copy.appreciation = row->get<std::string>(3);
  copy.pdf = row->get<std::string>(4);
  copy.masked_pdf = row->get<std::string>(5);
  copy.graded_at = row->get<UtcTime>(6);
  copy.exam_name = row->get<std::string>(7);
  copy.subject = row->get<std::string>(8);
  const auto date = Date::parse(row->get<std::string>(9));
  copy.date = date ? date->french() : "";
  if (!row->is_null(10)) copy.student = student_of(*row);
  copy.structure = *structure;
  copy.marks = grading::marks_of(transaction, id, copy.structure);
  copy.marks.total = row->get<std::int64_t>(13);
  copy.marks.maximum = row->get<std::int64_t>(14);
  copy.remarks = grading::remarks_of(transaction, id);
  copy.annotations = grading::list_annotations(transaction, id, kAllAnnotations, 0).annotations;
  return copy;
}

bool put_final_pdfs(Transaction& transaction, const FinalCopy& copy, const std::string& pdf,
                    const std::string& masked_pdf) {
  return transaction.execute(kPut, copy.id, pdf, masked_pdf, copy.graded_at, copy.marks.total, copy.marks.maximum) == 1;
}

}  // namespace korrigo::publication
