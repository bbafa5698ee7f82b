#include "grading/regrading.h"

#include "exams/grading_versions.h"
#include "grading/grading_tests.h"

namespace korrigo::grading {
namespace {

using testing::ElementsAre;

class Regradings : public GradingTest {
 protected:
  static BaremeWish wish(std::string_view structure) { return {boost::json::parse(structure).as_array(), {}}; }
  Regrading preview(const BaremeWish& wanted) {
    return run([&](Transaction& t) { return preview_bareme(t, exam, wanted).value(); });
  }
  Result<Regrading> apply(const BaremeWish& wanted, const std::string& fingerprint, const Finalised& finalised = {}) {
    return run([&](Transaction& t) {
      return apply_bareme(t, exam, wanted, fingerprint, {.user = office_user}, finalised, clock.now());
    });
  }
  CopyId graded(std::int64_t q1, std::int64_t q2, std::int64_t ex2) {
    const CopyId of = ready_copy(marie.user);
    const Marker desk = locking(marie, of);
    EXPECT_TRUE(score(desk, of, {{"q1", q1}, {"q2", q2}, {"ex2", ex2}}));
    EXPECT_TRUE(end(desk, of));
    return of;
  }
  // Exercise 2 takes 6 points instead of 8.
  const BaremeWish shorter = wish(R"([{"id": "ex1", "label": "1", "points": 12, "children": [
      {"id": "q1", "label": "a", "points": 5}, {"id": "q2", "label": "b", "points": 7}]},
    {"id": "ex2", "label": "2", "points": 6}])");
};
KORRIGO_ON_BOTH_ENGINES(Regradings);

TEST_P(Regradings, tell_what_moves_and_change_nothing) {
  const CopyId stays = graded(100, 200, 300), reopens = graded(500, 700, 800);
  const Regrading told = preview(shorter);
  EXPECT_EQ(told.graded, 2);
  EXPECT_THAT(told.removed, ElementsAre("soin"));
  ASSERT_EQ(told.moved.size(), 2U);  // the maximum moves for both
  for (const MovedCopy& moved : told.moved) {
    EXPECT_EQ(moved.reopened, moved.copy == reopens);
    EXPECT_EQ(moved.total_after, moved.copy == stays ? 600 : 1800);
  }
  EXPECT_EQ(marks(reopens).total, 2000);
  EXPECT_EQ(run([&](Transaction& t) { return exams::latest_version(t, exam); }), told.version);
}

TEST_P(Regradings, give_a_new_total_and_a_new_final_pdf_to_what_stays_marked) {
  const CopyId stays = graded(100, 200, 300), reopens = graded(500, 700, 800);
  std::vector<CopyId> made;
  const Finalised finalised = [&](Transaction&, const CopyId& of, UserId) {
    made.push_back(of);
    return std::optional<TaskId>();
  };
  ASSERT_TRUE(apply(shorter, preview(shorter).fingerprint, finalised));
  EXPECT_THAT(made, ElementsAre(stays));
  EXPECT_EQ(marks(stays).maximum, 1800);
  EXPECT_EQ(events(reopens, "REOPEN"), 1);
  EXPECT_THAT(marks(reopens).unscored, ElementsAre("ex2"));
}

TEST_P(Regradings, are_refused_once_anything_moved) {
  const CopyId one = graded(100, 200, 300);
  const std::string seen = preview(shorter).fingerprint;
  EXPECT_EQ(code(apply(shorter, std::string(64, '0'))), "bareme.preview_stale");
  graded(100, 200, 100);
  EXPECT_EQ(code(apply(shorter, seen)), "bareme.preview_stale");
  EXPECT_EQ(events(one, "SCORE"), 1);
}

}  // namespace
}  // namespace korrigo::grading
