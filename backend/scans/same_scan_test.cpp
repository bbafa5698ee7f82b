#include "scans/same_scan.h"

#include <gtest/gtest.h>
#include <random>

namespace korrigo::scans {
namespace {

using imaging::GrayImage;

constexpr int kWidth = 300, kHeight = 100;
constexpr std::uint8_t kUsual = 128, kInk = 255;

// Short strokes in places that follow from the seed, moved by (x, y).
void write(GrayImage& strip, unsigned seed, int strokes, int x, int y) {
  std::mt19937 random(seed);
  for (int i = 0; i < strokes; ++i) {
    const int left = 20 + static_cast<int>(random() % 250) + x;
    const int top = 15 + static_cast<int>(random() % 65) + y;
    const bool flat = random() % 2 == 0;
    for (int step = 0; step < 7; ++step) strip.row(top + (flat ? 0 : step))[left + (flat ? step : 0)] = kInk;
  }
}

// A strip with the print that all pages share and what one student wrote.
GrayImage page(unsigned student, int strokes, int x = 0, int y = 0) {
  constexpr unsigned kPrint = 1000;
  GrayImage strip(kWidth, kHeight, kUsual);
  write(strip, kPrint, 150, x, y);
  write(strip, student, strokes, x, y);
  return strip;
}

TEST(SameScan, a_page_that_lies_elsewhere_is_the_same) {
  const InkComparison seen = compare_ink(page(1, 60), page(1, 60, 5, -4));
  EXPECT_GT(seen.ink, 1000);
  EXPECT_TRUE(seen.is_same());
}

TEST(SameScan, two_students_on_one_printed_page_are_not) {
  EXPECT_FALSE(compare_ink(page(1, 60), page(2, 60)).is_same());
  EXPECT_FALSE(compare_ink(page(1, 60), page(2, 60, -3, 3)).is_same());
  EXPECT_FALSE(compare_ink(page(1, 40), page(1, 0)).is_same());
}

TEST(SameScan, nothing_is_told_of_strips_too_small_to_lay_over_each_other) {
  EXPECT_EQ(compare_ink(GrayImage(20, 20, kInk), GrayImage(20, 20, kInk)).ink, 0);
}

}  // namespace
}  // namespace korrigo::scans
