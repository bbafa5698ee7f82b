/// The barème: exercises, questions and their points, as a tree of any depth. Its leaves are what is scored.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace korrigo::exams {

constexpr int kMaxGradingDepth = 10;
constexpr std::size_t kMaxGradingNodes = 1000;
constexpr std::size_t kMaxLabelCharacters = 500;
constexpr std::int64_t kDefaultStep = 25;       // hundredths
constexpr std::int64_t kDefaultMaximum = 2000;  // of an exam without barème

struct Question {
  std::string id;  // unique in the tree
  std::string label;
  std::int64_t points = 0;       // hundredths; of a parent, what its children bring together
  bool bonus = false;            // a leaf that comes on top: it is in no sum of points
  std::optional<int> best = {};  // of its children only so many count, the best ones
  std::vector<Question> children = {};

  bool is_leaf() const { return children.empty(); }
};

struct GradingStructure {
  std::vector<Question> questions = {};
  std::int64_t step = kDefaultStep;  // the smallest mark, in hundredths

  /// Without questions every id is a question of its own.
  bool is_empty() const { return questions.empty(); }
  /// What a copy can have at most, in hundredths.
  std::int64_t maximum() const;
  /// Null when there is none of this id.
  const Question* find(std::string_view id) const;
  /// The top-level exercise that holds it; null when nothing does.
  const Question* exercise_of(std::string_view id) const;
  /// The ids from the top-level exercise down to the question itself; empty when there is none.
  std::vector<std::string> path_to(std::string_view id) const;
};

/// Reads a list of {id, label, points, children[], bonus, best}. Also older spellings of a node, whose id is then made
/// of its name where it has none: {question, title, max_score, sub_questions} and {name, max}. A parent's points may
/// be left out. Every node has an id of its own, a label and points >= 0 in hundredths; a parent's points are the sum
/// of its children's without bonuses, of the `best` highest where only those count. Refuses with invalid_input
/// "bareme.invalid", field "grading_structure", one sentence in `details` for each fault, naming the node.
Result<GradingStructure> read_grading_structure(const boost::json::array& structure);
/// In the spelling of today.
boost::json::array grading_structure_json(const GradingStructure& structure);

}  // namespace korrigo::exams
