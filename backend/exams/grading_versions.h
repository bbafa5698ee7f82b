/// The barèmes an exam has had.
#pragma once

#include "exams/exam.h"

namespace korrigo::exams {

struct GradingVersion {
  std::int64_t version = 1;  // 1, 2, 3, ...
  boost::json::array grading_structure;
  std::int64_t mark_step = kDefaultStep;  // hundredths
  std::optional<UserId> created_by;
  UtcTime created_at{};
};

/// Keeps the exam's barème as its next version.
void keep_version(storage::Transaction&, const Exam&, std::optional<UserId> by, UtcTime now);
/// The latest first; never empty.
std::vector<GradingVersion> versions_of(storage::Transaction&, const ExamId&);
std::int64_t latest_version(storage::Transaction&, const ExamId&);

/// Whether points were given on a copy of the exam, as scores or by annotations.
bool is_marked(storage::Transaction&, const ExamId&);

/// The barème alone, whatever was marked by it: grading/regrading.h says first what that moves. Refuses as
/// change_exam().
Result<Exam> set_grading_structure(storage::Transaction&, const ExamId&, const boost::json::array& structure,
                                   std::int64_t mark_step, std::optional<UserId> by, UtcTime now);

}  // namespace korrigo::exams
