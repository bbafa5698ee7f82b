#include "exams/grading_structure.h"

#include <boost/json/object.hpp>

#include "exams/grading_structure_reader.h"
#include "exams/marks.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;

bool find_path(const std::vector<Question>& questions, std::string_view id, std::vector<const Question*>& path) {
  for (const Question& question : questions) {
    path.push_back(&question);
    if (question.id == id || find_path(question.children, id, path)) return true;
    path.pop_back();
  }
  return false;
}

std::vector<const Question*> path_of(const GradingStructure& structure, std::string_view id) {
  std::vector<const Question*> path;
  find_path(structure.questions, id, path);
  return path;
}

json::array list_json(const std::vector<Question>& questions) {
  json::array all;
  for (const Question& question : questions) {
    json::object node{{"id", question.id}, {"label", question.label}, {"points", points_json(question.points)}};
    if (question.bonus) node["bonus"] = true;
    if (question.best) node["best"] = *question.best;
    if (!question.is_leaf()) node["children"] = list_json(question.children);
    all.push_back(std::move(node));
  }
  return all;
}

}  // namespace

std::int64_t GradingStructure::maximum() const {
  if (is_empty()) return kDefaultMaximum;
  std::int64_t sum = 0;
  for (const Question& question : questions)
    if (!question.bonus) sum += question.points;
  return sum;
}

const Question* GradingStructure::find(std::string_view id) const {
  const auto path = path_of(*this, id);
  return path.empty() ? nullptr : path.back();
}

const Question* GradingStructure::exercise_of(std::string_view id) const {
  const auto path = path_of(*this, id);
  return path.empty() ? nullptr : path.front();
}

std::vector<std::string> GradingStructure::path_to(std::string_view id) const {
  std::vector<std::string> ids;
  for (const Question* question : path_of(*this, id)) ids.push_back(question->id);
  return ids;
}

Result<GradingStructure> read_grading_structure(const json::array& structure) {
  GradingStructureReader reader;
  GradingStructure read;
  read.questions = reader.read_all(structure);
  std::vector<std::string> faults = reader.faults();
  if (faults.empty()) return read;
  Error error{ErrorKind::invalid_input, "bareme.invalid", "The grading structure is not valid: " + faults[0]};
  error.field = "grading_structure";
  error.details = std::move(faults);
  return tl::unexpected(std::move(error));
}

json::array grading_structure_json(const GradingStructure& structure) {
  return list_json(structure.questions);
}

}  // namespace korrigo::exams
