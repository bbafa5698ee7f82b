#include "copies/identify.h"

#include "copies/class_solver.h"
#include "copies/copies_tests.h"
#include "copies/copy_views.h"
#include "copies/undo.h"

namespace korrigo::copies {
namespace {

namespace simulated = identification::simulated;
using testing::IsEmpty;

class Identifying : public CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    for (int i = 0; i < 3; ++i) made.push_back(add_copy(exam));
  }
  StudentId student(const std::string& nom, const std::string& prenom = "Jean", Date date = {2008, 5, 15}) {
    return add_student(simulated::student_of(nom, prenom, date));
  }
  /// A clear header of that student on that copy.
  void write_header(const Made& copy, const std::string& nom, const std::string& prenom, const std::string& date) {
    add_reading(copy, simulated::header_of(nom, prenom, date, {0.99, false, true, 0}, random));
  }
  std::optional<OcrView> ocr(const CopyId& copy) {
    return run([&](Transaction& t) { return ocr_of_copy(t, copy); });
  }
  std::string identified(const CopyId& copy, StudentId who, Means means = Means::named) {
    other.reset();
    const auto done = identify_copy(office(), copy, who, means, &other);
    return done ? "" : done.error().code;
  }
  bool on_roster(StudentId who) {
    static constexpr Statement kThere{"test.on_roster",
                                      "SELECT 1 FROM exam_student WHERE exam_id = $1 AND student_id = $2"};
    return run([&](Transaction& t) { return t.row(kThere, exam, who).has_value(); });
  }
  std::vector<Made> made;
  std::optional<CopyId> other;
  Random random{7};
};
KORRIGO_ON_BOTH_ENGINES(Identifying);

TEST_P(Identifying, makes_a_waiting_copy_ready_and_can_be_taken_back) {
  const auto who = student("Dupont");
  EXPECT_EQ(identified(made[0].copy, who), "");
  EXPECT_EQ(status(made[0].copy), "READY");
  EXPECT_EQ(owner(made[0].copy), who);
  EXPECT_EQ(events(made[0].copy, "IDENTIFY"), 1);
  const auto undone = undo_last_step(office(), exam);
  ASSERT_TRUE(undone) << undone.error().code;
  EXPECT_EQ(undone->action, "identify");
  EXPECT_EQ(undone->copies, std::vector<CopyId>({made[0].copy}));
  EXPECT_EQ(status(made[0].copy), "STAGING");
  EXPECT_EQ(owner(made[0].copy), std::nullopt);
  EXPECT_EQ(events(made[0].copy, "UNDO"), 1);
  EXPECT_EQ(undo_last_step(office(), exam).error().code, "undo.nothing");
  EXPECT_THAT(faults(exam), IsEmpty());
}

TEST_P(Identifying, adds_a_student_to_the_roster) {
  const auto late = add_student(simulated::student_of("Tardif", "Zoé"), false);
  EXPECT_EQ(identified(made[0].copy, late), "");
  EXPECT_TRUE(on_roster(late));
}

TEST_P(Identifying, is_refused_when_the_student_has_a_copy_and_says_which) {
  const auto who = student("Dupont");
  EXPECT_EQ(identified(made[0].copy, who), "");
  EXPECT_EQ(identified(made[1].copy, who, Means::overridden), "identification.student_has_copy");
  EXPECT_EQ(other, made[0].copy);
  EXPECT_EQ(status(made[1].copy), "STAGING");
  EXPECT_EQ(identified(made[0].copy, who), "") << "the same again is no conflict";
}

TEST_P(Identifying, is_refused_for_what_does_not_exist_and_in_marking) {
  const auto who = add_student(simulated::student_of("Dupont", "Jean"), false);
  EXPECT_EQ(identified(CopyId(make_uuid_v4()), who), "copy.not_found");
  EXPECT_EQ(identified(made[0].copy, StudentId{999999}), "student.not_found");
  for (const char* state : {"LOCKED", "GRADED", "GRADING_FAILED"}) {
    set_status(made[0].copy, state);
    EXPECT_EQ(identified(made[0].copy, who), "copy.in_marking");
    EXPECT_EQ(unidentify_copy(office(), made[0].copy).error().code, "copy.in_marking");
  }
  EXPECT_FALSE(on_roster(who)) << "a refusal changes nothing";
}

TEST_P(Identifying, solves_the_others_again_and_takes_what_follows_back_too) {
  // Two students of one name; a header without date could be either's until one of them has a copy.
  const auto elder = student("Dupont", "Jean", {2007, 1, 1});
  const auto younger = student("Dupont", "Jean", {2008, 9, 9});
  student("Martin", "Léa", {2008, 3, 3});
  write_header(made[1], "Dupont", "Jean", "");
  solve_exam(database(), clock, exam, {});
  ASSERT_TRUE(ocr(made[1].copy));
  EXPECT_NE(ocr(made[1].copy)->mode, "AUTO");
  EXPECT_EQ(identified(made[0].copy, elder), "");
  const auto after = ocr(made[1].copy);
  ASSERT_FALSE(after->candidates.empty());
  EXPECT_EQ(after->candidates.front().student->id, younger) << "the elder is no candidate any more";
  const bool followed = owner(made[1].copy) == younger;
  EXPECT_EQ(status(made[1].copy), followed ? "READY" : "STAGING");
  ASSERT_TRUE(undo_last_step(office(), exam));
  EXPECT_EQ(owner(made[1].copy), std::nullopt);
  EXPECT_EQ(status(made[1].copy), "STAGING");
  EXPECT_NE(ocr(made[1].copy)->mode, "AUTO");
}

TEST_P(Identifying, lets_a_sure_reading_follow_as_part_of_the_step) {
  const auto who = student("Dupont", "Jean", {2007, 1, 1});
  const auto sure = student("Lefèvre", "Chloé", {2008, 9, 9});
  write_header(made[1], "Lefèvre", "Chloé", "09/09/2008");
  EXPECT_EQ(identified(made[0].copy, who), "");
  EXPECT_EQ(owner(made[1].copy), sure);
  EXPECT_EQ(status(made[1].copy), "READY");
  EXPECT_EQ(events(made[1].copy, "IDENTIFY"), 1);
  const auto undone = undo_last_step(office(), exam);
  ASSERT_TRUE(undone);
  EXPECT_EQ(undone->copies.size(), 2U);
  EXPECT_EQ(owner(made[1].copy), std::nullopt);
  EXPECT_EQ(status(made[1].copy), "STAGING");
}

TEST_P(Identifying, is_not_taken_back_once_what_followed_of_it_is_in_marking) {
  student("Lefèvre", "Chloé", {2008, 9, 9});
  write_header(made[1], "Lefèvre", "Chloé", "09/09/2008");
  EXPECT_EQ(identified(made[0].copy, student("Dupont")), "");
  set_status(made[1].copy, "LOCKED");
  EXPECT_EQ(undo_last_step(office(), exam).error().code, "undo.built_upon");
}

TEST_P(Identifying, by_rank_takes_the_candidate_at_it) {
  const auto who = student("Lefèvre", "Chloé", {2008, 9, 9});
  student("Dupont");
  write_header(made[0], "Lefèvre", "Chloé", "09/09/2008");
  EXPECT_EQ(select_candidate(office(), made[0].copy, {.rank = 1}).error().code, "identification.no_such_rank");
  solve_exam(database(), clock, exam, {});
  EXPECT_EQ(select_candidate(office(), made[0].copy, {.rank = 5}).error().code, "identification.no_such_rank");
  ASSERT_TRUE(select_candidate(office(), made[0].copy, {.rank = 1}));
  EXPECT_EQ(owner(made[0].copy), who);
  EXPECT_EQ(ocr(made[0].copy)->selected_rank, 1);
  EXPECT_FALSE(ocr(made[0].copy)->manual_override);
}

TEST_P(Identifying, by_rank_takes_whom_the_caller_saw_there) {
  const auto seen = student("Lefèvre", "Chloé", {2008, 9, 9});
  const auto other_student = student("Dupont");
  write_header(made[0], "Lefèvre", "Chloé", "09/09/2008");
  solve_exam(database(), clock, exam, {});
  ASSERT_TRUE(select_candidate(office(), made[1].copy, {.rank = 1, .student = other_student}));
  EXPECT_EQ(owner(made[1].copy), other_student) << "whom nothing proposes";
  EXPECT_EQ(select_candidate(office(), made[0].copy, {.rank = 1, .student = other_student}).error().code,
            "identification.already_identified");
  EXPECT_EQ(owner(made[0].copy), seen) << "it followed";
}

TEST_P(Identifying, whatever_was_read_is_remembered_as_such) {
  write_header(made[0], "Lefèvre", "Chloé", "09/09/2008");
  solve_exam(database(), clock, exam, {});
  EXPECT_EQ(identified(made[0].copy, student("Dupont"), Means::overridden), "");
  EXPECT_TRUE(ocr(made[0].copy)->manual_override);
}

TEST_P(Identifying, taken_away_by_a_person_is_not_found_again_by_a_reading) {
  const auto who = student("Lefèvre", "Chloé", {2008, 9, 9});
  write_header(made[0], "Lefèvre", "Chloé", "09/09/2008");
  ASSERT_EQ(solve_exam(database(), clock, exam, {.link = made[0].copy}).size(), 1U);
  EXPECT_EQ(owner(made[0].copy), who);
  ASSERT_TRUE(unidentify_copy(office(), made[0].copy));
  EXPECT_EQ(status(made[0].copy), "STAGING");
  EXPECT_EQ(owner(made[0].copy), std::nullopt);
  EXPECT_EQ(identified(made[1].copy, student("Dupont")), "");
  EXPECT_EQ(owner(made[0].copy), std::nullopt);
  EXPECT_EQ(ocr(made[0].copy)->mode, "SEMI_AUTO");
  EXPECT_TRUE(ocr(made[0].copy)->candidates.front().evidence.contains("nom")) << "people are told why";
  EXPECT_EQ(unidentify_copy(office(), made[0].copy).error().code, "copy.not_identified");
}

TEST_P(Identifying, proposes_without_linking_when_nobody_decided) {
  student("Lefèvre", "Chloé", {2008, 9, 9});
  write_header(made[0], "Lefèvre", "Chloé", "09/09/2008");
  EXPECT_THAT(solve_exam(database(), clock, exam, {}), IsEmpty());
  EXPECT_EQ(ocr(made[0].copy)->mode, "AUTO");
  EXPECT_EQ(owner(made[0].copy), std::nullopt);
}

TEST_P(Identifying, validation_lets_every_waiting_copy_go_to_work_but_those_without_pages) {
  static constexpr Statement kEmpty{
      "test.empty_copy_row",
      "INSERT INTO copy (id, exam_id, anonymous_id, created_at, updated_at) VALUES ($1, $2, 'Z999', 0, 0)"};
  const CopyId empty(make_uuid_v4());
  sql(kEmpty, empty, exam);
  ASSERT_TRUE(validate_copy(office(), made[0].copy));
  EXPECT_EQ(validate_copy(office(), made[0].copy).error().code, "copy.not_staging");
  EXPECT_EQ(validate_copy(office(), empty).error().code, "copy.no_faces");
  EXPECT_EQ(validate_copy(office(), CopyId(make_uuid_v4())).error().code, "copy.not_found");
  const auto validation = validate_all(office(), exam);
  ASSERT_TRUE(validation);
  EXPECT_EQ(validation->validated, std::vector<CopyId>({made[1].copy, made[2].copy}));
  ASSERT_EQ(validation->refused.size(), 1U);
  EXPECT_EQ(validation->refused[0].first, empty);
  EXPECT_EQ(events(made[2].copy, "VALIDATE"), 1);
  EXPECT_EQ(read_header_again(office(), empty, true).error().code, "copy.no_booklet");
  EXPECT_EQ(validate_all(office(), ExamId(make_uuid_v4())).error().code, "exam.not_found");
}

}  // namespace
}  // namespace korrigo::copies
