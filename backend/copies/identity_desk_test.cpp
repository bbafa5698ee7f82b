#include "copies/identity_desk.h"

#include "copies/copies_tests.h"
#include "copies/identify.h"
#include "copies/quarantine.h"
#include "copies/undo.h"

namespace korrigo::copies {
namespace {

namespace simulated = identification::simulated;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kMine = "0198f0c2-a4d1-4c3e-9f00-3a5b7c9d1e2f";
constexpr const char* kOther = "0198f0c2-a4d1-4c3e-9f00-3a5b7c9d1e30";

class IdentityDesk : public CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    for (int i = 0; i < 3; ++i) made.push_back(add_copy(exam));
    camille = add_user("camille", "ADMIN");
    dupont = add_student(simulated::student_of("Dupont", "Jean"));
  }
  Result<DeskPlace> take(const DeskWish& wish, UserId who) { return take_place(office(who), exam, wish); }
  /// The place of the copy that was taken, from 0; -1 for none.
  int next(const char* desk, std::optional<int> after = {}, DeskMove move = DeskMove::next) {
    const auto place = take({desk, move, after ? std::optional(made[*after].copy) : std::nullopt},
                            desk == kMine ? office_user : camille);
    if (!place->copy) return -1;
    for (int i = 0; i < 3; ++i)
      if (made[i].copy == place->copy->copy.id) return i;
    return -2;
  }
  std::string stay(const char* desk, int at) {
    const auto place = take({desk, DeskMove::stay, made[at].copy}, desk == kMine ? office_user : camille);
    return place ? "" : place.error().code;
  }
  std::vector<Made> made;
  UserId camille;
  StudentId dupont;
};
KORRIGO_ON_BOTH_ENGINES(IdentityDesk);

TEST_P(IdentityDesk, offers_no_copy_to_two_people) {
  EXPECT_EQ(next(kMine), 0);
  EXPECT_EQ(next(kOther), 1);
  EXPECT_EQ(next(kMine, 0), 2) << "past the one that the other has";
  EXPECT_EQ(next(kMine, 2), 0);
  EXPECT_EQ(next(kOther, 1), 2);
  EXPECT_EQ(next(kMine, 0), 1);
  EXPECT_EQ(next(kMine, 1, DeskMove::back), 0);
  EXPECT_EQ(stay(kMine, 2), "identification.at_another_desk");
  EXPECT_EQ(stay(kMine, 1), "");
}

TEST_P(IdentityDesk, frees_a_copy_that_is_left_or_a_minute_without_a_sign) {
  for (int i = 0; i < 2; ++i) next(i == 0 ? kMine : kOther);
  clock.advance(kDeskPlace - std::chrono::seconds(1));
  EXPECT_EQ(stay(kMine, 0), "");
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(stay(kMine, 1), "") << "the other gave no sign";
  leave_desk(office(camille), kMine);
  EXPECT_EQ(stay(kOther, 1), "identification.at_another_desk") << "nobody leaves for others";
  leave_desk(office(), kMine);
  EXPECT_EQ(stay(kOther, 1), "");
}

TEST_P(IdentityDesk, has_nothing_to_offer_when_others_have_the_rest) {
  ASSERT_TRUE(identify_copy(office(), made[0].copy, dupont, Means::named));
  ASSERT_TRUE(quarantine_copy(office(), made[1].copy, "two names"));
  EXPECT_EQ(next(kMine), 2);
  EXPECT_EQ(next(kOther), -1);
  EXPECT_EQ(next(kMine, 2), 2) << "the only one comes again";
  EXPECT_EQ(stay(kOther, 0), "identification.already_identified");
  EXPECT_EQ(stay(kOther, 1), "identification.set_apart");
  set_status(made[2].copy, "LOCKED");
  EXPECT_EQ(stay(kMine, 2), "copy.in_marking");
  EXPECT_EQ(take_place(office(), ExamId(make_uuid_v4()), {kMine}).error().code, "exam.not_found");
  const CopyId foreign = add_copy(add_exam()).copy;
  EXPECT_EQ(take({kMine, DeskMove::stay, foreign}, office_user).error().code, "copy.not_found");
}

TEST_P(IdentityDesk, tells_how_far_the_exam_is_and_who_works) {
  ASSERT_TRUE(identify_copy(office(camille), made[1].copy, dupont, Means::overridden));
  next(kMine);
  const auto place = take({kOther}, camille);
  EXPECT_EQ(place->copy->copy.id, made[2].copy);
  EXPECT_EQ(place->progress.left, 2);
  EXPECT_EQ(place->progress.identified, 1);
  ASSERT_THAT(place->progress.people, SizeIs(2));
  EXPECT_EQ(place->progress.people[1].name, "camille");
  EXPECT_EQ(place->progress.people[1].identified, 1);
  EXPECT_TRUE(place->progress.people[0].is_here);
  const auto page = run([&](Transaction& t) { return list_desk(t, exam, 1, 1, clock.now()); });
  EXPECT_EQ(page.count, 2);
  ASSERT_THAT(page.entries, SizeIs(1));
  EXPECT_EQ(page.entries[0].holder->name, "camille");
}

TEST_P(IdentityDesk, shows_where_the_fields_are) {
  Random random{7};
  EXPECT_THAT(take({kMine}, office_user)->fields, IsEmpty());
  add_reading(made[0], simulated::header_of("Dupont", "Jean", "", {0.99, false, true, 0}, random));
  const auto fields = take({kMine}, office_user)->fields;
  EXPECT_THAT(fields, Not(IsEmpty()));
}

TEST_P(IdentityDesk, a_decision_of_another_is_never_overwritten) {
  const auto martin = add_student(simulated::student_of("Martin", "Léa"));
  ASSERT_TRUE(identify_copy(office(camille), made[0].copy, dupont, Means::named));
  const auto late = identify_copy(office(), made[0].copy, martin, Means::overridden);
  EXPECT_EQ(late.error().code, "identification.already_identified");
  EXPECT_EQ(late.error().message, "camille has identified this copy: Dupont Jean.");
  EXPECT_EQ(owner(made[0].copy), dupont);
  ASSERT_TRUE(unidentify_copy(office(), made[0].copy));
  EXPECT_TRUE(identify_copy(office(), made[0].copy, martin, Means::named));
}

TEST_P(IdentityDesk, quarantine_is_taken_back_like_any_step) {
  ASSERT_TRUE(quarantine_copy(office(), made[0].copy, "two names"));
  const auto undone = undo_last_step(office(), exam);
  ASSERT_TRUE(undone) << undone.error().code;
  EXPECT_EQ(undone->action, "quarantine");
  EXPECT_EQ(status(made[0].copy), "STAGING");
  static constexpr Statement kReason{"test.reason", "SELECT status_reason FROM copy WHERE id = $1"};
  EXPECT_TRUE(run([&](Transaction& t) { return t.row(kReason, made[0].copy)->is_null(0); }));
  ASSERT_TRUE(quarantine_copy(office(), made[0].copy, "again"));
  ASSERT_TRUE(restore_copy(office(), made[0].copy, false));
  EXPECT_EQ(undo_last_step(office(), exam).error().code, "undo.built_upon");
}

}  // namespace
}  // namespace korrigo::copies
