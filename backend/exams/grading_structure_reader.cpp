#include "exams/grading_structure_reader.h"

#include <fmt/format.h>
#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "exams/marks.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxIdBytes = 255;
constexpr std::size_t kFaultsListed = 50;

const json::value* first_of(const json::object& node, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const json::value* value = node.if_contains(name);
    if (value != nullptr && !value->is_null()) return value;
  }
  return nullptr;
}

/// A text or a whole number as text; empty when it is neither.
std::string text_of(const json::value* value) {
  if (value == nullptr) return {};
  if (value->is_int64()) return std::to_string(value->get_int64());
  return value->is_string() ? normalise(value->get_string()) : std::string();
}

bool is_old_spelling(const json::object& node) {
  return first_of(node, {"question", "title", "max_score", "sub_questions", "name", "max"}) != nullptr;
}

/// What the children bring together: bonuses count in no sum, and only the best where the parent says so.
std::int64_t sum_of(const Question& parent) {
  std::vector<std::int64_t> points;
  for (const Question& child : parent.children)
    if (!child.bonus) points.push_back(child.points);
  std::sort(points.begin(), points.end(), std::greater<>());
  if (parent.best) points.resize(std::min(points.size(), static_cast<std::size_t>(*parent.best)));
  return std::accumulate(points.begin(), points.end(), std::int64_t{0});
}

}  // namespace

std::vector<Question> GradingStructureReader::read_list(const json::array& nodes, const Place& place) {
  std::vector<Question> questions;
  if (place.depth > kMaxGradingDepth) {
    fault(fmt::format("Deeper than {} levels.", kMaxGradingDepth));
    return questions;
  }
  for (std::size_t i = 0; i < nodes.size() && faults_.size() < kFaultsListed; ++i) {
    if (++nodes_ > kMaxGradingNodes) {
      fault(fmt::format("More than {} items.", kMaxGradingNodes));
      return questions;
    }
    read(nodes[i], place, fmt::format("{}{}", place.number, i + 1), questions);
  }
  return questions;
}

void GradingStructureReader::read(const json::value& value, const Place& place, const std::string& number,
                                  std::vector<Question>& questions) {
  if (!value.is_object()) return fault(fmt::format("Item {}: is no object.", number));
  const json::object& node = value.as_object();
  Question question;
  if (!name(node, place, number, question)) return;
  const std::string item = fmt::format("Item {} ({})", number, std::string_view(question.id).substr(0, 40));
  const std::size_t before = faults_.size();
  read_children(node, place, number, question);
  read_flags(node, item, question);
  if (faults_.size() == before) read_points(node, item, question);
  questions.push_back(std::move(question));
}

bool GradingStructureReader::name(const json::object& node, const Place& place, const std::string& number,
                                  Question& question) {
  const std::size_t before = faults_.size();
  question.label = text_of(first_of(node, {"label", "title", "name"}));
  question.id = text_of(first_of(node, {"id", "question"}));
  if (is_old_spelling(node)) {
    if (question.label.empty()) question.label = question.id;
    if (question.id.empty()) question.id = question.label;
    if (ids_.contains(question.id)) question.id = place.parent + "." + question.id;
  }
  if (question.id.empty() || question.id.size() > kMaxIdBytes) fault(fmt::format("Item {}: has no id.", number));
  if (question.label.empty() || code_points(question.label).size() > kMaxLabelCharacters)
    fault(fmt::format("Item {}: has no label.", number));
  if (!question.id.empty() && !ids_.insert(question.id).second)
    fault(fmt::format("Item {} ({}): this id occurs twice.", number, std::string_view(question.id).substr(0, 40)));
  return faults_.size() == before;
}

void GradingStructureReader::read_children(const json::object& node, const Place& place, const std::string& number,
                                           Question& question) {
  const json::value* children = first_of(node, {"children", "sub_questions"});
  if (children == nullptr) return;
  if (!children->is_array()) return fault(fmt::format("Item {}: children is no list.", number));
  question.children = read_list(children->as_array(), {number + ".", question.id, place.depth + 1});
}

void GradingStructureReader::read_flags(const json::object& node, const std::string& item, Question& question) {
  if (const json::value* bonus = first_of(node, {"bonus"})) {
    if (!bonus->is_bool() || (bonus->as_bool() && !question.is_leaf()))
      return fault(fmt::format("{}: only a question without parts can be a bonus.", item));
    question.bonus = bonus->as_bool();
  }
  const json::value* best = first_of(node, {"best"});
  if (best == nullptr) return;
  const auto counted = std::count_if(question.children.begin(), question.children.end(),
                                     [](const Question& child) { return !child.bonus; });
  if (!best->is_int64() || best->as_int64() < 1 || best->as_int64() > counted)
    return fault(fmt::format("{}: best must be a number from 1 to that of its parts.", item));
  question.best = static_cast<int>(best->as_int64());
}

void GradingStructureReader::read_points(const json::object& node, const std::string& item, Question& question) {
  const json::value* given = first_of(node, {"points", "max_score", "max"});
  if (given == nullptr && !question.is_leaf()) {
    question.points = sum_of(question);
    return;
  }
  const auto exact = given != nullptr ? hundredths_of(*given) : std::nullopt;
  if (!exact || *exact < 0)
    return fault(fmt::format("{}: points must be a number from 0 on, in hundredths at most.", item));
  question.points = *exact;
  if (question.is_leaf() || sum_of(question) == question.points) return;
  fault(fmt::format("{}: has {} points, its parts have {} together.", item, shown(question.points),
                    shown(sum_of(question))));
}

}  // namespace korrigo::exams
