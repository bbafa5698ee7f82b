#include "exams/roster.h"

#include <gmock/gmock.h>

#include "exams/exams_tests.h"

namespace korrigo::exams {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Rosters : public ExamsTest {
 protected:
  void SetUp() override {
    ExamsTest::SetUp();
    ExamFields fields;
    fields.name = "Maths";
    fields.date = {2026, 2, 3};
    exam = run([&](storage::Transaction& t) { return create_exam(t, fields, user, kNow).value().id; });
  }
  Result<RosterChanges> put(std::string_view csv) {
    faults = {};
    return receive_roster_file(intake(), exam, roster_file(csv), user, &faults);
  }
  Result<RosterChanges> edit(const RosterEdit& edit) {
    return run([&](storage::Transaction& t) { return change_roster(t, exam, edit, kNow); });
  }
  std::vector<RosterEntry> all() {
    return run([&](storage::Transaction& t) { return roster_of(t, exam); });
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const RosterEntry& entry : all()) names.push_back(entry.student.last_name);
    return names;
  }
  ExamId exam;
  Faults faults;
};
KORRIGO_ON_BOTH_ENGINES(Rosters);

constexpr std::string_view kThree =
    "nom,prenom,email,date_naissance,numero_etudiant\n"
    "ZOLA,Zoé,zoe@x.fr,01/01/2008,17\n"
    "ABADIE,Al,al@x.fr,02/01/2008,18\n"
    "MARTIN,Léa,lea@x.fr,03/01/2008,\n";

TEST_P(Rosters, keep_the_order_of_their_file) {
  const auto changes = put(kThree);
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(changes->student_count, 3);
  EXPECT_EQ(changes->added, 3);
  EXPECT_THAT(names(), ElementsAre("ZOLA", "ABADIE", "MARTIN"));
  EXPECT_EQ(all()[0].numero_etudiant, "17");
  EXPECT_EQ(all()[0].presence, Presence::present);
}

TEST_P(Rosters, are_replaced_and_keep_who_stays) {
  ASSERT_TRUE(put(kThree));
  const StudentId lea = all()[2].student.id;
  ASSERT_TRUE(edit({.presence = {{lea, Presence::absent}}}));
  const auto changes =
      put("nom,prenom,email,date_naissance\nMARTIN,Léa,lea@x.fr,03/01/2008\nNOUVEAU,Paul,paul@x.fr,04/01/2008\n");
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(changes->added, 1);
  EXPECT_EQ(changes->removed, 2);
  EXPECT_THAT(names(), ElementsAre("MARTIN", "NOUVEAU"));
  EXPECT_EQ(all()[0].presence, Presence::absent);
  EXPECT_EQ(count("student"), 4) << "who leaves a roster stays a student";
  EXPECT_THAT(stored(), SizeIs(1)) << "the file before is gone";
  EXPECT_TRUE(put(kThree)) << "a file that was there before";
}

TEST_P(Rosters, keep_students_who_have_a_copy) {
  const ExamId batch_exam = received({incoming("scan.pdf", small_pdf(1, 1))}).exam;
  end_tasks();
  exam = batch_exam;
  const RosterEntry jean = all()[0];
  add_copy(exam, run([&](storage::Transaction& t) { return sources_of(t, exam); })[0].id, "A-001", "READY",
           jean.student.id);
  const auto before = traces();
  const auto refused = put(std::string(kHeader) + "MARTIN,Léa,lea@x.fr,01/02/2008,TG1\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "roster.student_has_copy");
  EXPECT_THAT(faults.roster.students_with_copies, ElementsAre(jean.student.id));
  EXPECT_EQ(traces(), before);
  EXPECT_EQ(edit({.remove = {jean.student.id}}).error().code, "roster.student_has_copy");
  EXPECT_TRUE(put(std::string(kTwoStudents) + "ROUX,Eva,eva@x.fr,01/01/2008,TG1\n")) << "compatible: he stays";
  EXPECT_EQ(all()[0].copy, CopyId("c-A-001"));
}

TEST_P(Rosters, are_edited_one_by_one) {
  ASSERT_TRUE(put(kThree));
  const StudentId zola = all()[0].student.id;
  const auto changes = edit({.remove = {zola, zola}});
  EXPECT_EQ(changes->student_count, 2);
  EXPECT_EQ(changes->removed, 1);
  EXPECT_EQ(edit({.add = {zola, zola}})->student_count, 3);
  EXPECT_EQ(edit({.add = {zola}})->added, 0);
  EXPECT_THAT(names(), ElementsAre("ABADIE", "MARTIN", "ZOLA"));
  EXPECT_EQ(edit({.add = {StudentId{999999}}}).error().code, "student.not_found");
  EXPECT_EQ(edit({.presence = {{StudentId{999999}, Presence::absent}}}).error().code, "student.not_found");
}

TEST_P(Rosters, are_searched_and_ordered) {
  ASSERT_TRUE(put(kThree));
  const auto found = [&](const RosterFilter& filter) {
    std::vector<std::string> names;
    for (const RosterEntry& entry : run([&](storage::Transaction& t) { return list_roster(t, exam, filter); }).entries)
      names.push_back(entry.student.last_name);
    return names;
  };
  EXPECT_THAT(found({}), ElementsAre("ABADIE", "MARTIN", "ZOLA"));
  EXPECT_THAT(found({.search = "zoe"}), ElementsAre("ZOLA"));
  EXPECT_THAT(found({.search = "abbadie"}), ElementsAre("ABADIE")) << "a letter too many";
  EXPECT_THAT(found({.search = "matrin"}), ElementsAre("MARTIN"));
  EXPECT_THAT(found({.search = "zorro"}), IsEmpty());
  EXPECT_THAT(found({.descending = true, .page = 2, .page_size = 2}), ElementsAre("ABADIE"));
  const auto count = [&](const RosterFilter& filter) {
    return run([&](storage::Transaction& t) { return list_roster(t, exam, filter); }).count;
  };
  EXPECT_EQ(count({.page = 2, .page_size = 2}), 3);
  EXPECT_EQ(count({.search = "z", .page_size = 1}), 1);
}

TEST_P(Rosters, refuse_an_unknown_exam) {
  exam = ExamId("0198f0c2-a4d1-7c3e-9f00-3a5b7c9d1e2f");
  EXPECT_EQ(put(kThree).error().code, "exam.not_found");
  EXPECT_EQ(edit({}).error().code, "exam.not_found");
  EXPECT_EQ(count("student"), 0);
}

}  // namespace
}  // namespace korrigo::exams
