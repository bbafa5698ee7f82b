#include "grading/operation.h"

#include "grading/grading_tests.h"

namespace korrigo::grading {
namespace {

using testing::ElementsAre;

class Operations : public GradingTest {
 protected:
  static Operation operation(std::string_view json) {
    Operation made = boost::json::parse(json).as_object();
    made["id"] = make_uuid_v4();
    return made;
  }
  static Operation scoring(std::string_view question, std::string_view base, std::string_view points) {
    return operation(
        fmt::format(R"({{"kind":"score","question_id":"{}","base":{},"points":{}}})", question, base, points));
  }
  Result<std::vector<LoggedOperation>> send(const Marker& who, const std::vector<Operation>& operations) {
    return run([&](Transaction& t) { return apply_operations(t, copy, who, operations, clock.now()); });
  }
  /// Outcome of each, with the reason.
  std::vector<std::string> outcomes(const Marker& who, const std::vector<Operation>& operations) {
    const auto all = send(who, operations);
    if (!all) return {all.error().code};
    std::vector<std::string> told;
    for (const LoggedOperation& logged : *all)
      told.push_back(std::string(name_of(logged.outcome)) + (logged.reason.empty() ? "" : " ") + logged.reason);
    return told;
  }
  std::int64_t points(const std::string& question) { return marks(copy).scores.at(question); }
};
KORRIGO_ON_BOTH_ENGINES(Operations);

TEST_P(Operations, are_applied_once_and_in_order) {
  const Marker desk = locking(marie, copy, {.offline = true});
  const std::string annotation = make_uuid_v4();
  const std::vector<Operation> sent = {
      scoring("q1", "null", "2"),
      scoring("q1", "2", "3.5"),
      operation(R"({"kind":"remark","question_id":"q1","base":null,"remark":"Bien"})"),
      operation(R"({"kind":"appreciation","base":"","global_appreciation":"Encourageant"})"),
      operation(fmt::format(R"({{"kind":"create_annotation","annotation_id":"{}","page_index":0,"x":0.1,"y":0.1,"w":0.2,
        "h":0.1,"type":"COMMENT","content":"ici"}})",
                            annotation)),
      operation(fmt::format(R"({{"kind":"change_annotation","annotation_id":"{}","base_version":1,"content":"là"}})",
                            annotation))};
  EXPECT_THAT(outcomes(desk, sent), testing::Each("APPLIED"));
  EXPECT_EQ(points("q1"), 350);
  const auto first_scores = events(copy, "SCORE");
  const auto again = send(desk, sent);
  ASSERT_TRUE(again);
  for (const LoggedOperation& logged : *again) EXPECT_TRUE(logged.is_replay);
  EXPECT_EQ(points("q1"), 350);
  EXPECT_EQ(events(copy, "SCORE"), first_scores);
  EXPECT_EQ(events(copy, "CREATE_ANN"), 1);
  const auto page = run([&](Transaction& t) { return list_operations(t, copy, {}, 50, 0); });
  EXPECT_EQ(page.count, 6);
  EXPECT_EQ(page.operations.front().operation, sent.front());
}

TEST_P(Operations, that_come_after_the_lease_count_unless_somebody_else_wrote) {
  const Marker desk = locking(marie, copy, {.offline = true});
  ASSERT_TRUE(score(desk, copy, {{"q1", 100}, {"q2", 100}}));
  clock.advance(kOfflineLease);
  const Marker other = locking(office_marker, copy);
  ASSERT_TRUE(score(other, copy, {{"q1", 400}}));
  EXPECT_THAT(outcomes(desk, {scoring("q2", "1", "2")}), ElementsAre("CONFLICT lock.taken"));
  run([&](Transaction& t) { EXPECT_TRUE(release_lock(t, copy, other, clock.now())); });
  EXPECT_THAT(outcomes(desk, {scoring("q1", "1", "2"), scoring("q2", "1", "3"), scoring("q1", "1", "4")}),
              ElementsAre("CONFLICT operation.base", "APPLIED", "APPLIED"))
      << "what stands there already is no conflict";
  EXPECT_EQ(points("q1"), 400) << "no mark is lost";
  EXPECT_EQ(points("q2"), 300);
}

TEST_P(Operations, in_conflict_are_settled_by_a_person) {
  const Marker desk = locking(marie, copy);
  ASSERT_TRUE(score(desk, copy, {{"q1", 400}, {"q2", 0}, {"ex2", 0}}));
  const std::vector<Operation> sent = {scoring("q1", "1", "2"), scoring("q1", "1", "3")};
  EXPECT_THAT(outcomes(desk, sent), ElementsAre("CONFLICT operation.base", "CONFLICT operation.base"));
  EXPECT_EQ(code(end(desk, copy)), "copy.open_conflicts");
  const auto settle = [&](const Marker& who, int which, bool apply) {
    const std::string id(sent[static_cast<std::size_t>(which)].at("id").as_string());
    return run([&](Transaction& t) { return settle_conflict(t, copy, who, id, apply, clock.now()); });
  };
  EXPECT_EQ(code(settle(marie, 0, true)), "lock.required");
  EXPECT_EQ(settle(desk, 0, true)->outcome, Outcome::applied);
  EXPECT_EQ(points("q1"), 200);
  EXPECT_EQ(settle(marie, 1, false)->outcome, Outcome::dismissed);
  EXPECT_EQ(code(settle(desk, 1, true)), "operation.settled");
  EXPECT_TRUE(end(desk, copy));
}

TEST_P(Operations, are_kept_when_the_copy_is_marked_or_another_s) {
  const Marker desk = locking(marie, copy);
  ASSERT_TRUE(score(desk, copy, {{"q1", 400}, {"q2", 0}, {"ex2", 0}}));
  ASSERT_TRUE(end(desk, copy));
  EXPECT_THAT(outcomes(desk, {scoring("q2", "0", "1")}), ElementsAre("CONFLICT copy.graded"));
  static constexpr storage::Statement kGive{"test.give", "UPDATE copy SET assigned_corrector_id = $2 WHERE id = $1"};
  sql(kGive, copy, paul.user);
  EXPECT_THAT(outcomes(desk, {scoring("q2", "0", "2")}), ElementsAre("CONFLICT copy.transferred"));
  const Marker stranger{add_user("anna", "TEACHER"), false, {}};
  EXPECT_THAT(outcomes(stranger, {scoring("q2", "0", "2")}), ElementsAre("auth.forbidden"));
}

TEST_P(Operations, that_could_never_be_written_say_why) {
  const Marker desk = locking(marie, copy);
  EXPECT_THAT(
      outcomes(desk, {scoring("q1", "null", "99"), scoring("q1", "null", "\"two\""), operation(R"({"kind":"fly"})"),
                      scoring("q1", "null", "1")}),
      ElementsAre("REFUSED score.out_of_range", "REFUSED operation.invalid", "REFUSED operation.invalid", "APPLIED"));
}

}  // namespace
}  // namespace korrigo::grading
