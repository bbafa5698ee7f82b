/// Exams with their counters, for lists and pages: a fixed number of statements however many exams are shown.
#pragma once

#include <array>

#include "exams/exam.h"

namespace korrigo::exams {

/// In the order of data-model.md.
constexpr std::array<std::string_view, 6> kCopyStatuses = {"STAGING", "READY",      "LOCKED",
                                                           "GRADED",  "QUARANTINE", "GRADING_FAILED"};

struct ExamCounts {
  std::array<std::int64_t, kCopyStatuses.size()> copies_by_status{};
  std::int64_t copies = 0;
  std::int64_t identified = 0;
  std::int64_t students = 0;  // on the roster
  std::int64_t sources = 0;
  std::optional<TaskId> last_batch;  // that runs or ran last
  bool busy = false;                 // a task works on it
};

struct CountedExam {
  Exam exam;
  ExamCounts counts;
};

Result<CountedExam> find_counted_exam(storage::Transaction&, const ExamId&);

enum class ExamOrder { date, name, created_at, status };

struct ExamFilter {
  std::string search = {};  // words that all occur in name or subject, without accents or case
  std::optional<ExamStatus> status = {};
  ExamOrder order = ExamOrder::date;
  bool descending = true;
  int page = 1;  // from 1
  int page_size = 50;
};

struct ExamPage {
  std::vector<CountedExam> exams;
  std::int64_t count = 0;  // over all pages
};

ExamPage list_exams(storage::Transaction&, const ExamFilter&);

}  // namespace korrigo::exams
