/// A marked copy as its final PDF shows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exams/grading_structure.h"
#include "grading/annotation.h"
#include "grading/remark.h"
#include "grading/score.h"

namespace korrigo::publication {

struct FinalCopy {
  CopyId id;
  std::string anonymous_id;
  std::optional<std::string> student;  // "Prénom NOM, classe"; nothing while nobody knows whose it is
  std::string exam_name, subject, date;
  exams::GradingStructure structure;
  grading::Marks marks;
  std::vector<grading::Remark> remarks;
  std::string appreciation;
  std::vector<grading::Annotation> annotations;  // by page
  std::string pdf, masked_pdf;                   // keys of the files it is made from
  UtcTime graded_at{};
};

/// Refuses with not_found "copy.not_found", conflict "copy.not_graded", not_found "copy.no_pdf" while the copy's own
/// PDFs are not there.
Result<FinalCopy> read_final_copy(storage::Transaction& transaction, const CopyId& copy);

/// Both files become the copy's, unless it has changed since it was read. False then: the files are nobody's.
bool put_final_pdfs(storage::Transaction& transaction, const FinalCopy& copy, const std::string& pdf,
                    const std::string& masked_pdf);

}  // namespace korrigo::publication
