/// Figures of an exam's marked copies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exams/grading_structure.h"
#include "publication/spread.h"
#include "storage/database.h"

namespace korrigo::publication {

/// Points of one question over the copies that have some.
struct QuestionFigures {
  std::string id, label;
  std::int64_t maximum = 0;  // hundredths
  Spread spread;
  std::int64_t none = 0, all = 0;        // copies with no point, and with every point
  std::optional<double> difficulty;      // share of the points that was reached, 0..1: 1 is easy
  std::optional<double> discrimination;  // correlation with the rest of the copy's total, -1..1
};

struct GroupFigures {
  std::string name;                 // of a class, or of a corrector
  std::optional<UserId> corrector;  // whose lot
  Spread totals;
};

struct Statistics {
  std::int64_t maximum = 0;  // hundredths
  Spread totals;
  std::vector<QuestionFigures> questions;
  std::vector<GroupFigures> classes, correctors;
  /// Cronbach's alpha over the questions; a question without score counts as 0. Nothing with fewer than two questions
  /// or copies, or when all copies are equal.
  std::optional<double> reliability;
};

/// Of all marked copies, or of one corrector's. A lot is told by nobody's class: correctors do not know whose copies
/// they have. Reads one row for each copy (copy_scores), which it puts together where it is missing or old.
Statistics statistics_of(storage::Database& database, const ExamId& exam, const exams::GradingStructure& structure,
                         std::optional<UserId> corrector);

}  // namespace korrigo::publication
