// What one look at a side tells, on pages drawn at 75 dpi.
#include "scans/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scans/drawn_pages.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr int kMiddle = drawn::kWidth;
constexpr int kTwoMillimetres = 6;

std::vector<FaceSurvey> survey(const GrayImage& side, SurveyOptions::Format format = SurveyOptions::Format::automatic) {
  return survey_side(side, drawn::kDpi, side.width() * drawn::kFullScale, side.height() * drawn::kFullScale, {format});
}

std::vector<std::string> flags(const GrayImage& face) {
  return drawn::surveyed(face).face.flags;
}

GrayImage a3_side(int fold_at) {
  return drawn::side_by_side(drawn::page(1, 20), drawn::page(2, 20), fold_at);
}

TEST(Survey, an_a3_side_is_cut_at_its_fold_into_two_faces_that_fill_it) {
  const GrayImage side = a3_side(kMiddle);
  const auto faces = survey(side);
  ASSERT_EQ(faces.size(), 2U);
  const PixelRect left = faces[0].face.part;
  const PixelRect right = faces[1].face.part;
  EXPECT_EQ(faces[0].face.half, Half::left);
  EXPECT_EQ(faces[1].face.half, Half::right);
  EXPECT_EQ(left.x, 0);
  EXPECT_EQ(left.right(), right.x);
  EXPECT_EQ(right.right(), side.width() * drawn::kFullScale);
  for (const PixelRect& part : {left, right}) {
    EXPECT_EQ(part.y, 0);
    EXPECT_EQ(part.height, side.height() * drawn::kFullScale);
  }
  EXPECT_NEAR(left.right(), kMiddle * drawn::kFullScale, 12 * drawn::kFullScale);
  EXPECT_EQ(faces[0].face.rotation, 0);
  EXPECT_FALSE(faces[0].face.header);
}

TEST(Survey, the_cut_follows_a_gutter_shadow_off_the_middle) {
  for (const int fold : {kMiddle - kTwoMillimetres, kMiddle, kMiddle + kTwoMillimetres}) {
    GrayImage side = a3_side(fold);
    drawn::shade_fold(side, fold);
    const auto faces = survey(side);
    ASSERT_EQ(faces.size(), 2U);
    EXPECT_NEAR(faces[1].face.part.x, fold * drawn::kFullScale, drawn::kFullScale) << fold;
  }
}

TEST(Survey, a_faint_shadow_is_found_beside_writing_that_reaches_the_fold) {
  const int fold = kMiddle + kTwoMillimetres;
  GrayImage side = a3_side(fold);
  Random random(3);
  drawn::write(side, {kMiddle - 300, 100, 290, 700}, 25, random);
  drawn::shade_fold(side, fold, 12);
  EXPECT_NEAR(find_fold(side), fold, 1);
}

TEST(Survey, the_fold_of_a_sheet_that_lies_askew_is_followed) {
  for (const double degrees : {-1.5, 1.5}) {
    GrayImage side = a3_side(kMiddle);
    drawn::shade_fold(side, kMiddle, 12);
    EXPECT_NEAR(find_fold(imaging::deskewed(side, degrees), -degrees), kMiddle, 2) << degrees;
  }
}

TEST(Survey, without_a_shadow_the_cut_runs_where_nothing_is_written) {
  Random random(4);
  GrayImage side = drawn::paper(2 * kMiddle, drawn::kHeight, random);
  // The left page's writing runs over the middle, up to 2 mm left of the fold.
  for (int y = 60; y < 800; y += drawn::kLine)
    for (int x = 100; x < kMiddle;) x = drawn::word(side, x, y, 4, random);
  drawn::write(side, {kMiddle + 40, 60, 500, 760}, 25, random);
  const int fold = find_fold(side);
  EXPECT_GT(fold, kMiddle);
  EXPECT_LT(fold, kMiddle + 40);
  for (int y = 0; y < side.height(); ++y) ASSERT_GT(side.at(fold, y), 200) << y;
}

TEST(Survey, an_empty_side_is_cut_in_the_middle) {
  Random random(5);
  EXPECT_NEAR(find_fold(drawn::paper(2 * kMiddle, drawn::kHeight, random)), kMiddle, 8);
}

TEST(Survey, an_a4_side_is_one_face) {
  const auto faces = survey(drawn::page(1, 20));
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].face.half, Half::full);
  EXPECT_EQ(faces[0].face.part,
            (PixelRect{0, 0, drawn::kWidth * drawn::kFullScale, drawn::kHeight * drawn::kFullScale}));
  EXPECT_THAT(faces[0].face.flags, IsEmpty());
}

TEST(Survey, a_forced_format_holds) {
  EXPECT_EQ(survey(a3_side(kMiddle), SurveyOptions::Format::a4).size(), 1U);
  EXPECT_EQ(survey(drawn::page(1, 20), SurveyOptions::Format::a3).size(), 2U);
}

TEST(Survey, blank_faces_are_told_from_written_ones) {
  EXPECT_TRUE(drawn::surveyed(drawn::page(1, 0)).face.blank);
  EXPECT_FALSE(drawn::surveyed(drawn::page(2, 3)).face.blank);
  EXPECT_FALSE(drawn::surveyed(drawn::page(3, 25)).face.blank);
  Random random(4);
  EXPECT_TRUE(drawn::surveyed(drawn::paper(drawn::kWidth, drawn::kHeight, random)).face.blank);
}

TEST(Survey, each_face_of_a_side_is_judged_for_itself) {
  const auto faces = survey(drawn::side_by_side(drawn::page(1, 0), drawn::page(2, 20), kMiddle));
  EXPECT_TRUE(faces[0].face.blank);
  EXPECT_FALSE(faces[1].face.blank);
}

TEST(Survey, squared_paper_is_blank_until_written_on) {
  Random random(6);
  GrayImage face = drawn::paper(drawn::kWidth, drawn::kHeight, random);
  for (int y = 0; y < face.height(); y += 15) drawn::fill(face, {0, y, face.width(), 1}, 170);
  for (int x = 0; x < face.width(); x += 15) drawn::fill(face, {x, 0, 1, face.height()}, 170);
  EXPECT_TRUE(drawn::surveyed(face).face.blank);
  drawn::write(face, drawn::kTextArea, 5, random);
  EXPECT_FALSE(drawn::surveyed(face).face.blank);
}

TEST(Survey, a_faint_pen_counts_as_writing_and_is_flagged) {
  const GrayImage faint = drawn::page(1, 20, drawn::kPaper - 38);
  EXPECT_FALSE(drawn::surveyed(faint).face.blank);
  EXPECT_THAT(flags(faint), ElementsAre("faint"));
  EXPECT_THAT(flags(drawn::page(1, 20)), IsEmpty());
}

TEST(Survey, a_blurred_face_is_flagged) {
  const GrayImage sharp = drawn::page(1, 25);
  const GrayImage blurred = imaging::resized(imaging::box_reduced(sharp, 4), drawn::kWidth, drawn::kHeight);
  EXPECT_THAT(flags(blurred), Contains("blurred"));
  EXPECT_THAT(flags(sharp), Not(Contains("blurred")));
}

TEST(Survey, a_face_that_lacks_a_part_is_flagged) {
  const GrayImage whole = drawn::page(1, 20);
  EXPECT_THAT(flags(imaging::cropped(whole, {0, 0, drawn::kWidth, drawn::kHeight * 3 / 4})), Contains("cut_off"));
  EXPECT_THAT(flags(imaging::cropped(whole, {0, 0, drawn::kWidth * 3 / 4, drawn::kHeight})), Contains("cut_off"));
}

TEST(Survey, the_turn_that_levels_a_skewed_side_is_measured) {
  for (const double skew : {-2.0, -0.7, 0.0, 1.3}) {
    const GrayImage side = imaging::deskewed(a3_side(kMiddle), -skew);
    for (const FaceSurvey& face : survey(side)) EXPECT_NEAR(face.face.skew_degrees, skew, 0.15);
  }
}

TEST(Survey, strips_of_a_skewed_face_are_level) {
  const GrayImage face = drawn::first_face(1, 2);
  const GrayImage level = drawn::surveyed(face).top_strip;
  const GrayImage skewed = drawn::surveyed(imaging::deskewed(face, -1.5)).top_strip;
  EXPECT_GT(imaging::correlation(level, skewed), 0.6);
}

TEST(Survey, strips_are_as_high_as_promised_at_their_own_resolution) {
  const FaceSurvey face = drawn::surveyed(drawn::page(1, 20));
  for (const GrayImage* strip : {&face.top_strip, &face.bottom_strip}) {
    EXPECT_NEAR(strip->width(), drawn::kWidth * kStripDpi / drawn::kDpi, 1);
    EXPECT_NEAR(strip->height(), kStripHeightInches * kStripDpi, 1);
  }
  EXPECT_NEAR(face.thumb.width() * kThumbReduction, face.top_strip.width(), kThumbReduction);
}

TEST(Survey, the_bottom_strip_is_the_top_strip_of_the_face_on_its_head) {
  const GrayImage face = drawn::first_face(1, 2);
  const FaceSurvey upright = drawn::surveyed(face);
  const FaceSurvey turned = drawn::surveyed(imaging::rotated(face, 180));
  EXPECT_GT(imaging::best_match(turned.bottom_strip, imaging::cropped(upright.top_strip, {4, 4, 300, 95})).score, 0.9);
  EXPECT_LT(imaging::correlation(turned.top_strip, upright.top_strip), 0.2);
}

TEST(Survey, strips_show_a_form_but_no_ruling) {
  const auto structure = [](const GrayImage& strip) {
    double sum = 0;
    for (const std::uint8_t tone : strip.pixels()) sum += std::abs(tone - 128);
    return sum / static_cast<double>(strip.pixels().size());
  };
  EXPECT_LT(structure(drawn::surveyed(drawn::page(1, 0)).top_strip), 1);
  EXPECT_GT(structure(drawn::surveyed(drawn::first_face(1, 2)).top_strip), 4);
}

TEST(Survey, the_standing_of_writing_turns_with_the_face) {
  const GrayImage face = drawn::page(7, 28);
  EXPECT_GT(drawn::surveyed(face).standing, 0.5);
  EXPECT_LT(drawn::surveyed(imaging::rotated(face, 180)).standing, -0.5);
}

TEST(Survey, empty_and_tiny_pictures_are_surveyed_too) {
  for (const auto& [width, height] : {std::pair{0, 0}, {1, 1}, {2, 2}, {1, 40}, {40, 1}, {17, 16}, {90, 60}, {0, 9}})
    for (const auto format : {SurveyOptions::Format::automatic, SurveyOptions::Format::a3, SurveyOptions::Format::a4}) {
      const auto faces = survey(GrayImage(width, height), format);
      ASSERT_FALSE(faces.empty()) << width << " x " << height;
      for (const FaceSurvey& face : faces) EXPECT_TRUE(face.face.blank);
    }
}

TEST(Survey, a_black_side_is_survived) {
  EXPECT_EQ(survey(GrayImage(2 * kMiddle, drawn::kHeight, std::uint8_t{0})).size(), 2U);
}

}  // namespace
}  // namespace korrigo::scans
