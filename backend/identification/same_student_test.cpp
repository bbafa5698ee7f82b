#include <gtest/gtest.h>

#include "identification/simulated_hand.h"

namespace korrigo::identification {
namespace {

using namespace simulated;

students::Roster small_class() {
  return {{student_of("Dupont", "Jules", {2008, 5, 15}), student_of("Dupont", "Alice", {2008, 5, 15}),
           student_of("Moreau", "Emma", {2007, 1, 3}), student_of("Benali", "Yasmine", {2008, 9, 21}),
           student_of("Kerviel", "Ewen", {2006, 12, 30})}};
}

CopyEvidence sheet(const students::RosterStudent& student, Random& random, double accuracy = 0.95, bool dated = true) {
  return {{header_of(student, {.accuracy = accuracy}, random, dated)}};
}

TEST(SameStudent, two_clear_sheets_of_one_student_belong_together) {
  const auto roster = small_class();
  Random random(1);
  for (const auto& student : roster.students)
    EXPECT_GE(same_student(roster, sheet(student, random), sheet(student, random)), 0.99) << student.prenom;
}

TEST(SameStudent, sheets_of_two_students_do_not) {
  const auto roster = small_class();
  Random random(2);
  for (std::size_t a = 0; a < 5; ++a)
    for (std::size_t b = 0; b < 5; ++b) {
      if (a == b) continue;
      EXPECT_LT(same_student(roster, sheet(roster.students[a], random), sheet(roster.students[b], random)), 0.2);
    }
}

TEST(SameStudent, twins_are_two_whatever_the_size_of_the_roster) {
  auto roster = small_class();
  roster.students[1].prenom = "Julie";
  Random random(3);
  for (int i = 0; i < 500; ++i) roster.students.push_back(invent_student(random));
  for (int round = 0; round < 20; ++round)
    EXPECT_LT(same_student(roster, sheet(roster.students[0], random, 0.97), sheet(roster.students[1], random, 0.97)),
              0.5);
}

TEST(SameStudent, an_unreadable_sheet_leaves_the_prior) {
  const auto roster = small_class();
  Random random(4);
  const CopyEvidence blank{{header_of("", "", "", {}, random)}};
  EXPECT_LE(same_student(roster, sheet(roster.students[0], random), blank), 0.1);
  EXPECT_LE(same_student(roster, blank, blank), 0.1);
  EXPECT_LE(same_student(roster, {}, {}), 0.1);
  EXPECT_LE(same_student({}, {}, {}), 0.1);
}

TEST(SameStudent, a_date_or_a_last_name_alone_is_not_enough_for_twins) {
  const auto roster = small_class();
  Random random(5);
  const CopyEvidence last_only{{header_of("Dupont", "", "15/05/2008", {.accuracy = 0.98}, random)}};
  EXPECT_LT(same_student(roster, last_only, last_only), 0.99);
}

TEST(SameStudent, namesakes_of_one_birth_date_are_never_merged) {
  auto roster = small_class();
  roster.students.push_back(roster.students[0]);
  Random random(6);
  EXPECT_LT(same_student(roster, sheet(roster.students[0], random), sheet(roster.students[0], random)), 0.99);
}

TEST(SameStudent, a_stranger_with_two_sheets_is_left_to_a_person) {
  const auto roster = small_class();
  Random random(7);
  const auto stranger = student_of("Vandamme", "Tiphaine", {2007, 7, 7});
  const double same = same_student(roster, sheet(stranger, random), sheet(stranger, random));
  EXPECT_GT(same, 0.5);
  EXPECT_LT(same, 0.99);
}

TEST(SameStudent, strangers_with_other_names_are_apart) {
  Random random(8);
  EXPECT_LT(same_student(small_class(), sheet(student_of("Vandamme", "Tiphaine", {2007, 7, 7}), random),
                         sheet(student_of("Abgrall", "Loïc", {2008, 2, 1}), random)),
            0.2);
}

}  // namespace
}  // namespace korrigo::identification
