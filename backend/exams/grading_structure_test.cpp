#include "exams/grading_structure.h"

#include <gmock/gmock.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "base/random.h"
#include "exams/marks.h"
#include "exams/total.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

json::array parsed(std::string_view text) {
  return json::parse(text).as_array();
}
std::string fault_of(std::string_view text) {
  const auto read = read_grading_structure(parsed(text));
  return read ? "" : read.error().details.at(0);
}
GradingStructure structure_of(std::string_view text) {
  return read_grading_structure(parsed(text)).value();
}

TEST(GradingStructures, add_up) {
  EXPECT_EQ(fault_of("[]"), "");
  EXPECT_EQ(fault_of(R"([{"id":"e","label":"E","points":10,"children":[{"id":"a","label":"A","points":2.75},
                         {"id":"b","label":"B","points":7.25}]}])"),
            "");
  EXPECT_THAT(fault_of(R"([{"id":"e","label":"E","points":10,"children":[{"id":"a","label":"A","points":3},
                           {"id":"b","label":"B","points":6}]}])"),
              HasSubstr("has 10.00 points, its parts have 9.00"));
  EXPECT_EQ(fault_of(R"([{"id":"e","label":"E","points":7,"best":2,"children":[{"id":"a","label":"A","points":3},
                         {"id":"b","label":"B","points":4},{"id":"c","label":"C","points":2}]}])"),
            "")
      << "the two highest";
  EXPECT_EQ(fault_of(R"([{"id":"e","label":"E","points":3,"children":[{"id":"a","label":"A","points":3},
                         {"id":"b","label":"B","points":1,"bonus":true}]}])"),
            "");
}

TEST(GradingStructures, name_what_is_wrong_203) {
  EXPECT_THAT(fault_of(R"([{"id":"a","label":"A","points":1},{"id":"a","label":"A","points":1}])"), HasSubstr("twice"));
  EXPECT_THAT(fault_of(R"([{"label":"A","points":1}])"), HasSubstr("Item 1: has no id"));
  EXPECT_THAT(fault_of(R"([{"id":"a","points":1}])"), HasSubstr("Item 1: has no label"));
  EXPECT_THAT(fault_of(R"([{"id":"a","label":"A","points":-1}])"), HasSubstr("points must be"));
  EXPECT_THAT(fault_of(R"([{"id":"a","label":"A","points":1.001}])"), HasSubstr("points must be"));
  EXPECT_THAT(fault_of(R"([{"id":"a","label":"A","points":"two"}])"), HasSubstr("points must be"));
  EXPECT_THAT(fault_of(R"([{"id":"a","label":"A"}])"), HasSubstr("points must be"));
  EXPECT_THAT(fault_of(R"([{"id":"a","label":"A","points":1,"children":{}}])"), HasSubstr("no list"));
  EXPECT_THAT(fault_of(R"([7])"), HasSubstr("no object"));
  const std::string_view child =
      R"([{"id":"e","label":"E","points":3,%,"children":[{"id":"a","label":"A","points":3}]}])";
  for (const char* flag : {R"("best":0)", R"("best":2)", R"("best":1.5)"}) {
    std::string text(child);
    EXPECT_THAT(fault_of(text.replace(text.find('%'), 1, flag)), HasSubstr("best must be"));
  }
  std::string text(child);
  EXPECT_THAT(fault_of(text.replace(text.find('%'), 1, R"("bonus":true)")), HasSubstr("can be a bonus"));
  std::string deep = R"({"id":"x","label":"X","points":1})";
  for (int i = 0; i < 12; ++i) deep = fmt::format(R"({{"id":"d{}","label":"D","points":1,"children":[{}]}})", i, deep);
  EXPECT_THAT(fault_of("[" + deep + "]"), HasSubstr("Deeper"));
}

TEST(GradingStructures, in_old_spellings_are_rewritten) {
  const auto read = structure_of(R"([
    {"question": 1, "title": "Algèbre", "max_score": 5, "sub_questions": [{"question": "a", "max_score": 2.5},
                                                                         {"question": "b", "max_score": 2.5}]},
    {"question": 2, "title": "Analyse", "sub_questions": [{"question": "a", "max_score": 3}]},
    {"name": "Soin", "max": 1}])");
  EXPECT_EQ(grading_structure_json(read), parsed(R"([
    {"id": "1", "label": "Algèbre", "points": 5, "children": [{"id": "a", "label": "a", "points": 2.5},
                                                              {"id": "b", "label": "b", "points": 2.5}]},
    {"id": "2", "label": "Analyse", "points": 3, "children": [{"id": "2.a", "label": "a", "points": 3}]},
    {"id": "Soin", "label": "Soin", "points": 1}])"));
  EXPECT_EQ(read.maximum(), 900);
  EXPECT_EQ(grading_structure_json(structure_of(json::serialize(grading_structure_json(read)))),
            grading_structure_json(read));
}

TEST(GradingStructures, find_their_questions) {
  const auto read = structure_of(R"([{"id":"e","label":"E","children":[{"id":"a","label":"A","points":3}]}])");
  EXPECT_EQ(read.find("a")->points, 300);
  EXPECT_EQ(read.find("x"), nullptr);
  EXPECT_EQ(read.exercise_of("a")->id, "e");
  EXPECT_THAT(read.path_to("a"), ElementsAre("e", "a"));
  EXPECT_THAT(read.path_to("x"), IsEmpty());
}

TEST(Marks, are_whole_hundredths) {
  EXPECT_EQ(hundredths_of(2.75), 275);
  EXPECT_EQ(hundredths_of(-1), -100);
  EXPECT_EQ(hundredths_of(0.29), 29);
  EXPECT_EQ(hundredths_of(1.005), std::nullopt);
  EXPECT_EQ(hundredths_of("2"), std::nullopt);
  EXPECT_EQ(hundredths_of(1e300), std::nullopt);
  EXPECT_EQ(points_json(std::int64_t{300}), json::value(3));
  EXPECT_EQ(points_json(std::int64_t{1855}), json::value(18.55));
  EXPECT_EQ(shown(-50), "-0.50");
}

TEST(Scores, are_checked_against_the_structure_192_193) {
  auto structure = structure_of(R"([{"id":"e","label":"E","children":[{"id":"a","label":"A","points":3.1}]}])");
  EXPECT_TRUE(check_score(structure, "a", 0));
  EXPECT_TRUE(check_score(structure, "a", 275));
  EXPECT_TRUE(check_score(structure, "a", 310)) << "all of it, whatever the step";
  EXPECT_EQ(check_score(structure, "a", 311).error().code, "score.out_of_range");
  EXPECT_EQ(check_score(structure, "a", -25).error().code, "score.out_of_range");
  EXPECT_EQ(check_score(structure, "a", 110).error().code, "score.step");
  EXPECT_EQ(check_score(structure, "e", 100).error().code, "score.unknown_question");
  EXPECT_EQ(check_score(structure, "x", 100).error().code, "score.unknown_question");
  EXPECT_TRUE(check_score({}, "whatever", 100));
}

TEST(Totals, take_the_sum_of_deltas_without_scores_and_scores_before_deltas_218_219) {
  const auto structure = structure_of(R"([{"id":"a","label":"A","points":10},{"id":"b","label":"B","points":10}])");
  const std::vector<Delta> deltas = {{{}, 500}, {{}, -200}};
  EXPECT_EQ(total_of({}, {}, deltas), 300);
  EXPECT_EQ(total_of(structure, {}, deltas), 300);
  EXPECT_EQ(total_of(structure, {{"a", 400}}, {{"a", 500}, {"b", 100}}), 500) << "linked to a scored leaf: shown only";
  EXPECT_EQ(total_of(structure, {{"a", 1000}, {"b", 1000}}, deltas), 2000);
  EXPECT_EQ(total_of(structure, {}, {{{}, -200}}), 0);
}

TEST(Totals, say_what_is_left_to_score) {
  const auto structure = structure_of(R"([
    {"id":"e","label":"E","best":1,"children":[{"id":"x","label":"X","points":2},{"id":"y","label":"Y","children":[
      {"id":"y1","label":"1","points":1},{"id":"y2","label":"2","points":1}]}]},
    {"id":"b","label":"B","points":1,"bonus":true}, {"id":"z","label":"Z","points":1}])");
  EXPECT_THAT(unscored(structure, {}), ElementsAre("x", "y1", "y2", "z"));
  EXPECT_THAT(unscored(structure, {{"x", 0}}), ElementsAre("z"));
  EXPECT_THAT(unscored(structure, {{"y1", 0}, {"z", 0}}), ElementsAre("x", "y2"));
  EXPECT_THAT(unscored(structure, {{"y1", 0}, {"y2", 100}, {"z", 0}}), IsEmpty());
}

// The slow way: every choice of children of every parent is tried, in JSON, with whole numbers.
std::int64_t slow_value(const json::object& node, const Scores& scores) {
  const json::value* children = node.if_contains("children");
  if (children == nullptr) {
    const auto found = scores.find(std::string_view(node.at("id").as_string()));
    return found == scores.end() ? 0 : found->second;
  }
  std::vector<std::int64_t> values;
  std::int64_t bonuses = 0;
  for (const json::value& child : children->as_array()) {
    const std::int64_t value = slow_value(child.as_object(), scores);
    if (child.as_object().contains("bonus"))
      bonuses += value;
    else
      values.push_back(value);
  }
  const std::size_t counted =
      node.contains("best") ? static_cast<std::size_t>(node.at("best").as_int64()) : values.size();
  std::int64_t best = 0;
  for (std::size_t choice = 0; choice < (std::size_t{1} << values.size()); ++choice) {
    std::int64_t sum = 0;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((choice >> i & 1) == 0) continue;
      sum += values[i];
      ++taken;
    }
    if (taken <= counted) best = std::max(best, sum);
  }
  return best + bonuses;
}

struct Drawn {
  json::array structure;
  std::vector<std::string> leaves;
  int nodes = 0;
};

json::object draw(Random& random, Drawn& drawn, int depth) {
  const std::string id = fmt::format("n{}", drawn.nodes++);
  json::object node{{"id", id}, {"label", id}};
  if (depth == 3 || random.chance(0.4)) {
    node["points"] = random.integer(0, 16) / 4.0;
    if (depth > 0 && random.chance(0.2)) node["bonus"] = true;
    drawn.leaves.push_back(id);
    return node;
  }
  json::array children;
  int counted = 0;
  for (int i = random.integer(1, 4); i > 0; --i) {
    children.push_back(draw(random, drawn, depth + 1));
    if (!children.back().as_object().contains("bonus")) ++counted;
  }
  if (counted > 0 && random.chance(0.5)) node["best"] = random.integer(1, counted);
  node["children"] = std::move(children);
  return node;
}

TEST(Totals, take_a_score_from_a_time_of_more_points_as_all_there_is_and_as_open) {
  const GradingStructure structure = structure_of(R"([{"id": "a", "label": "A", "points": 5},
    {"id": "soin", "label": "Soin", "points": 1, "bonus": true}, {"id": "b", "label": "B", "points": 15}])");
  const Scores scores = {{"a", 700}, {"soin", 300}, {"b", 200}};
  EXPECT_EQ(total_of(structure, scores, {}), 800);
  EXPECT_THAT(unscored(structure, scores), ElementsAre("a"));
}

TEST(Totals, agree_with_a_slow_recomputation) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    Drawn drawn;
    for (int i = random.integer(1, 4); i > 0; --i) drawn.structure.push_back(draw(random, drawn, 0));
    const auto structure = read_grading_structure(drawn.structure);
    ASSERT_TRUE(structure) << structure.error().message;
    Scores scores;
    for (const std::string& leaf : drawn.leaves)
      if (random.chance(0.7))
        scores[leaf] = 25 * random.integer(0, static_cast<int>(structure->find(leaf)->points / 25));
    if (random.chance(0.2)) scores["gone"] = 100;
    std::vector<Delta> deltas;
    for (int i = random.integer(0, 4); i > 0; --i) {
      std::optional<std::string> linked;
      if (random.chance(0.5)) linked = random.pick(std::span(drawn.leaves));
      deltas.push_back({linked, 25 * random.integer(-12, 12)});
    }
    std::int64_t expected = 0, maximum = 0;
    for (const json::value& node : drawn.structure) {
      expected += slow_value(node.as_object(), scores);
      Scores all;
      const std::set<std::string> leaves(drawn.leaves.begin(), drawn.leaves.end());
      for (const std::string& leaf : leaves)
        if (!structure->find(leaf)->bonus) all[leaf] = structure->find(leaf)->points;
      maximum += slow_value(node.as_object(), all);
    }
    for (const Delta& delta : deltas)
      if (!delta.question || !scores.contains(*delta.question)) expected += delta.points;
    EXPECT_EQ(structure->maximum(), maximum) << json::serialize(drawn.structure);
    EXPECT_EQ(total_of(*structure, scores, deltas), std::clamp(expected, std::int64_t{0}, maximum))
        << json::serialize(drawn.structure);
  }
}

}  // namespace
}  // namespace korrigo::exams
