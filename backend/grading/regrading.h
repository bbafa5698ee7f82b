/// Another barème for copies that are marked: what it would move is told first, then it is applied or not.
#pragma once

#include <boost/json/array.hpp>

#include "grading/finalise.h"

namespace korrigo::grading {

struct BaremeWish {
  boost::json::array grading_structure;     // as exams::read_grading_structure() reads it
  std::optional<std::int64_t> mark_step{};  // hundredths; nothing: as it is
};

struct MovedCopy {
  CopyId copy;
  std::string anonymous_id;
  std::string status;
  std::int64_t total_before = 0, total_after = 0;  // hundredths
  std::vector<std::string> to_score = {};          // questions that would have no score any more, or have none yet
  std::vector<std::string> lost = {};              // questions with a score that would count nowhere
  bool reopened = false;                           // was marked, and would have to be marked on
};

struct MovedQuestion {
  std::string id;
  std::int64_t before = 0, after = 0;  // hundredths
};

/// How many of the copies that are and stay marked reach so many points of 20.
struct Threshold {
  std::int64_t of_20 = 0;  // hundredths
  std::int64_t before = 0, after = 0;
};

struct Regrading {
  std::int64_t version = 0;  // of the barème that would go
  exams::GradingStructure before, after;
  std::vector<std::string> added, removed;  // leaves
  std::vector<MovedQuestion> changed;       // leaves with other points
  std::int64_t marked = 0;                  // copies that hold points, or are marked
  std::int64_t graded = 0;                  // of them GRADED or GRADING_FAILED
  std::vector<MovedCopy> moved;
  std::vector<Threshold> thresholds;
  std::string fingerprint;  // of all this: the consent to it
};

/// Refuses with not_found "exam.not_found", invalid_input "bareme.invalid", malformed "request.invalid" (the step).
Result<Regrading> preview_bareme(storage::Transaction& transaction, const ExamId& exam, const BaremeWish& wish);

/// Makes it so. Scores stay as they were given. Marked copies get their new total and a new final PDF; those that
/// would have questions without score become READY again. Refuses as preview_bareme(), and with conflict
/// "bareme.preview_stale" unless `fingerprint` is that of what would move now, "bareme.released" while the results are
/// out. For Database::write_contended: it holds every copy of the exam.
Result<Regrading> apply_bareme(storage::Transaction& transaction, const ExamId& exam, const BaremeWish& wish,
                               const std::string& fingerprint, const audit::Actor& actor, const Finalised& finalised,
                               UtcTime now);

}  // namespace korrigo::grading
