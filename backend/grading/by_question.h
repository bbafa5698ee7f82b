/// One question across all copies of an exam.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grading/desk.h"

namespace korrigo::grading {

struct QuestionOnCopy {
  CopyId copy;
  std::string anonymous_id;
  std::string status;
  std::optional<std::int64_t> points;  // hundredths
  std::optional<std::string> remark;
  std::int64_t annotations = 0;  // linked to the question
  bool is_locked_by_other = false;
};

struct QuestionFilter {
  std::optional<bool> is_scored = {};
  int page_size = 50;
  std::int64_t offset = 0;
};

struct QuestionPage {
  std::vector<QuestionOnCopy> copies;  // by anonymous id
  std::int64_t count = 0;              // over all pages
};

/// Copies that can be marked or have been: all for an admin, for a corrector those assigned as a whole or for the
/// question's exercise. Refuses as require_marker_of(), and with not_found "question.not_found".
Result<QuestionPage> copies_by_question(storage::Transaction& transaction, const ExamId& exam,
                                        const std::string& question, const Marker& marker, const QuestionFilter& filter,
                                        UtcTime now);

}  // namespace korrigo::grading
