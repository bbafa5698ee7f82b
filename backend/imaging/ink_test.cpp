// Components, lines and quality of ink pictures.
#include <gtest/gtest.h>

#include <cmath>

#include "imaging/components.h"
#include "imaging/geometry.h"
#include "imaging/lines.h"
#include "imaging/quality.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using testing::page;

GrayImage blank(int width, int height) {
  return GrayImage(width, height, std::uint8_t{0});
}

void fill(GrayImage& image, const PixelRect& rect, std::uint8_t value = 255) {
  for (int y = rect.y; y < rect.bottom(); ++y) std::fill(image.row(y) + rect.x, image.row(y) + rect.right(), value);
}

/// A line of the given thickness from (x0, y0) to (x1, y1), horizontal rather than vertical.
void rule(GrayImage& image, double x0, double y0, double x1, double y1, int thickness, std::uint8_t value = 255) {
  for (int x = static_cast<int>(x0); x <= static_cast<int>(x1); ++x) {
    const double centre = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
    const int top = static_cast<int>(std::lround(centre - (thickness - 1) / 2.0));
    for (int y = top; y < top + thickness; ++y) image.row(y)[x] = value;
  }
}

TEST(Components, join_over_corners_and_forks) {
  GrayImage ink = blank(20, 12);
  fill(ink, {1, 1, 2, 2});
  fill(ink, {3, 3, 2, 2});  // touches the first at a corner
  fill(ink, {10, 2, 1, 6});
  fill(ink, {14, 2, 1, 6});
  fill(ink, {10, 8, 5, 1});  // joins the two legs below
  fill(ink, {19, 11, 1, 1});
  const auto parts = find_components(ink);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].box, (PixelRect{1, 1, 4, 4}));
  EXPECT_EQ(parts[0].pixels, 8);
  EXPECT_EQ(parts[1].box, (PixelRect{10, 2, 5, 7}));
  EXPECT_EQ(parts[1].pixels, 17);
  EXPECT_EQ(parts[2].box, (PixelRect{19, 11, 1, 1}));
  EXPECT_TRUE(find_components(blank(5, 5)).empty());
  EXPECT_TRUE(find_components(GrayImage()).empty());
}

TEST(Components, count_every_ink_pixel_once) {
  const GrayImage ink = binarised(page(301, 257));
  long long in_parts = 0;
  for (const Component& part : find_components(ink)) in_parts += part.pixels;
  EXPECT_EQ(in_parts, std::count(ink.pixels().begin(), ink.pixels().end(), 255));
}

TEST(Lines, are_found_with_their_slope_and_thickness) {
  for (const double slope : {-0.05, -0.01, 0.0, 0.02, 0.08}) {
    GrayImage ink = blank(900, 400);
    rule(ink, 50, 200, 850, 200 + 800 * slope, 3);
    const auto lines = find_lines(ink, true, 300);
    ASSERT_EQ(lines.size(), 1U) << slope;
    EXPECT_NEAR(lines[0].x0, 50, 2);
    EXPECT_NEAR(lines[0].x1, 850, 2);
    EXPECT_NEAR(lines[0].y0, 200, 0.6);
    EXPECT_NEAR(lines[0].y1, 200 + 800 * slope, 0.6);
    EXPECT_NEAR(lines[0].thickness, 3, 0.3);
    const auto turned = find_lines(rotated(ink, 90), false, 300);
    ASSERT_EQ(turned.size(), 1U);
    EXPECT_NEAR(turned[0].x0, 399 - 200, 0.6);
    EXPECT_NEAR(turned[0].y0, 50, 2);
  }
}

TEST(Lines, go_on_under_writing_and_over_gaps) {
  GrayImage ink = blank(900, 300);
  rule(ink, 50, 150, 850, 158, 2);
  for (int x = 100; x < 800; x += 60) fill(ink, {x, 130, 9, 40});  // strokes across
  fill(ink, {400, 140, 3, 40}, 0);                                 // a gap
  const auto lines = find_lines(ink, true, 300);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NEAR(lines[0].x1 - lines[0].x0, 800, 4);
  EXPECT_NEAR(lines[0].y0, 150, 1);
  EXPECT_NEAR(lines[0].y1, 158, 1);
}

TEST(Lines, may_be_dashed_when_the_gap_is_allowed) {
  GrayImage ink = blank(900, 100);
  for (int x = 50; x < 850; x += 14) fill(ink, {x, 50, 6, 2});
  EXPECT_TRUE(find_lines(ink, true, 300).empty());
  const auto lines = find_lines(ink, true, 300, {.max_gap = 10, .least_cover = 0.3});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NEAR(lines[0].y0, 50.5, 0.3);
}

TEST(Lines, of_a_comb_are_all_found) {
  GrayImage ink = blank(1000, 200);
  rule(ink, 40, 60, 940, 62, 3);
  rule(ink, 40, 120, 940, 122, 3);
  for (int i = 0; i <= 20; ++i) fill(ink, {40 + 45 * i, 60, 2, 62});
  EXPECT_EQ(find_lines(ink, true, 500).size(), 2U);
  EXPECT_EQ(find_lines(ink, false, 40).size(), 21U);
}

TEST(Lines, begin_at_the_ragged_edge_of_another_line) {
  GrayImage ink = blank(400, 200);
  fill(ink, {40, 60, 320, 4});
  for (int i = 0; i < 8; ++i) {
    fill(ink, {60 + 40 * i, 64, 5, 70});
    fill(ink, {60 + 40 * i + i % 5, 59, 1 + i % 3, 1});  // what binarising leaves of an edge that grows pale
  }
  const auto lines = find_lines(ink, false, 16);
  ASSERT_EQ(lines.size(), 8U);
  for (const Segment& line : lines) {
    EXPECT_NEAR(line.y0, 64, 5) << line.x0;
    EXPECT_NEAR(line.y1, 133, 1) << line.x0;
  }
}

TEST(Lines, are_not_letters_or_blots) {
  const GrayImage ink = binarised(page(900, 700));
  EXPECT_TRUE(find_lines(ink, true, 100).empty());
  GrayImage disc = blank(300, 300);
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 300; ++x) {
      const double radius = std::hypot(x - 150, y - 150);
      if (radius < 120 && radius > 116) disc.row(y)[x] = 255;
    }
  }
  EXPECT_TRUE(find_lines(disc, true, 120).empty());
  EXPECT_TRUE(find_lines(GrayImage(), true, 10).empty());
}

TEST(InkShare, tells_blank_from_written) {
  Random random(2);
  GrayImage paper(620, 877, std::uint8_t{235});
  for (std::uint8_t& tone : paper.pixels()) tone = static_cast<std::uint8_t>(tone + random.integer(-5, 5));
  EXPECT_LT(ink_share(paper), 0.0005);
  EXPECT_GT(ink_share(page(620, 877)), 0.03);
  GrayImage few = paper;
  for (int i = 0; i < 8; ++i) rule(few, 100 + 12 * i, 300, 108 + 12 * i, 312, 2, 90);
  EXPECT_GT(ink_share(few), 2 * ink_share(paper));
}

TEST(InkShare, ignores_holes_borders_and_specks) {
  GrayImage paper(620, 877, std::uint8_t{235});
  fill(paper, {0, 0, 20, 877}, 30);
  fill(paper, {0, 870, 620, 7}, 10);
  for (const int centre : {300, 580}) {
    for (int y = -9; y <= 9; ++y) {
      for (int x = -9; x <= 9; ++x) {
        if (x * x + y * y <= 81) paper.row(centre + y)[40 + x] = 25;
      }
    }
  }
  for (int i = 0; i < 50; ++i) paper.row(100 + 13 * i)[200 + 7 * i] = 60;
  EXPECT_LT(ink_share(paper), 0.0005);
  EXPECT_EQ(ink_share(GrayImage()), 0);
}

TEST(Sharpness, falls_with_blur) {
  const GrayImage sharp = page(600, 600);
  const GrayImage soft = resized(resized(sharp, 200, 200), 600, 600);
  const GrayImage softer = resized(resized(sharp, 100, 100), 600, 600);
  EXPECT_GT(sharpness(sharp), 0.7);
  EXPECT_LT(sharpness(soft), 0.6);
  EXPECT_LT(sharpness(softer), 0.5);
  EXPECT_EQ(sharpness(GrayImage(100, 100)), 1);
}

}  // namespace
}  // namespace korrigo::imaging
