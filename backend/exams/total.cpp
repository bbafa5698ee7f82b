#include "exams/total.h"

#include <fmt/format.h>
#include <algorithm>
#include <numeric>

#include "exams/marks.h"

namespace korrigo::exams {
namespace {

bool is_scored_leaf(const GradingStructure& structure, const Scores& scores, const std::string& id) {
  if (!scores.contains(id)) return false;
  if (structure.is_empty()) return true;
  const Question* question = structure.find(id);
  return question != nullptr && question->is_leaf();
}

std::vector<std::string> unscored_in(const Question& question, const Scores& scores) {
  if (question.is_leaf()) {
    const auto score = scores.find(question.id);
    const bool is_scored = score != scores.end() && score->second <= question.points;
    return question.bonus || is_scored ? std::vector<std::string>() : std::vector{question.id};
  }
  std::vector<std::string> missing;
  int complete = 0;
  for (const Question& child : question.children) {
    const auto of_child = unscored_in(child, scores);
    if (of_child.empty() && !child.bonus) ++complete;
    missing.insert(missing.end(), of_child.begin(), of_child.end());
  }
  if (question.best && complete >= *question.best) missing.clear();
  return missing;
}

tl::unexpected<Error> refuse_score(std::string code, std::string message) {
  Error error{ErrorKind::malformed, std::move(code), std::move(message)};
  error.field = "scores_data";
  return tl::unexpected(std::move(error));
}

}  // namespace

std::int64_t value_of(const Question& question, const Scores& scores) {
  if (question.is_leaf()) {
    const auto found = scores.find(question.id);
    return found == scores.end() ? 0 : std::min(found->second, question.points);
  }
  std::int64_t bonuses = 0;
  std::vector<std::int64_t> values;
  for (const Question& child : question.children) {
    const std::int64_t value = value_of(child, scores);
    if (child.bonus)
      bonuses += value;
    else
      values.push_back(value);
  }
  std::sort(values.begin(), values.end(), std::greater<>());
  if (question.best) values.resize(std::min(values.size(), static_cast<std::size_t>(*question.best)));
  return std::accumulate(values.begin(), values.end(), bonuses);
}

std::int64_t added_points(const GradingStructure& structure, const Scores& scores, const std::vector<Delta>& deltas) {
  std::int64_t sum = 0;
  for (const Delta& delta : deltas)
    if (!delta.question || !is_scored_leaf(structure, scores, *delta.question)) sum += delta.points;
  return sum;
}

std::int64_t total_of(const GradingStructure& structure, const Scores& scores, const std::vector<Delta>& deltas) {
  std::int64_t sum = added_points(structure, scores, deltas);
  for (const Question& question : structure.questions) sum += value_of(question, scores);
  if (structure.is_empty())
    for (const auto& [id, points] : scores) sum += points;
  return std::clamp(sum, std::int64_t{0}, structure.maximum());
}

std::vector<std::string> unscored(const GradingStructure& structure, const Scores& scores) {
  std::vector<std::string> missing;
  for (const Question& question : structure.questions) {
    const auto of_question = unscored_in(question, scores);
    missing.insert(missing.end(), of_question.begin(), of_question.end());
  }
  return missing;
}

Result<void> check_score(const GradingStructure& structure, std::string_view id, std::int64_t points) {
  const Question* question = structure.find(id);
  if (!structure.is_empty() && (question == nullptr || !question->is_leaf()))
    return refuse_score("score.unknown_question", fmt::format("There is no such question: {}.", id.substr(0, 60)));
  const std::int64_t most = question != nullptr ? question->points : kDefaultMaximum;
  if (points < 0 || points > most)
    return refuse_score("score.out_of_range",
                        fmt::format("Question {} takes 0 to {} points.", id.substr(0, 60), shown(most)));
  if (points % structure.step != 0 && points != most)
    return refuse_score("score.step", fmt::format("Marks go by steps of {}.", shown(structure.step)));
  return {};
}

}  // namespace korrigo::exams
