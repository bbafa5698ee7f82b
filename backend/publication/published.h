/// What a student sees: own marked copies of exams whose results are out.
#pragma once

#include <string>
#include <vector>

#include "exams/exam.h"
#include "grading/annotation.h"
#include "grading/remark.h"
#include "grading/score.h"

namespace korrigo::publication {

struct PublishedCopy {
  CopyId id;
  ExamId exam;
  std::string anonymous_id, exam_name, exam_subject, exam_date;
  exams::GradingStructure structure;
  grading::Marks marks;
  std::vector<grading::Remark> remarks;
  std::string appreciation;
  int page_count = 0;
  bool has_final_pdf = false;
  UtcTime graded_at{}, released_at{};
};

struct PublishedPage {
  std::vector<PublishedCopy> copies;  // the latest exam first
  std::int64_t count = 0;             // over all pages
};

PublishedPage published_copies(storage::Transaction& transaction, StudentId student, int page_size,
                               std::int64_t offset);

/// Refuses with not_found "copy.not_found", forbidden "auth.forbidden" (another student's), "results.not_released".
Result<std::vector<grading::Annotation>> published_annotations(storage::Transaction& transaction, StudentId student,
                                                               const CopyId& copy);

}  // namespace korrigo::publication
