/// What a copy is worth. Interface, PDF, statistics and exports all ask here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "exams/grading_structure.h"

namespace korrigo::exams {

using Scores = std::map<std::string, std::int64_t, std::less<>>;  // hundredths by question

struct Delta {
  std::optional<std::string> question = {};
  std::int64_t points = 0;  // hundredths, up or down
};

/// Points of annotations that are added to the scores: those linked to no question that has a score. Where there is
/// one, the score says it all.
std::int64_t added_points(const GradingStructure& structure, const Scores& scores, const std::vector<Delta>& deltas);

/// Scores of the leaves - of a parent with `best` only those of its best children, bonuses on top - plus
/// added_points(), held within 0 and the maximum. Scores of what is no leaf count nothing, scores from a time when the
/// question took more count as all it takes. Without barème every score counts.
std::int64_t total_of(const GradingStructure& structure, const Scores& scores, const std::vector<Delta>& deltas);

/// What one question brings by its scores alone; of a parent with all it holds.
std::int64_t value_of(const Question& question, const Scores& scores);

/// Leaves that have to be scored before the copy is done: all but bonuses and what `best` makes unnecessary. A score
/// above what the question takes by now is none.
std::vector<std::string> unscored(const GradingStructure& structure, const Scores& scores);

/// Refuses with malformed, field "scores_data":
///   "score.unknown_question"  no leaf of the barème
///   "score.out_of_range"      below 0 or above the question's points
///   "score.step"              no multiple of the barème's step, nor all points of the question
/// Without barème every id is good, and points from 0 to kDefaultMaximum.
Result<void> check_score(const GradingStructure& structure, std::string_view question, std::int64_t points);

}  // namespace korrigo::exams
