#include "imaging/quality.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "imaging/components.h"
#include "imaging/geometry.h"

namespace korrigo::imaging {

namespace {

/// Clears the ink that begins at a side and ends within the margin: shadows of the paper's edge. A ruled line that runs
/// to the side is longer than the margin is wide, and stays.
void clear_borders(GrayImage& ink) {
  constexpr double kMargin = 0.06;  // of the side
  const auto clear = [](std::uint8_t* first, std::ptrdiff_t step, int limit) {
    int length = 0;
    while (length <= limit && first[length * step] != 0) ++length;
    if (length > limit) return;
    for (int i = 0; i < length; ++i) first[i * step] = 0;
  };
  const int across = static_cast<int>(kMargin * ink.width());
  const int down = static_cast<int>(kMargin * ink.height());
  for (int y = 0; y < ink.height(); ++y) {
    clear(ink.row(y), 1, across);
    clear(ink.row(y) + ink.width() - 1, -1, across);
  }
  for (int x = 0; x < ink.width(); ++x) {
    clear(ink.row(0) + x, ink.width(), down);
    clear(ink.row(ink.height() - 1) + x, -ink.width(), down);
  }
}

/// Punched holes and blots: as wide as high, mostly filled, larger than any letter's body.
bool is_blot(const Component& part, int width) {
  constexpr double kLeastSize = 0.015;  // of the page's width; a punched hole is 0.02 to 0.03 of A4
  constexpr double kLeastFill = 0.6;
  const double longer = std::max(part.box.width, part.box.height);
  const double shorter = std::min(part.box.width, part.box.height);
  return shorter > kLeastSize * width && shorter > 0.6 * longer && part.pixels > kLeastFill * longer * shorter;
}

}  // namespace

double ink_share(const GrayImage& image) {
  if (image.empty()) return 0;
  constexpr int kSpeck = 3;  // pixels
  long long ink = 0;
  GrayImage marks = binarised(image);
  clear_borders(marks);
  for (const Component& part : find_components(marks)) {
    const bool dirt = part.pixels <= kSpeck || is_blot(part, image.width());
    if (!dirt) ink += part.pixels;
  }
  return static_cast<double>(ink) / static_cast<double>(image.pixels().size());
}

double sharpness(const GrayImage& image) {
  constexpr int kReach = 3;      // pixels each side: the widest edge that still counts as one
  constexpr int kContrast = 48;  // tones
  constexpr int kRowStep = 3;    // rows that settle the mean
  constexpr int kLeastEdges = 30;
  double sum = 0;
  long long edges = 0;
  for (int y = 0; y < image.height(); y += kRowStep) {
    const std::uint8_t* row = image.row(y);
    for (int x = kReach; x + kReach < image.width(); ++x) {
      const int contrast = std::abs(row[x + kReach] - row[x - kReach]);
      if (contrast < kContrast) continue;
      int steepest = 0;
      int low = 255;
      int high = 0;
      for (int i = x - kReach; i < x + kReach; ++i) {
        steepest = std::max(steepest, std::abs(row[i + 1] - row[i]));
        low = std::min<int>(low, std::min(row[i], row[i + 1]));
        high = std::max<int>(high, std::max(row[i], row[i + 1]));
      }
      sum += static_cast<double>(steepest) / (high - low);
      ++edges;
    }
  }
  return edges < kLeastEdges ? 1 : sum / static_cast<double>(edges);
}

}  // namespace korrigo::imaging
