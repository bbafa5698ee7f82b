#include "identification/combs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <cmath>

#include "base/random.h"
#include "imaging/geometry.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr std::uint8_t kPaper = 240;

/// How a row of boxes is printed.
struct Print {
  int tone = 120;
  int thickness = 3;
  int dash = 0;  // pixels drawn and left out in turn; 0: a whole line
  bool ticks = false;
};

void draw_line(GrayImage& page, const PixelRect& line, const Print& print) {
  for (int y = line.y; y < line.bottom(); ++y)
    for (int x = line.x; x < line.right(); ++x)
      if (print.dash == 0 || (std::max(x - line.x, y - line.y) / print.dash) % 2 == 0)
        page.row(y)[x] = static_cast<std::uint8_t>(print.tone);
}

void draw_box(GrayImage& page, const PixelRect& box, const Print& print) {
  const int t = print.thickness;
  const int tall = print.ticks ? box.height / 3 : box.height;
  draw_line(page, {box.x, box.bottom() - t / 2, box.width, t}, print);
  for (const int x : {box.x, box.right()}) draw_line(page, {x - t / 2, box.bottom() - tall, t, tall}, print);
  if (!print.ticks) draw_line(page, {box.x, box.y - t / 2, box.width, t}, print);
}

// A zigzag of the pen over the boxes, as letters would lie.
void scribble(GrayImage& page, const std::vector<PixelRect>& boxes, Random& random) {
  for (const PixelRect& box : boxes)
    for (int stroke = 0; stroke < 3; ++stroke) {
      const double x0 = box.x + random.between(0.1, 0.9) * box.width,
                   y0 = box.y + random.between(0.05, 0.4) * box.height;
      const double x1 = box.x + random.between(0.1, 0.9) * box.width,
                   y1 = box.y + random.between(0.6, 1.1) * box.height;
      for (double t = 0; t <= 1; t += 0.004)
        for (int dy = -2; dy <= 2; ++dy)
          for (int dx = -2; dx <= 2; ++dx)
            page.row(static_cast<int>(y0 + t * (y1 - y0)) + dy)[static_cast<int>(x0 + t * (x1 - x0)) + dx] = 50;
    }
}

GrayImage scanned(const GrayImage& page, double degrees, Random& random) {
  GrayImage picture = imaging::deskewed(page, degrees);
  for (std::uint8_t& tone : picture.pixels())
    tone = static_cast<std::uint8_t>(std::clamp(tone + random.integer(-4, 4), 0, 255));
  return picture;
}

std::vector<PixelRect> row_of(int left, int top, int count, int width, int height, int space = 0) {
  std::vector<PixelRect> boxes;
  for (int i = 0; i < count; ++i) boxes.push_back({left + i * (width + space), top, width, height});
  return boxes;
}

void expect_boxes(const Comb& comb, const std::vector<PixelRect>& boxes, const std::string& what) {
  std::string found;
  for (const PixelRect& box : comb.boxes) found += fmt::format(" {}+{}", box.x, box.width);
  ASSERT_EQ(comb.boxes.size(), boxes.size()) << what << found;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_NEAR(comb.boxes[i].x, boxes[i].x, 4) << what << ", box " << i;
    EXPECT_NEAR(comb.boxes[i].width, boxes[i].width, 5) << what << ", box " << i;
    EXPECT_NEAR(comb.boxes[i].bottom(), boxes[i].bottom(), 5) << what << ", box " << i;
  }
}

TEST(Combs, are_found_under_writing_however_they_are_printed) {
  const std::vector<std::pair<const char*, Print>> prints = {
      {"black", {20, 4, 0, false}},     {"grey", {150, 3, 0, false}},        {"pale", {222, 3, 0, false}},
      {"dashed", {120, 3, 8, false}},   {"pale dashed", {205, 3, 8, false}}, {"ticks", {120, 3, 0, true}},
      {"pale ticks", {215, 4, 0, true}}};
  Random random(1);
  for (const auto& [name, print] : prints)
    for (const double degrees : {0.0, 0.25, -0.4}) {
      GrayImage page(2400, 560, kPaper);
      const auto above = row_of(400, 90, 20, 70, 82);
      const auto below = row_of(400, 230, 20, 70, 82);
      for (const auto& row : {above, below})
        for (const PixelRect& box : row) draw_box(page, box, print);
      scribble(page, {above.begin(), above.begin() + 8}, random);
      scribble(page, {below.begin(), below.begin() + 5}, random);
      const auto combs = find_combs(scanned(page, degrees, random));
      const auto what = fmt::format("{}, {} degrees", name, degrees);
      ASSERT_EQ(combs.size(), 2U) << what;
      if (degrees == 0) {
        expect_boxes(combs[0], above, what);
        expect_boxes(combs[1], below, what);
      }
      EXPECT_EQ(combs[0].boxes.size(), 20U) << what;
      EXPECT_EQ(combs[1].boxes.size(), 20U) << what;
    }
}

TEST(Combs, of_separate_boxes_and_of_groups_are_found) {
  Random random(2);
  GrayImage page(2400, 560, kPaper);
  const auto name = row_of(400, 90, 16, 66, 80, 12);
  auto date = row_of(400, 230, 2, 66, 80, 12);
  for (const auto& [left, count] : {std::pair{590, 2}, {780, 4}})
    for (const PixelRect& box : row_of(left, 230, count, 66, 80, 12)) date.push_back(box);
  for (const auto& row : {name, date})
    for (const PixelRect& box : row) draw_box(page, box, {});
  scribble(page, {name.begin(), name.begin() + 7}, random);
  scribble(page, date, random);
  const auto combs = find_combs(scanned(page, 0, random));
  ASSERT_EQ(combs.size(), 2U);
  expect_boxes(combs[0], name, "name");
  expect_boxes(combs[1], date, "date");
}

TEST(Combs, side_by_side_are_two) {
  Random random(3);
  GrayImage page(2400, 400, kPaper);
  const auto left = row_of(150, 150, 14, 62, 76);
  const auto right = row_of(1120, 150, 14, 62, 76);
  for (const auto& row : {left, right})
    for (const PixelRect& box : row) draw_box(page, box, {});
  scribble(page, {left.begin(), left.begin() + 6}, random);
  const auto combs = find_combs(scanned(page, 0, random));
  ASSERT_EQ(combs.size(), 2U);
  expect_boxes(combs[0], left, "left");
  expect_boxes(combs[1], right, "right");
}

TEST(Combs, are_none_where_none_are_printed) {
  Random random(4);
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 300}, {300, 7}, {130, 44}, {2400, 560}})
    EXPECT_TRUE(find_combs(GrayImage(width, height)).empty()) << width << " x " << height;
  GrayImage ruled(2400, 560, kPaper);
  for (int y = 60; y < 540; y += 94) draw_line(ruled, {100, y, 2200, 3}, {});
  scribble(ruled, row_of(300, 160, 18, 60, 80), random);
  EXPECT_TRUE(find_combs(scanned(ruled, 0, random)).empty()) << "writing on ruled paper";
}

}  // namespace
}  // namespace korrigo::identification
