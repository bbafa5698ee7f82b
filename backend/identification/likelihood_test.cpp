#include "identification/likelihood.h"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>

#include "identification/simulated_hand.h"

namespace korrigo::identification {
namespace {

using namespace simulated;
using ocr::FieldKind;

const Reader kClear{.accuracy = 0.98, .lost = 0};
constexpr auto kNoDate = "";

CopyEvidence written(std::string_view nom, std::string_view prenom, std::string_view date,
                     const Reader& reader = kClear, std::uint64_t seed = 1) {
  Random random(seed);
  return {{header_of(nom, prenom, date, reader, random)}};
}

double ratio(const CopyEvidence& evidence, const students::RosterStudent& student) {
  return log_likelihood_ratio(evidence, student);
}

const auto kDupont = student_of("Dupont", "Jean", {2008, 5, 15});

TEST(Likelihood, a_clear_header_speaks_for_its_student_and_against_another) {
  const auto evidence = written("Dupont", "Jean", "15/05/2008");
  EXPECT_GT(ratio(evidence, kDupont), 10);
  EXPECT_LT(ratio(evidence, student_of("Moreau", "Alice", {2007, 11, 2})), -5);
}

TEST(Likelihood, nothing_read_says_nothing) {
  EXPECT_DOUBLE_EQ(ratio({}, kDupont), 0);
  EXPECT_DOUBLE_EQ(ratio(written("", "", ""), kDupont), 0);
  ocr::HeaderReading inkless = written("Moreau", "Alice", "01/01/2008").readings[0];
  for (auto& field : inkless.fields) field.has_ink = false;
  EXPECT_DOUBLE_EQ(ratio({{inkless}}, kDupont), 0);
}

TEST(Likelihood, letters_that_could_be_anything_say_almost_nothing) {
  ocr::FieldReading field;
  field.letters.resize(6);
  for (auto& letter : field.letters) letter.probability.fill(1.0F / ocr::kAlphabetSize);
  EXPECT_LT(std::abs(ratio({{{"x", {field}}}}, kDupont)), 2.5);
}

TEST(Likelihood, a_missing_date_neither_helps_nor_harms_the_names) {
  EXPECT_GT(ratio(written("Dupont", "Jean", kNoDate), kDupont), 7);
  EXPECT_GT(ratio(written("Dupont", "Jean", "15/05/2008"), kDupont),
            ratio(written("Dupont", "Jean", kNoDate), kDupont));
}

TEST(Likelihood, names_may_stand_in_each_others_fields) {
  EXPECT_GT(ratio(written("Jean", "Dupont", kNoDate), kDupont), 4);
}

TEST(Likelihood, accents_hyphens_and_apostrophes_are_optional) {
  const auto student = student_of("D'Angélo", "Marie-Claire");
  EXPECT_GT(ratio(written("DANGELO", "MARIECLAIRE", kNoDate), student), 7);
  EXPECT_GT(ratio(written("D I ANGELO", "MARIE I CLAIRE", kNoDate), student), 6);
}

TEST(Likelihood, the_first_of_several_first_names_is_enough) {
  EXPECT_GT(ratio(written("Dupont", "Marie", kNoDate), student_of("Dupont", "Marie-Claire")), 6);
  EXPECT_LT(ratio(written("Dupont", "Claude", kNoDate), student_of("Dupont", "Marie-Claire")), 4);
}

TEST(Likelihood, a_long_name_may_be_cut_off_by_the_last_box_but_not_on_a_line) {
  const auto student = student_of("Martinezkowalski", "Jean");
  const Reader line{.accuracy = 0.98, .boxed = false, .lost = 0};
  EXPECT_GT(ratio(written("MARTINEZ", "", kNoDate), student), 0.5);
  EXPECT_LT(ratio(written("MARTINEZ", "", kNoDate, line), student), -2);
  EXPECT_LT(ratio(written("MARTI", "", kNoDate), student), -2);
}

TEST(Likelihood, a_name_in_itself_is_no_misread_one) {
  const auto student = student_of("Dupont", "Léo");
  EXPECT_LT(ratio(written("", "LEA", kNoDate), student), 1);
  EXPECT_GT(ratio(written("", "LEO", kNoDate), student), 2);
}

TEST(Likelihood, a_lost_letter_costs_less_on_a_line_than_in_boxes) {
  const Reader line{.accuracy = 0.98, .boxed = false, .lost = 0};
  const auto student = student_of("Kerviel", "Ewen");
  const double in_boxes =
      ratio(written("KERVIEL", "EWEN", kNoDate), student) - ratio(written("KRVIL", "EWE", kNoDate), student);
  const double on_line = ratio(written("KERVIEL", "EWEN", kNoDate, line), student) -
                         ratio(written("KRVIL", "EWE", kNoDate, line), student);
  EXPECT_GT(in_boxes, on_line);
}

TEST(Likelihood, look_alikes_cost_less_than_other_errors) {
  const auto student = student_of("Billot", "Uliss");
  EXPECT_GT(ratio(written("BI11OT", "VLISS", kNoDate), student), ratio(written("BIXXOT", "KLISS", kNoDate), student));
}

TEST(Likelihood, day_and_month_may_be_swapped_and_the_century_left_out) {
  const auto other = ratio(written("Dupont", "Jean", "27/11/2006"), kDupont);
  EXPECT_GT(ratio(written("Dupont", "Jean", "05/15/2008"), kDupont), other + 3);
  EXPECT_GT(ratio(written("Dupont", "Jean", "15/05/08"), kDupont), other + 3);
}

TEST(Likelihood, another_date_harms_only_so_much) {
  const auto evidence = written("Dupont", "Jean", "27/11/2006");
  const Fit fit = fit_roster(evidence, RosterTexts({&kDupont, 1}))[0];
  EXPECT_LT(fit.date, -2);
  EXPECT_GT(fit.date, -5);
  EXPECT_GT(fit.names, 7);
}

TEST(Likelihood, a_field_with_the_whole_name_is_read_in_either_order) {
  Random random(3);
  const auto whole = [&](std::string_view text) {
    return CopyEvidence{{{"x", {field_of(FieldKind::full_name, text, {.accuracy = 0.97, .boxed = false}, random)}}}};
  };
  EXPECT_GT(ratio(whole("Dupont Jean"), kDupont), 6);
  EXPECT_GT(ratio(whole("Jean Dupont"), kDupont), 5);
  EXPECT_LT(ratio(whole("Moreau Alice"), kDupont), -3);
  EXPECT_LT(ratio(whole("Dupont Alice"), kDupont), ratio(whole("Dupont Jean"), kDupont) - 4);
}

TEST(Likelihood, agreement_of_one_name_proves_no_more_however_often_it_is_read) {
  const auto once = written("Dupont", "", kNoDate);
  CopyEvidence often;
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    often.readings.push_back(written("Dupont", "", kNoDate, kClear, seed).readings[0]);
  EXPECT_LT(ratio(once, kDupont), 6.5);
  EXPECT_LT(ratio(often, kDupont), 6.5);
}

TEST(Likelihood, two_engines_on_one_picture_count_little_more_than_one) {
  ocr::FieldReading field;
  for (const char c : std::string_view("DUPONT")) {
    ocr::LetterReading letter;
    letter.probability.fill(0.94F / 35);
    letter.probability[ocr::alphabet_index(c)] = 0.06F;
    field.letters.push_back(letter);
  }
  CopyEvidence evidence{{{"one", {field}}}};
  const double one = ratio(evidence, kDupont);
  evidence.readings.push_back({"another", {field}});
  EXPECT_GT(ratio(evidence, kDupont), one);
  EXPECT_LT(ratio(evidence, kDupont), 1.3 * one);
}

TEST(Likelihood, fields_of_one_reading_count_by_the_engine_that_read_them) {
  const auto as_read_by = [](const std::string& engine, const char* name) {
    auto fields = written(name, "", kNoDate).readings[0].fields;
    std::erase_if(fields, [](const auto& field) { return !field.has_ink; });
    for (auto& field : fields) field.engine = engine;
    return fields;
  };
  CopyEvidence alone{{{"several", as_read_by("korrigo-hand", "Dupont")}}};
  CopyEvidence both = alone;
  for (const auto& field : as_read_by("tesseract", "Dupont")) both.readings[0].fields.push_back(field);
  CopyEvidence apart = alone;
  apart.readings.push_back({"several", as_read_by("tesseract", "Dupont")});
  EXPECT_NEAR(ratio(both, kDupont), ratio(apart, kDupont), 1e-9);
  CopyEvidence disputed = alone;
  for (const auto& field : as_read_by("tesseract", "Moreau")) disputed.readings[0].fields.push_back(field);
  EXPECT_GT(ratio(disputed, kDupont), 0) << "the network's word counts more than Tesseract's";
}

TEST(Likelihood, hostile_readings_stay_finite) {
  ocr::FieldReading field;
  field.letters.resize(5000);
  for (std::size_t t = 0; t < field.letters.size(); ++t) {
    field.letters[t].probability.fill(t % 3 == 0 ? std::numeric_limits<float>::quiet_NaN() : -1.0F);
    field.letters[t].nothing = t % 5 == 0 ? std::numeric_limits<float>::infinity() : 0.0F;
  }
  CopyEvidence evidence;
  for (const auto kind : {FieldKind::last_name, FieldKind::first_name, FieldKind::full_name, FieldKind::birth_date}) {
    field.kind = kind;
    evidence.readings.push_back({"hostile", {field}});
  }
  EXPECT_TRUE(std::isfinite(ratio(evidence, kDupont)));
  EXPECT_TRUE(std::isfinite(ratio(evidence, student_of("\u674e", "\u96f7", {}))));
  EXPECT_TRUE(std::isfinite(ratio(evidence, student_of(std::string(3000, 'x'), "Y"))));
}

TEST(Likelihood, a_name_without_comparable_letters_is_neutral) {
  const Fit fit =
      fit_roster(written("Dupont", "Jean", kNoDate), RosterTexts(std::vector{student_of("\u674e", "\u96f7")}))[0];
  EXPECT_NEAR(fit.names, 0, 0.1);
}

TEST(Legibility, counts_only_letters_that_are_rather_sure) {
  EXPECT_EQ(legibility(written("Dupont", "Jean", "15/05/2008", {.accuracy = 0.99, .overconfident = true, .lost = 0}))
                .name_letters,
            10U);
  EXPECT_EQ(legibility(written("Dupont", "Jean", "15/05/2008", {.accuracy = 0.99, .overconfident = true, .lost = 0}))
                .date_digits,
            8U);
  EXPECT_FALSE(legibility({}).anything);
  CopyEvidence twice = written("Dupont", "Jean", kNoDate, {.accuracy = 0.99, .overconfident = true, .lost = 0});
  auto& fields = twice.readings[0].fields;
  const auto by_first = fields;
  for (auto field : by_first) {
    field.engine = "another";
    fields.push_back(field);
  }
  EXPECT_EQ(legibility(twice).name_letters, 10U) << "a letter read by two engines is one letter";
}

}  // namespace
}  // namespace korrigo::identification
