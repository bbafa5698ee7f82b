/// Points per question, and what they make of a copy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exams/total.h"
#include "grading/desk.h"

namespace korrigo::grading {

/// By question; nothing takes the score away.
using ScoreChanges = std::map<std::string, std::optional<std::int64_t>, std::less<>>;

exams::Scores scores_of(storage::Transaction& transaction, const CopyId& copy);

/// All of them or none; questions that are not named keep their score. Refuses as exams::check_score(), and with
/// forbidden "lock.wrong_scope".
Result<void> set_scores(storage::Transaction& transaction, const Desk& desk, const ScoreChanges& changes);

struct Marks {
  exams::Scores scores;
  std::int64_t total = 0;    // hundredths, as exams::total_of()
  std::int64_t maximum = 0;  // hundredths
  std::vector<std::string> unscored;
};
/// As the copy stands now.
Marks marks_of(storage::Transaction& transaction, const CopyId& copy, const exams::GradingStructure& structure);

}  // namespace korrigo::grading
