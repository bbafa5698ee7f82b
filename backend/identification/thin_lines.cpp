#include "identification/thin_lines.h"

#include <algorithm>
#include <array>
#include <vector>

#include "imaging/geometry.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;

constexpr int kAlong = 4;  // pixels averaged either way along the stroke
constexpr int kSpan = 2 * kAlong + 1;
constexpr int kAside = 6;           // pixels from a thick stroke's middle to the paper beside it
constexpr int kNear = 4;            // the same where another stroke follows soon
constexpr double kLeastStep = 2.5;  // tones that the palest line is darker than its paper
constexpr double kOverGrain = 3.2;  // times the median step between places as far apart

// Sums of kSpan tones down every column; rows near the border repeat its tones.
std::vector<std::uint16_t> column_sums(const GrayImage& picture) {
  const int width = picture.width();
  std::vector<std::uint16_t> sums(picture.pixels().size());
  std::vector<std::uint16_t> now(static_cast<std::size_t>(width), 0);
  const auto row_at = [&](int y) { return picture.row(std::clamp(y, 0, picture.height() - 1)); };
  for (int y = -kAlong; y <= kAlong; ++y)
    for (int x = 0; x < width; ++x) now[x] = static_cast<std::uint16_t>(now[x] + row_at(y)[x]);
  for (int y = 0; y < picture.height(); ++y) {
    std::copy(now.begin(), now.end(), sums.begin() + static_cast<std::ptrdiff_t>(y) * width);
    const std::uint8_t* leaves = row_at(y - kAlong);
    const std::uint8_t* enters = row_at(y + kAlong + 1);
    for (int x = 0; x < width; ++x) now[x] = static_cast<std::uint16_t>(now[x] - leaves[x] + enters[x]);
  }
  return sums;
}

// The step in tones, times kSpan, from which on a stroke is more than the paper's grain.
int least_step(const std::vector<std::uint16_t>& sums, int width) {
  std::array<std::size_t, 256 * kSpan> histogram{};
  std::size_t count = 0;
  for (std::size_t i = 0; i + kAside < sums.size(); i += 7) {
    if (static_cast<int>(i % static_cast<std::size_t>(width)) + kAside >= width) continue;
    ++histogram[static_cast<std::size_t>(std::abs(sums[i + kAside] - sums[i]))];
    ++count;
  }
  std::size_t seen = 0;
  int median = 0;
  while (seen * 2 < count) seen += histogram[static_cast<std::size_t>(median++)];
  return std::max(static_cast<int>(kLeastStep * kSpan), static_cast<int>(kOverGrain * median));
}

GrayImage upright_strokes(const GrayImage& picture) {
  GrayImage strokes(picture.width(), picture.height(), std::uint8_t{0});
  const int width = picture.width();
  if (width <= 2 * kAside || picture.empty()) return strokes;
  const std::vector<std::uint16_t> sums = column_sums(picture);
  const int step = least_step(sums, width);
  for (int y = 0; y < picture.height(); ++y) {
    const std::uint16_t* tones = sums.data() + static_cast<std::ptrdiff_t>(y) * width;
    std::uint8_t* out = strokes.row(y);
    for (int x = kAside; x + kAside < width; ++x)
      out[x] = std::max(std::min(tones[x - kAside], tones[x + kAside]), std::min(tones[x - kNear], tones[x + kNear])) >=
               tones[x] + step;
  }
  return strokes;
}

}  // namespace

ThinLines find_thin_lines(const GrayImage& picture) {
  return {upright_strokes(picture), imaging::rotated(upright_strokes(imaging::rotated(picture, 90)), 270)};
}

}  // namespace korrigo::identification
