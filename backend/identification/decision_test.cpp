#include "identification/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <numeric>

#include "identification/simulated_hand.h"

namespace korrigo::identification {
namespace {

using namespace simulated;
using testing::Contains;
using testing::HasSubstr;

const Reader kClear{.accuracy = 0.97};

students::Roster plain_class() {
  return {{student_of("Dupont", "Jean", {2008, 5, 15}), student_of("Moreau", "Alice", {2007, 1, 3}),
           student_of("Benali", "Yasmine", {2008, 9, 21}), student_of("Kerviel", "Ewen", {2006, 12, 30}),
           student_of("Nguyen", "Marie-Claire", {2008, 2, 11}), student_of("Le Gall", "Théo", {2007, 6, 6})}};
}

CopyEvidence copy_of(const students::RosterStudent& student, Random& random, const Reader& reader = kClear,
                     bool dated = true) {
  return {{header_of(student, reader, random, dated)}};
}

CopyEvidence copy_with(std::string_view nom, std::string_view prenom, std::string_view date, Random& random) {
  return {{header_of(nom, prenom, date, kClear, random)}};
}

students::Roster invented_class(Random& random, std::size_t size) {
  students::Roster roster;
  while (roster.students.size() < size) {
    auto student = invent_student(random);
    const auto same = [&](const auto& other) { return other.nom == student.nom && other.prenom == student.prenom; };
    if (std::none_of(roster.students.begin(), roster.students.end(), same)) roster.students.push_back(student);
  }
  return roster;
}

TEST(Decide, gives_every_clear_copy_to_its_writer) {
  const auto roster = plain_class();
  Random random(1);
  std::vector<CopyEvidence> copies;
  for (const auto& student : roster.students) copies.push_back(copy_of(student, random));
  const auto decisions = decide(roster, copies);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    EXPECT_EQ(decisions[i].mode, Mode::automatic);
    EXPECT_EQ(decisions[i].student, i);
    EXPECT_GT(decisions[i].confidence, 0.99);
    EXPECT_TRUE(decisions[i].warnings.empty());
  }
}

TEST(Decide, leaves_a_stranger_to_a_person) {
  const auto roster = plain_class();
  Random random(2);
  const auto decision = decide(roster, {copy_with("Vandamme", "Tiphaine", "07/07/2007", random)})[0];
  EXPECT_EQ(decision.mode, Mode::manual);
  EXPECT_FALSE(decision.student.has_value());
  EXPECT_FALSE(decision.candidates.front().student.has_value());
}

TEST(Decide, does_not_take_a_student_of_the_same_last_name_for_the_absent_sibling) {
  const auto roster = plain_class();
  Random random(3);
  for (int round = 0; round < 20; ++round)
    EXPECT_NE(decide(roster, {copy_with("Dupont", "Camille", "", random)})[0].mode, Mode::automatic);
}

TEST(Decide, does_not_take_a_twin_who_is_not_on_the_roster_for_the_one_who_is) {
  const auto roster = plain_class();
  Random random(20);
  const auto decision = decide(roster, {copy_with("Dupont", "Camille", "15/05/2008", random)})[0];
  EXPECT_NE(decision.mode, Mode::automatic);
  EXPECT_THAT(decision.warnings, Contains(HasSubstr("Only one of the two names")));
}

TEST(Decide, tells_twins_apart_by_their_first_names_only) {
  auto roster = plain_class();
  roster.students.push_back(student_of("Dupont", "Lucas", {2008, 5, 15}));
  Random random(4);
  auto decisions = decide(roster, {copy_of(roster.students[0], random), copy_of(roster.students[6], random)});
  EXPECT_EQ(decisions[0].student, 0U);
  EXPECT_EQ(decisions[1].student, 6U);
  const auto unclear = decide(roster, {copy_with("Dupont", "", "15/05/2008", random)})[0];
  EXPECT_NE(unclear.mode, Mode::automatic);
}

TEST(Decide, does_not_decide_by_elimination_alone) {
  auto roster = plain_class();
  roster.students.push_back(student_of("Dupont", "Lucas", {2008, 5, 15}));
  Random random(5);
  const auto decisions =
      decide(roster, {copy_of(roster.students[0], random), copy_with("Dupont", "", "15/05/2008", random)});
  EXPECT_EQ(decisions[0].student, 0U);
  EXPECT_EQ(decisions[1].mode, Mode::semi_automatic);
  EXPECT_EQ(decisions[1].candidates.front().student, 6U);
  EXPECT_FALSE(decisions[1].warnings.empty());
}

// A copy whose first name is certain but for its last letter.
CopyEvidence with_unsure_end(const students::RosterStudent& student, char other, float doubt, Random& random) {
  CopyEvidence copy = copy_of(student, random);
  auto& field = copy.readings.front().fields[1];
  ocr::LetterReading letter;
  letter.probability[ocr::alphabet_index(fold_name(student.prenom).back())] = 1 - doubt;
  letter.probability[ocr::alphabet_index(other)] = doubt;
  field.letters.back() = letter;
  return copy;
}

TEST(Decide, believes_twins_a_letter_apart_when_both_copies_say_so) {
  students::Roster roster;
  roster.students = {student_of("Charpentier", "Léa"), student_of("Charpentier", "Léo"),
                     student_of("Moreau", "Hugo", {2007, 3, 2})};
  Random random(21);
  const CopyEvidence lea = with_unsure_end(roster.students[0], 'O', 0.003F, random);
  const CopyEvidence leo = with_unsure_end(roster.students[1], 'A', 0.003F, random);
  const auto alone = decide(roster, {lea})[0];
  EXPECT_EQ(alone.mode, Mode::semi_automatic);
  EXPECT_THAT(alone.warnings, Contains(HasSubstr("nearly as well")));
  const auto both = decide(roster, {lea, leo});
  EXPECT_EQ(both[0].student, 0U);
  EXPECT_EQ(both[1].student, 1U);
  // What its own reading leaves open the other's copy must not settle.
  const auto open = decide(roster, {with_unsure_end(roster.students[0], 'O', 0.3F, random), leo})[0];
  EXPECT_EQ(open.mode, Mode::semi_automatic);
}

TEST(Decide, tells_namesakes_apart_by_a_clear_birth_date_only) {
  auto roster = plain_class();
  roster.students.push_back(student_of("Dupont", "Jean", {2007, 10, 28}));
  Random random(6);
  EXPECT_EQ(decide(roster, {copy_of(roster.students[6], random)})[0].student, 6U);
  const auto undated = decide(roster, {copy_of(roster.students[0], random, kClear, false)})[0];
  EXPECT_NE(undated.mode, Mode::automatic);
  // The other namesake's clear copy makes this one likely, not certain.
  const auto both =
      decide(roster, {copy_of(roster.students[0], random, kClear, false), copy_of(roster.students[6], random)});
  EXPECT_EQ(both[0].mode, Mode::semi_automatic);
  EXPECT_THAT(both[0].warnings, Contains(HasSubstr("birth date was not read clearly")));
  EXPECT_EQ(both[1].student, 6U);
}

TEST(Decide, never_decides_between_namesakes_of_one_birth_date) {
  auto roster = plain_class();
  roster.students.push_back(roster.students[0]);
  roster.students.back().email = "other";
  Random random(7);
  const auto copies = std::vector{copy_of(roster.students[0], random), copy_of(roster.students[0], random)};
  for (const auto& decision : decide(roster, copies)) EXPECT_NE(decision.mode, Mode::automatic);
  // Not even when a person has found the copy of one of them.
  const auto rest = decide(roster, copies, {}, {{0, 0}});
  EXPECT_EQ(rest[1].mode, Mode::semi_automatic);
  EXPECT_THAT(rest[1].warnings, Contains(HasSubstr("only a person")));
}

TEST(Decide, withholds_both_copies_that_claim_one_student) {
  const auto roster = plain_class();
  Random random(8);
  const auto decisions = decide(roster, {copy_of(roster.students[0], random), copy_of(roster.students[0], random),
                                         copy_of(roster.students[1], random)});
  for (const std::size_t copy : {0U, 1U}) {
    EXPECT_NE(decisions[copy].mode, Mode::automatic);
    EXPECT_THAT(decisions[copy].warnings, Contains(HasSubstr("More than one copy")));
  }
  EXPECT_EQ(decisions[2].student, 1U);
}

TEST(Decide, withholds_when_the_birth_date_contradicts_the_names) {
  const auto roster = plain_class();
  Random random(9);
  const auto decision = decide(roster, {copy_with("Dupont", "Jean", "28/10/2006", random)})[0];
  EXPECT_EQ(decision.mode, Mode::semi_automatic);
  EXPECT_EQ(decision.candidates.front().student, 0U);
  EXPECT_THAT(decision.warnings, Contains(HasSubstr("birth date is not 15/05/2008")));
}

TEST(Decide, withholds_when_only_the_date_was_read) {
  const auto roster = plain_class();
  Random random(10);
  const auto decision = decide(roster, {copy_with("", "", "15/05/2008", random)})[0];
  EXPECT_NE(decision.mode, Mode::automatic);
  EXPECT_EQ(decision.candidates.front().student, 0U);
}

TEST(Decide, accepts_a_missing_date_swapped_fields_and_one_of_two_first_names) {
  const auto roster = plain_class();
  Random random(11);
  const auto decisions = decide(
      roster, {copy_of(roster.students[1], random, kClear, false), copy_with("Jean", "Dupont", "15/05/2008", random),
               copy_with("Nguyen", "Marie", "11/02/2008", random)});
  EXPECT_EQ(decisions[0].student, 1U);
  EXPECT_EQ(decisions[1].student, 0U);
  EXPECT_EQ(decisions[2].student, 4U);
}

TEST(Decide, two_sheets_of_one_copy_are_surer_than_either) {
  const auto roster = plain_class();
  Random random(12);
  const Reader poor{.accuracy = 0.5};
  int surer = 0;
  for (int round = 0; round < 20; ++round) {
    auto first = copy_of(roster.students[2], random, poor, false);
    const auto second = copy_of(roster.students[2], random, poor, false);
    const double alone =
        std::min(log_likelihood_ratio(first, roster.students[2]), log_likelihood_ratio(second, roster.students[2]));
    first.readings.push_back(second.readings[0]);
    surer += log_likelihood_ratio(first, roster.students[2]) > alone;
  }
  EXPECT_GE(surer, 17);
}

TEST(Decide, empty_headers_are_manual_and_say_so) {
  const auto roster = plain_class();
  Random random(13);
  const auto decisions =
      decide(roster, {CopyEvidence{}, copy_with("", "", "", random), copy_of(roster.students[0], random)});
  EXPECT_EQ(decisions[0].mode, Mode::manual);
  EXPECT_EQ(decisions[1].mode, Mode::manual);
  EXPECT_FALSE(decisions[1].warnings.empty());
  EXPECT_EQ(decisions[2].student, 0U);
}

TEST(Decide, works_without_students_and_without_copies) {
  Random random(14);
  EXPECT_TRUE(decide(plain_class(), {}).empty());
  EXPECT_TRUE(decide({}, {}).empty());
  const auto decision = decide({}, {copy_with("Dupont", "Jean", "", random)})[0];
  EXPECT_EQ(decision.mode, Mode::manual);
  EXPECT_FALSE(decision.student.has_value());
}

TEST(Decide, a_persons_decision_is_final_and_takes_its_student_from_the_others) {
  const auto roster = plain_class();
  Random random(15);
  const std::vector copies = {copy_of(roster.students[0], random), copy_of(roster.students[1], random), CopyEvidence{}};
  const auto decisions = decide(roster, copies, {}, {{0, 1}, {2, std::nullopt}});
  EXPECT_EQ(decisions[0].student, 1U);
  EXPECT_EQ(decisions[0].mode, Mode::automatic);
  EXPECT_DOUBLE_EQ(decisions[0].confidence, 1);
  EXPECT_FALSE(decisions[1].student.has_value());
  for (const auto& candidate : decisions[1].candidates) EXPECT_NE(candidate.student, std::optional<std::size_t>(1));
  EXPECT_FALSE(decisions[2].student.has_value());
  EXPECT_DOUBLE_EQ(decisions[2].confidence, 1);
}

TEST(Decide, thresholds_are_the_callers) {
  const auto roster = plain_class();
  Random random(16);
  const std::vector copies = {copy_of(roster.students[0], random)};
  EXPECT_EQ(decide(roster, copies, {.automatic = 1.1})[0].mode, Mode::semi_automatic);
  EXPECT_EQ(decide(roster, copies, {.automatic = 1.1, .semi_automatic = 1.1})[0].mode, Mode::manual);
}

TEST(Decide, candidates_are_sorted_and_sum_to_at_most_one) {
  Random random(17);
  const auto roster = invented_class(random, 30);
  std::vector<CopyEvidence> copies;
  for (const auto& student : roster.students)
    copies.push_back(copy_of(student, random, {.accuracy = 0.5, .boxed = false, .lost = 0.1}));
  for (const auto& decision : decide(roster, copies)) {
    ASSERT_FALSE(decision.candidates.empty());
    EXPECT_LE(decision.candidates.size(), 5U);
    double sum = 0;
    for (std::size_t i = 0; i < decision.candidates.size(); ++i) {
      sum += decision.candidates[i].confidence;
      if (i == 0) continue;
      EXPECT_LE(decision.candidates[i].confidence, decision.candidates[i - 1].confidence);
    }
    EXPECT_LE(sum, 1 + 1e-9);
    EXPECT_DOUBLE_EQ(decision.confidence, decision.candidates[0].confidence);
    EXPECT_EQ(decision.student.has_value(), decision.mode == Mode::automatic);
  }
}

TEST(Decide, the_order_of_copies_and_students_does_not_matter) {
  Random random(18);
  const auto roster = invented_class(random, 25);
  std::vector<CopyEvidence> copies;
  for (const auto& student : roster.students)
    copies.push_back(copy_of(student, random, {.accuracy = 0.7, .lost = 0.05}));
  std::vector<std::size_t> students_order(25), copies_order(25);
  std::iota(students_order.begin(), students_order.end(), std::size_t{0});
  std::iota(copies_order.begin(), copies_order.end(), std::size_t{0});
  random.shuffle(std::span(students_order));
  random.shuffle(std::span(copies_order));
  students::Roster shuffled_roster;
  std::vector<CopyEvidence> shuffled_copies;
  for (const std::size_t s : students_order) shuffled_roster.students.push_back(roster.students[s]);
  for (const std::size_t c : copies_order) shuffled_copies.push_back(copies[c]);
  const auto straight = decide(roster, copies);
  const auto shuffled = decide(shuffled_roster, shuffled_copies);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const auto& same = straight[copies_order[i]];
    EXPECT_EQ(shuffled[i].mode, same.mode);
    EXPECT_NEAR(shuffled[i].confidence, same.confidence, 1e-6);
    if (!same.student || !shuffled[i].student) continue;
    EXPECT_EQ(students_order[*shuffled[i].student], *same.student);
  }
}

struct Tally {
  int known = 0, automatic = 0, wrong = 0;
};

// Classes with absent students, strangers (some with a name of the class), missing and wrong dates.
Tally mark_classes(const Reader& reader, int classes, std::uint64_t seed) {
  Random random(seed);
  Tally tally;
  for (int i = 0; i < classes; ++i) {
    const auto roster = invented_class(random, 40);
    std::vector<CopyEvidence> copies;
    std::vector<std::optional<std::size_t>> truth;
    for (std::size_t s = 0; s < roster.students.size(); ++s) {
      if (random.chance(0.05)) continue;
      copies.push_back(copy_of(roster.students[s], random, reader, random.chance(0.75)));
      truth.emplace_back(s);
    }
    auto stranger = invent_student(random);
    if (random.chance(0.3)) stranger.nom = roster.students[0].nom;
    const auto namesake = [&](const auto& s) { return s.nom == stranger.nom && s.prenom == stranger.prenom; };
    if (std::none_of(roster.students.begin(), roster.students.end(), namesake)) {
      copies.push_back(copy_of(stranger, random, reader, random.chance(0.75)));
      truth.emplace_back();
    }
    const auto decisions = decide(roster, copies);
    for (std::size_t c = 0; c < copies.size(); ++c) {
      tally.known += truth[c].has_value();
      if (decisions[c].mode != Mode::automatic) continue;
      ++tally.automatic;
      tally.wrong += decisions[c].student != truth[c];
    }
  }
  return tally;
}

TEST(Decide, makes_no_automatic_error_in_classes_read_well_and_decides_nearly_all) {
  const Tally honest = mark_classes({.accuracy = 0.9}, 12, 21);
  EXPECT_EQ(honest.wrong, 0);
  EXPECT_GE(honest.automatic, honest.known * 0.97);
  const Tally overconfident = mark_classes({.accuracy = 0.9, .overconfident = true}, 12, 22);
  EXPECT_EQ(overconfident.wrong, 0);
  EXPECT_GE(overconfident.automatic, overconfident.known * 0.93);
}

TEST(Decide, makes_no_automatic_error_when_a_reader_is_bad_and_does_not_know) {
  EXPECT_EQ(mark_classes({.accuracy = 0.6, .overconfident = true}, 8, 23).wrong, 0);
  EXPECT_EQ(mark_classes({.accuracy = 0.75, .overconfident = true, .boxed = false, .lost = 0.05}, 8, 24).wrong, 0);
}

TEST(Mode, is_written_as_reports_have_it) {
  EXPECT_EQ(to_string(Mode::automatic), "AUTO");
  EXPECT_EQ(to_string(Mode::semi_automatic), "SEMI_AUTO");
  EXPECT_EQ(to_string(Mode::manual), "MANUAL");
}

}  // namespace
}  // namespace korrigo::identification
