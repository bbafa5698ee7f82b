#include "publication/final_file.h"

#include "copies/file_keys.h"

namespace korrigo::publication {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kFiles{"publication.files", R"(
  SELECT c.status, c.anonymous_id, c.final_pdf_file, c.masked_final_pdf_file, c.student_id, e.results_released_at
  FROM copy c JOIN exam e ON e.id = c.exam_id WHERE c.id = $1)"};

Result<void> may_have(Transaction& transaction, const CopyId& copy, const Row& row, const accounts::Caller& caller) {
  if (!caller.is_student()) return copies::may_see(transaction, copy, {caller.user, caller.is_admin()});
  if (!caller.student || row.get<std::optional<StudentId>>(4) != caller.student)
    return refuse(ErrorKind::forbidden, "auth.forbidden", "This copy is another student's.");
  if (row.is_null(5)) return refuse(ErrorKind::forbidden, "results.not_released", "The results are not out yet.");
  return {};
}

}  // namespace

Result<FinalFile> final_pdf_for(Transaction& transaction, const CopyId& copy, const accounts::Caller& caller) {
  const auto row = transaction.row(kFiles, copy);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  if (auto may = may_have(transaction, copy, *row, caller); !may) return tl::unexpected(may.error());
  if (row->get<std::string>(0) != "GRADED")
    return refuse(ErrorKind::forbidden, "final_pdf.not_graded", "This copy is not marked yet.");
  const std::size_t file = caller.is_teacher() ? 3 : 2;
  if (row->is_null(2) || row->is_null(file))
    return refuse(ErrorKind::not_found, "final_pdf.not_found", "The marked PDF of this copy is being made.");
  return FinalFile{row->get<std::string>(file), row->get<std::string>(1)};
}

}  // namespace korrigo::publication
