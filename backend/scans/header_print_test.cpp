// Header prints learned from strips of drawn faces: a printed form under differing hands, among other faces.
#include "scans/header_print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scans/drawn_pages.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kForm = 11;
constexpr std::uint64_t kOtherForm = 12;

/// Upper strip of a first face, which lies up to 4 mm from its usual place.
GrayImage strip_of(std::uint64_t form, int hand) {
  Random random(static_cast<std::uint64_t>(hand) + 1000);
  const int dx = random.integer(-12, 12);
  const int dy = random.integer(-12, 12);
  return drawn::surveyed(drawn::first_face(form, static_cast<std::uint64_t>(hand), dx, dy)).top_strip;
}

std::vector<GrayImage> headers(std::uint64_t form, int first_hand, int count) {
  std::vector<GrayImage> strips;
  for (int hand = first_hand; hand < first_hand + count; ++hand) strips.push_back(strip_of(form, hand));
  return strips;
}

/// Both strips of faces that are no first faces.
std::vector<GrayImage> other_strips(int faces) {
  std::vector<GrayImage> strips;
  for (int face = 0; face < faces; ++face) {
    FaceSurvey survey = drawn::surveyed(drawn::page(500 + static_cast<std::uint64_t>(face), 5 + 4 * face));
    strips.push_back(std::move(survey.top_strip));
    strips.push_back(std::move(survey.bottom_strip));
  }
  return strips;
}

std::vector<GrayImage> together(std::vector<GrayImage> first, const std::vector<GrayImage>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

class HeaderPrints : public testing::Test {
 protected:
  // Drawn and learned once: looking at two dozen pages takes a while in the sanitized flavour.
  static void SetUpTestSuite() {
    headers_ = headers(kForm, 0, 6);
    others_ = other_strips(5);
    prints_ = learn_prints(together(others_, headers_));
  }
  static void TearDownTestSuite() {
    headers_.clear();
    others_.clear();
    prints_.clear();
  }
  inline static std::vector<GrayImage> headers_;
  inline static std::vector<GrayImage> others_;
  inline static std::vector<HeaderPrint> prints_;
};

TEST_F(HeaderPrints, one_form_gives_one_print_from_its_headers) {
  ASSERT_THAT(prints_, SizeIs(1));
  EXPECT_GE(prints_[0].members, 5);
  EXPECT_LE(prints_[0].members, 6);
}

TEST_F(HeaderPrints, headers_score_far_above_other_strips) {
  for (const GrayImage& strip : headers_) EXPECT_GT(match_print(prints_, strip).score, 0.4);
  for (const GrayImage& strip : others_) EXPECT_LT(match_print(prints_, strip).score, 0.15);
}

TEST_F(HeaderPrints, a_header_that_was_not_learned_from_is_known_too) {
  const HeaderMatch match = match_print(prints_, strip_of(kForm, 77));
  EXPECT_GT(match.score, 0.35);
  EXPECT_EQ(match.form, 0);
}

TEST_F(HeaderPrints, the_print_is_the_form_without_the_hands) {
  Random random(1);
  GrayImage unfilled = drawn::paper(drawn::kWidth, drawn::kHeight, random);
  drawn::print_form(unfilled, kForm, 50, 40);
  EXPECT_GT(match_print(prints_, drawn::surveyed(unfilled).top_strip).score, 0.75);
  for (int hand = 0; hand < 3; ++hand) EXPECT_LT(match_print(prints_, strip_of(drawn::kNoForm, hand)).score, 0.3);
}

TEST_F(HeaderPrints, the_header_of_a_face_on_its_head_is_in_its_bottom_strip) {
  const FaceSurvey turned = drawn::surveyed(imaging::rotated(drawn::first_face(kForm, 42), 180));
  EXPECT_GT(match_print(prints_, turned.bottom_strip).score, 0.35);
  EXPECT_LT(match_print(prints_, turned.top_strip).score, 0.15);
}

TEST_F(HeaderPrints, the_match_tells_how_far_the_page_was_moved) {
  const HeaderMatch still = match_print(prints_, drawn::surveyed(drawn::first_face(kForm, 42)).top_strip);
  const HeaderMatch moved = match_print(prints_, drawn::surveyed(drawn::first_face(kForm, 42, 10, -8)).top_strip);
  EXPECT_NEAR(moved.dx - still.dx, 5, 1);
  EXPECT_NEAR(moved.dy - still.dy, -4, 1);
}

TEST_F(HeaderPrints, a_strip_cut_narrow_is_still_a_header) {
  for (const int lost : {8, 16}) {
    const GrayImage& strip = headers_[1];
    const GrayImage left = imaging::cropped(strip, {lost, 0, strip.width() - lost, strip.height()});
    const GrayImage right = imaging::cropped(strip, {0, 0, strip.width() - lost, strip.height()});
    EXPECT_GT(match_print(prints_, right).score, 0.3) << lost;
    if (lost <= 8) {
      EXPECT_GT(match_print(prints_, left).score, 0.3) << lost;
    }
  }
}

TEST_F(HeaderPrints, the_threshold_lies_between_headers_and_other_strips) {
  std::vector<double> chance;
  for (const GrayImage& strip : others_) chance.push_back(match_print(prints_, strip).score);
  const double threshold = header_threshold(chance);
  for (const double score : chance) EXPECT_LT(score, threshold);
  for (const GrayImage& strip : headers_) EXPECT_GT(match_print(prints_, strip).score, threshold);
}

TEST_F(HeaderPrints, the_order_of_the_strips_does_not_matter) {
  auto strips = together(headers_, others_);
  Random(3).shuffle(std::span(strips));
  const auto prints = learn_prints(strips);
  ASSERT_THAT(prints, SizeIs(1));
  for (const GrayImage& strip : headers_) EXPECT_GT(match_print(prints, strip).score, 0.4);
  for (const GrayImage& strip : others_) EXPECT_LT(match_print(prints, strip).score, 0.15);
}

TEST_F(HeaderPrints, two_forms_in_one_batch_give_two_prints_the_commoner_first) {
  const auto others = headers(kOtherForm, 20, 4);
  const auto prints = learn_prints(together(together(others, headers_), others_));
  ASSERT_THAT(prints, SizeIs(2));
  EXPECT_GT(prints[0].members, prints[1].members);
  for (const GrayImage& strip : headers_) EXPECT_EQ(match_print(prints, strip).form, 0);
  for (const GrayImage& strip : others) {
    EXPECT_EQ(match_print(prints, strip).form, 1);
    EXPECT_GT(match_print(prints, strip).score, 0.4);
  }
  for (const GrayImage& strip : others_) EXPECT_LT(match_print(prints, strip).score, 0.15);
}

TEST_F(HeaderPrints, three_headers_of_a_form_are_enough_and_two_are_not) {
  const std::vector<GrayImage> two(headers_.begin(), headers_.begin() + 2);
  const std::vector<GrayImage> three(headers_.begin(), headers_.begin() + 3);
  EXPECT_THAT(learn_prints(together(two, others_)), IsEmpty());
  EXPECT_THAT(learn_prints(together(three, others_)), SizeIs(1));
}

TEST_F(HeaderPrints, written_faces_alone_have_no_print) {
  EXPECT_THAT(learn_prints(others_), IsEmpty());
}

TEST_F(HeaderPrints, strips_that_share_something_with_one_other_only_have_no_print) {
  const GrayImage& one = others_[0];
  const GrayImage& two = others_[2];
  GrayImage both(one.width(), one.height());
  for (std::size_t i = 0; i < both.pixels().size(); ++i)
    both.pixels()[i] = static_cast<std::uint8_t>((one.pixels()[i] + two.pixels()[i]) / 2);
  EXPECT_THAT(learn_prints({both, one, two}), IsEmpty());
}

TEST_F(HeaderPrints, more_strips_than_are_looked_at_still_show_the_form) {
  std::vector<GrayImage> many;
  for (int i = 0; i < 130; ++i)
    many.push_back(i % 13 == 0 ? headers_[static_cast<std::size_t>(i / 13 % 6)]
                               : GrayImage(309, 103, std::uint8_t{128}));
  EXPECT_THAT(learn_prints(many), SizeIs(1));
}

TEST(HeaderPrint, ruled_paper_has_no_print) {
  std::vector<GrayImage> strips;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) strips.push_back(drawn::surveyed(drawn::page(seed, 0)).top_strip);
  EXPECT_THAT(learn_prints(strips), IsEmpty());
}

TEST(HeaderPrint, nothing_and_tiny_strips_give_no_print) {
  EXPECT_THAT(learn_prints({}), IsEmpty());
  EXPECT_THAT(learn_prints({GrayImage(), GrayImage(3, 3), GrayImage(20, 100), GrayImage(100, 20)}), IsEmpty());
}

TEST(HeaderPrint, without_prints_nothing_matches) {
  const HeaderMatch match = match_print({}, GrayImage(309, 103));
  EXPECT_EQ(match.form, -1);
  EXPECT_EQ(match.score, -1);
}

TEST_F(HeaderPrints, empty_and_tiny_strips_are_no_headers) {
  for (const GrayImage& strip : {GrayImage(), GrayImage(1, 1), GrayImage(16, 16)})
    EXPECT_LT(match_print(prints_, strip).score, 0.2);
}

TEST(HeaderPrint, the_threshold_rises_with_chance_within_its_bounds) {
  EXPECT_DOUBLE_EQ(header_threshold({}), 0.2);
  EXPECT_DOUBLE_EQ(header_threshold({0.01, 0.05}), 0.2);
  EXPECT_GT(header_threshold({0.05, 0.15}), 0.2);
  EXPECT_GT(header_threshold({0.15}), 0.15);
  EXPECT_DOUBLE_EQ(header_threshold({0.05, 0.4}), 0.5);
  EXPECT_DOUBLE_EQ(header_threshold({-1, -1}), 0.2);
}

}  // namespace
}  // namespace korrigo::scans
