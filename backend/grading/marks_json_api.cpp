#include "grading/marks_json_api.h"

#include <boost/json/array.hpp>

#include "exams/marks.h"

namespace korrigo::grading {

namespace json = boost::json;

json::object marks_json(const Marks& marks) {
  json::object scores;
  for (const auto& [question, points] : marks.scores) scores[question] = exams::points_json(points);
  json::array unscored;
  for (const std::string& question : marks.unscored) unscored.emplace_back(question);
  return {{"scores_data", std::move(scores)},
          {"total", exams::points_json(marks.total)},
          {"maximum", exams::points_json(marks.maximum)},
          {"unscored", std::move(unscored)}};
}

}  // namespace korrigo::grading
