#include "copies/dispatch.h"

#include "copies/copies_tests.h"
#include "copies/quarantine.h"
#include "copies/sharing_out.h"

namespace korrigo::copies {
namespace {

using testing::ElementsAre;

class Dispatching : public CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    for (const char* name : {"marie", "paul", "zoe"}) correctors.push_back(add_user(name, "TEACHER"));
  }
  void appoint(std::size_t many) {
    static constexpr Statement kAppoint{"test.appoint",
                                        "INSERT INTO exam_corrector (exam_id, user_id, added_at) VALUES ($1, $2, 0)"};
    for (std::size_t i = 0; i < many; ++i) sql(kAppoint, exam, correctors[i]);
  }
  std::vector<CopyId> ready(int many) {
    std::vector<CopyId> made;
    for (int i = 0; i < many; ++i) {
      made.push_back(add_copy(exam).copy);
      set_status(made.back(), "READY");
    }
    return made;
  }
  std::optional<UserId> corrector_of(const CopyId& copy) {
    static constexpr Statement kCorrector{"test.corrector_of", "SELECT assigned_corrector_id FROM copy WHERE id = $1"};
    return run([&](Transaction& t) { return t.row(kCorrector, copy)->get<std::optional<UserId>>(0); });
  }
  std::vector<std::int64_t> loads(const Result<Dispatch>& done) {
    std::vector<std::int64_t> all;
    for (const CorrectorLoad& corrector : done->distribution) all.push_back(corrector.load);
    std::ranges::sort(all);
    return all;
  }
  Result<Dispatch> go(const DispatchOptions& options = {}) { return dispatch(office(), exam, options); }
  template <class T>
  static std::string code(const Result<T>& outcome) {
    return outcome ? "" : outcome.error().code;
  }
  std::vector<UserId> correctors;
};
KORRIGO_ON_BOTH_ENGINES(Dispatching);

TEST_P(Dispatching, needs_correctors_and_copies_158_159) {
  ready(2);
  EXPECT_EQ(code(go()), "dispatch.no_corrector");
  EXPECT_EQ(code(go({.correctors = {correctors[0]}})), "corrector.unknown");
  EXPECT_EQ(code(dispatch(office(), ExamId(make_uuid_v4()), {})), "exam.not_found");
  appoint(1);
  EXPECT_EQ(go()->assigned, 2);
  EXPECT_EQ(go()->assigned, 0);
}

TEST_P(Dispatching, balances_160_161_164_165) {
  appoint(3);
  const auto copies = ready(10);
  const auto done = go();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(loads(done), ElementsAre(3, 3, 4));
  for (const CopyId& copy : copies) {
    EXPECT_TRUE(corrector_of(copy));
    EXPECT_EQ(events(copy, "ASSIGN"), 1);
  }
  static constexpr Statement kRuns{"test.runs", "SELECT DISTINCT dispatch_run FROM copy WHERE assigned_at IS NOT NULL"};
  EXPECT_EQ(run([](Transaction& t) { return t.rows(kRuns).size(); }), 1U);
}

TEST_P(Dispatching, looks_at_what_everybody_has_162_163_167) {
  appoint(3);
  const auto had = ready(4);
  for (const CopyId& copy : had) ASSERT_TRUE(assign_copy(office(), copy, correctors[0]));
  set_status(had[0], "GRADED");
  ready(5);
  const auto done = go();
  EXPECT_THAT(loads(done), ElementsAre(2, 3, 4));
  for (const CopyId& copy : had) EXPECT_EQ(corrector_of(copy), correctors[0]) << "stays where it was";
}

TEST_P(Dispatching, leaves_what_is_not_ready_alone_156_157) {
  appoint(1);
  const CopyId doubtful = add_copy(exam).copy;
  ASSERT_TRUE(quarantine_copy(office(), doubtful, "Deux noms"));
  EXPECT_EQ(status(doubtful), "QUARANTINE");
  EXPECT_EQ(go()->assigned, 0);
  EXPECT_EQ(code(assign_copy(office(), doubtful, correctors[0])), "copy.not_ready");
  EXPECT_EQ(code(quarantine_copy(office(), doubtful, "x")), "copy.not_staging");
  ASSERT_TRUE(restore_copy(office(), doubtful, true));
  EXPECT_EQ(status(doubtful), "READY");
  EXPECT_EQ(code(restore_copy(office(), doubtful, false)), "copy.not_quarantined");
  EXPECT_EQ(go()->assigned, 1);
}

TEST_P(Dispatching, never_moves_what_somebody_has_begun_171) {
  appoint(2);
  const CopyId copy = ready(1)[0];
  ASSERT_TRUE(assign_copy(office(), copy, correctors[0]));
  static constexpr Statement kScore{
      "test.score", "INSERT INTO score (copy_id, question_id, points, set_by, set_at) VALUES ($1, 'q', 100, $2, 0)"};
  sql(kScore, copy, correctors[0]);
  EXPECT_EQ(code(assign_copy(office(), copy, correctors[1])), "copy.started");
  set_status(copy, "LOCKED");
  EXPECT_EQ(code(transfer_copy(office(), copy, correctors[1])), "copy.locked");
  set_status(copy, "READY");
  EXPECT_EQ(code(transfer_copy(office(), copy, correctors[2])), "corrector.unknown");
  ASSERT_TRUE(transfer_copy(office(), copy, correctors[1]));
  EXPECT_EQ(corrector_of(copy), correctors[1]);
  EXPECT_EQ(events(copy, "TRANSFER"), 1);
}

TEST_P(Dispatching, gives_exercises_out_beside_copies) {
  static constexpr Statement kStructure{"test.exercise", "UPDATE exam SET grading_structure = $2 WHERE id = $1"};
  sql(kStructure, exam, R"([{"id": "ex1", "label": "1", "points": 20}])");
  appoint(2);
  ready(3);
  EXPECT_EQ(code(go({.exercise = "ex9"})), "dispatch.unknown_exercise");
  EXPECT_THAT(loads(go({.exercise = "ex1"})), ElementsAre(1, 2));
  EXPECT_EQ(go({.exercise = "ex1"})->assigned, 0);
  EXPECT_EQ(go()->assigned, 3);
}

TEST(SharingOut, differs_by_one_at_most_however_it_began) {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> loads;
    for (int i = random.integer(1, 8); i > 0; --i) loads.push_back(random.integer(0, 12));
    const auto before = loads;
    const auto copies = static_cast<std::size_t>(random.integer(0, 60));
    const auto to = share_out(copies, loads, random);
    ASSERT_EQ(to.size(), copies);
    std::int64_t most_touched = 0;
    for (std::size_t i = 0; i < loads.size(); ++i)
      if (loads[i] > before[i]) most_touched = std::max(most_touched, loads[i]);
    if (copies > 0) {
      EXPECT_LE(most_touched - *std::ranges::min_element(loads), 1);
    }
  }
}

TEST(SharingOut, keeps_classes_together) {
  Random random(7);
  std::vector<std::int64_t> loads(3);
  const std::vector<std::string> classes = {"T1", "T2", "T1", "", "T2", "T1", "T3", ""};
  const auto to = share_out_groups(classes, loads, random);
  for (std::size_t i = 0; i < to.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (!classes[i].empty() && classes[i] == classes[j]) {
        EXPECT_EQ(to[i], to[j]);
      }
  std::ranges::sort(loads);
  EXPECT_THAT(loads, ElementsAre(2, 3, 3));
}

}  // namespace
}  // namespace korrigo::copies
