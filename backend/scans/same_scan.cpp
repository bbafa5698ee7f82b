#include "scans/same_scan.h"

#include <algorithm>

#include "imaging/geometry.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr int kReach = 8;   // pixels at kStripDpi
constexpr int kCoarse = 2;  // reduction of the first search
constexpr int kFine = 2;    // pixels about what the first search found
constexpr int kMargin = kReach + kFine + 1;
// A strip is 128 where nothing is unusual, 255 in clear ink.
constexpr std::uint8_t kClearInk = 190;
constexpr std::uint8_t kAnyInk = 150;
constexpr double kNoise = 0.06;

struct Shift {
  int x = 0, y = 0;
};

// Where the middle of `other` lies in `one`, against its own place.
Shift shift_of(const GrayImage& one, const GrayImage& other, int width, int height) {
  const PixelRect middle{kMargin, kMargin, width - 2 * kMargin, height - 2 * kMargin};
  const GrayImage rough_pattern = imaging::box_reduced(imaging::cropped(other, middle), kCoarse);
  const GrayImage rough_window = imaging::box_reduced(imaging::cropped(one, middle.grown(kReach)), kCoarse);
  const imaging::Match rough = imaging::best_match(rough_window, rough_pattern);
  const Shift found{rough.x * kCoarse - kReach, rough.y * kCoarse - kReach};
  const PixelRect about{middle.x + found.x, middle.y + found.y, middle.width, middle.height};
  const imaging::Match exact =
      imaging::best_match(imaging::cropped(one, about.grown(kFine)), imaging::cropped(other, middle));
  return {found.x + exact.x - kFine, found.y + exact.y - kFine};
}

bool has_ink_about(const GrayImage& strip, int x, int y) {
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx)
      if (strip.at(x + dx, y + dy) >= kAnyInk) return true;
  return false;
}

// The ink of `one` that has its place in `other` too, which lies shifted over it.
InkComparison alone_in(const GrayImage& one, const GrayImage& other, Shift shift) {
  InkComparison seen;
  const PixelRect within{shift.x + 1, shift.y + 1, other.width() - 2, other.height() - 2};
  const PixelRect shared = within.intersected(one.bounds());
  for (int y = shared.y; y < shared.bottom(); ++y)
    for (int x = shared.x; x < shared.right(); ++x) {
      if (one.at(x, y) < kClearInk) continue;
      ++seen.ink;
      if (!has_ink_about(other, x - shift.x, y - shift.y)) ++seen.alone;
    }
  return seen;
}

}  // namespace

InkComparison& InkComparison::operator+=(const InkComparison& other) {
  ink += other.ink;
  alone += other.alone;
  return *this;
}

bool InkComparison::is_same() const {
  return ink > 0 && alone <= kNoise * ink;
}

InkComparison compare_ink(const GrayImage& one, const GrayImage& other) {
  const int width = std::min(one.width(), other.width());
  const int height = std::min(one.height(), other.height());
  if (width <= 3 * kMargin || height <= 3 * kMargin) return {};
  const Shift shift = shift_of(one, other, width, height);
  InkComparison seen = alone_in(one, other, shift);
  seen += alone_in(other, one, {-shift.x, -shift.y});
  return seen;
}

}  // namespace korrigo::scans
