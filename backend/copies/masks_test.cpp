#include "copies/masks.h"

#include <gtest/gtest.h>

#include "imaging/geometry.h"

namespace korrigo::copies {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr double kDpi = 100;
constexpr int kWidth = 827, kHeight = 1169;  // A4

// A face that stands upright after `rotation`, somewhere on its side, with ink in the given box of the upright face.
struct Scanned {
  scans::Face face;
  GrayImage side;
};
Scanned scanned(int rotation, const PixelRect& ink) {
  GrayImage upright(kWidth, kHeight);
  for (int y = ink.y; y < ink.bottom(); ++y)
    for (int x = ink.x; x < ink.right(); ++x) upright.row(y)[x] = 0;
  const GrayImage lying = imaging::rotated(upright, (360 - rotation) % 360);
  Scanned made;
  made.face.rotation = rotation;
  made.face.part = {40, 70, lying.width(), lying.height()};
  made.side = GrayImage(lying.width() + 90, lying.height() + 120);
  for (int y = 0; y < lying.height(); ++y) std::copy_n(lying.row(y), lying.width(), made.side.row(70 + y) + 40);
  return made;
}

int ink_left(Scanned made, const std::vector<PixelRect>& hidden) {
  for (const PixelRect& rect : hidden)
    for (int y = rect.y; y < rect.bottom(); ++y)
      for (int x = rect.x; x < rect.right(); ++x) made.side.row(y)[x] = 255;
  int dark = 0;
  for (const std::uint8_t pixel : made.side.pixels()) dark += pixel == 0 ? 1 : 0;
  return dark;
}

int area(const std::vector<PixelRect>& hidden) {
  int sum = 0;
  for (const PixelRect& rect : hidden) sum += rect.width * rect.height;
  return sum;
}

TEST(Masks, boxes_lie_on_the_ink_whichever_way_a_face_was_scanned) {
  const PixelRect ink{100, 60, 400, 90};
  const FaceBox box{100.0 / kWidth, 60.0 / kHeight, 400.0 / kWidth, 90.0 / kHeight};
  for (const int rotation : {0, 90, 180, 270}) {
    const Scanned made = scanned(rotation, ink);
    const PixelRect found = on_side(made.face, box);
    EXPECT_EQ(ink_left(made, {found}), 0) << rotation;
    EXPECT_LE(found.width * found.height, 402 * 92) << rotation;
  }
}

TEST(Masks, turning_a_face_by_hand_keeps_a_box_on_its_ink) {
  const FaceBox box{0.1, 0.05, 0.5, 0.2};
  for (const int before : {0, 90, 180, 270})
    for (const int by : {0, 90, 180, 270}) {
      scans::Face face = scanned(before, {}).face;
      const PixelRect was = on_side(face, box);
      face.rotation = (before + by) % 360;
      const PixelRect is = on_side(face, turned(box, by));
      EXPECT_NEAR(is.x, was.x, 1) << before << " " << by;
      EXPECT_NEAR(is.y, was.y, 1) << before << " " << by;
      EXPECT_NEAR(is.width, was.width, 2) << before << " " << by;
      EXPECT_NEAR(is.height, was.height, 2) << before << " " << by;
    }
}

TEST(Masks, four_quarter_turns_are_none) {
  const FaceBox box{0.125, 0.25, 0.5, 0.0625};
  EXPECT_EQ(turned(turned(turned(turned(box, 90), 90), 90), 90), box);
  EXPECT_EQ(turned(turned(box, 270), 90), box);
  EXPECT_EQ(turned(turned(box, 180), 180), box);
}

TEST(Masks, a_header_is_hidden_over_its_whole_width_with_a_margin) {
  for (const int rotation : {0, 90, 180, 270}) {
    Scanned made = scanned(rotation, {0, 0, kWidth, 250});
    made.face.header = true;
    const auto hidden = hidden_on_side({made.face, true, FaceBox{0, 0, 1, 240.0 / kHeight}}, kDpi);
    EXPECT_EQ(ink_left(made, hidden), 0) << rotation;
    EXPECT_NEAR(area(hidden), kWidth * 260, kWidth * 2) << rotation;
  }
}

TEST(Masks, a_header_that_nobody_could_read_loses_the_whole_strip) {
  Scanned made = scanned(0, {0, 0, kWidth, 275});
  made.face.header = true;
  EXPECT_EQ(ink_left(made, hidden_on_side({made.face}, kDpi)), 0);
}

TEST(Masks, a_skewed_header_is_hidden_where_it_drifts_to) {
  Scanned made = scanned(0, {});
  made.face.header = true;
  made.face.skew_degrees = 2;
  const auto hidden = hidden_on_side({made.face, true, FaceBox{0, 0, 1, 0.2}}, kDpi);
  EXPECT_GE(hidden.front().height, static_cast<int>(0.2 * kHeight + 20 + std::sin(0.0349) * kWidth / 2));
}

TEST(Masks, the_first_face_of_a_copy_without_header_loses_its_upper_five_centimetres) {
  for (const int rotation : {0, 90, 180, 270}) {
    const Scanned made = scanned(rotation, {0, 0, kWidth, 196});
    EXPECT_EQ(ink_left(made, hidden_on_side({made.face, true}, kDpi)), 0) << rotation;
    EXPECT_TRUE(hidden_on_side({made.face, false}, kDpi).empty());
  }
}

TEST(Masks, boxes_that_the_office_added_are_hidden_on_any_face) {
  const Scanned made = scanned(180, {200, 800, 100, 50});
  const FaceBox box{200.0 / kWidth, 800.0 / kHeight, 100.0 / kWidth, 50.0 / kHeight};
  EXPECT_EQ(ink_left(made, hidden_on_side({made.face, false, {}, {box}}, kDpi)), 0);
}

}  // namespace
}  // namespace korrigo::copies
