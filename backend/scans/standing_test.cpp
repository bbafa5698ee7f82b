// Which way up writing stands, on drawn lines of words.
#include "scans/standing.h"

#include <gtest/gtest.h>

#include "imaging/geometry.h"
#include "scans/drawn_pages.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;

/// Ink at kStripDpi of unruled paper.
GrayImage ink_of(const GrayImage& page) {
  GrayImage ink = imaging::box_reduced(page, 2);
  for (std::uint8_t& tone : ink.pixels())
    tone = static_cast<std::uint8_t>(std::clamp((drawn::kPaper - 8 - tone) * 3, 0, 255));
  return ink;
}

GrayImage written(std::uint64_t seed, const imaging::PixelRect& area, int lines) {
  Random random(seed);
  GrayImage page = drawn::paper(drawn::kWidth, drawn::kHeight, random);
  drawn::write(page, area, lines, random);
  return ink_of(page);
}

double standing(const GrayImage& ink) {
  return standing_of_writing(ink);
}
double standing_turned(const GrayImage& ink) {
  return standing_of_writing(imaging::rotated(ink, 180));
}

TEST(Standing, writing_with_a_straight_left_margin_stands_upright) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const GrayImage ink = written(seed, drawn::kTextArea, 28);
    EXPECT_GT(standing(ink), 0.8) << seed;
    EXPECT_LT(standing_turned(ink), -0.8) << seed;
  }
}

TEST(Standing, half_a_page_stands_by_its_margin_and_by_filling_from_the_top) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const GrayImage ink = written(seed, drawn::kTextArea, 14);
    EXPECT_GT(standing(ink), 0.8) << seed;
    EXPECT_LT(standing_turned(ink), -0.8) << seed;
  }
}

TEST(Standing, the_margin_tells_although_the_page_fills_from_below) {
  const auto area = drawn::kTextArea;
  const GrayImage ink = written(3, {area.x, area.y + 200, area.width, area.height - 200}, 23);
  EXPECT_GT(standing(ink), 0.5);
  EXPECT_LT(standing_turned(ink), -0.5);
}

TEST(Standing, turning_the_face_turns_the_sign_and_keeps_the_strength) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const GrayImage ink = written(seed, drawn::kTextArea, 24);
    EXPECT_NEAR(standing(ink), -standing_turned(ink), 0.3) << seed;
  }
}

TEST(Standing, few_lines_weigh_less_than_many) {
  EXPECT_LT(standing(written(5, drawn::kTextArea, 3)), standing(written(5, drawn::kTextArea, 28)));
}

TEST(Standing, one_line_says_nothing) {
  EXPECT_EQ(standing(written(1, drawn::kTextArea, 1)), 0);
}

TEST(Standing, an_empty_face_says_nothing) {
  EXPECT_EQ(standing(written(1, drawn::kTextArea, 0)), 0);
  EXPECT_EQ(standing(GrayImage(310, 438, std::uint8_t{0})), 0);
  EXPECT_EQ(standing(GrayImage()), 0);
  EXPECT_EQ(standing(GrayImage(5, 3, std::uint8_t{255})), 0);
}

TEST(Standing, a_sketch_says_nothing) {
  GrayImage ink(310, 438, std::uint8_t{0});
  drawn::fill(ink, {40, 60, 2, 300}, 255);                                                           // axes
  drawn::fill(ink, {40, 360, 220, 2}, 255);                                                          //
  for (int x = 40; x < 250; ++x) drawn::fill(ink, {x, 360 - (x - 40) * (x - 40) / 170, 2, 3}, 255);  // a curve
  drawn::fill(ink, {150, 100, 90, 2}, 255);
  drawn::fill(ink, {150, 190, 90, 2}, 255);
  EXPECT_EQ(standing(ink), 0);
}

TEST(Standing, lines_that_begin_and_end_alike_say_little) {
  Random random(6);
  GrayImage page = drawn::paper(drawn::kWidth, drawn::kHeight, random);
  for (int line = 0; line < 31; ++line)
    for (int x = 70; x < drawn::kWidth - 100; x += 40) drawn::word(page, x, 76 + line * drawn::kLine, 4, random);
  EXPECT_LT(std::abs(standing(ink_of(page))), 0.3);
}

}  // namespace
}  // namespace korrigo::scans
