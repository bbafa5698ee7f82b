#include "imaging/tones.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "imaging/geometry.h"

namespace korrigo::imaging {

Histogram histogram(const GrayImage& image, int step) {
  Histogram counts{};
  for (int y = 0; y < image.height(); y += step) {
    const std::uint8_t* row = image.row(y);
    for (int x = 0; x < image.width(); x += step) ++counts[row[x]];
  }
  return counts;
}

namespace {

/// About this many pixels settle a histogram; more only cost time.
constexpr std::size_t kSamples = 200'000;

int sampling_step(const GrayImage& image) {
  return std::max(1, static_cast<int>(std::sqrt(static_cast<double>(image.pixels().size() / kSamples))));
}

}  // namespace

std::uint8_t paper_tone(const GrayImage& image) {
  if (image.empty()) return 255;
  constexpr int kReach = 6;             // half-width of a mode, in tones
  constexpr double kLargeShare = 0.25;  // of the largest mode's mass
  const Histogram counts = histogram(image, sampling_step(image));
  std::array<std::uint32_t, 256> mass{};
  for (int tone = 0; tone < 256; ++tone) {
    for (int near = std::max(0, tone - kReach); near <= std::min(255, tone + kReach); ++near) {
      mass[static_cast<std::size_t>(tone)] += counts[static_cast<std::size_t>(near)];
    }
  }
  const double enough = kLargeShare * *std::max_element(mass.begin(), mass.end());
  int tone = 255;
  while (mass[static_cast<std::size_t>(tone)] < enough) --tone;
  // Climb to the top of this mode, then take the middle of a flat top (a mode narrower than the window).
  while (tone > 0 && mass[static_cast<std::size_t>(tone - 1)] > mass[static_cast<std::size_t>(tone)]) --tone;
  std::uint64_t weighted = 0;
  std::uint64_t total = 0;
  for (int near = std::max(0, tone - kReach); near <= std::min(255, tone + kReach); ++near) {
    weighted += static_cast<std::uint64_t>(near) * counts[static_cast<std::size_t>(near)];
    total += counts[static_cast<std::size_t>(near)];
  }
  return static_cast<std::uint8_t>(total == 0 ? tone : (weighted + total / 2) / total);
}

double paper_noise(const GrayImage& image, std::uint8_t paper) {
  constexpr int kNear = 24;  // tones; farther from the paper's tone is ink or shadow
  constexpr int kApart = 2;  // pixels; direct neighbours share JPEG smoothing
  std::array<std::uint32_t, kNear * 2 + 1> differences{};
  std::uint64_t total = 0;
  const int step = sampling_step(image);
  for (int y = 0; y < image.height(); y += step) {
    const std::uint8_t* row = image.row(y);
    for (int x = 0; x + kApart < image.width(); x += step) {
      if (std::abs(row[x] - paper) > kNear || std::abs(row[x + kApart] - paper) > kNear) continue;
      ++differences[static_cast<std::size_t>(std::abs(row[x] - row[x + kApart]))];
      ++total;
    }
  }
  if (total == 0) return 0;
  // Two thirds of the differences of two normal values lie below 0.967 * sqrt(2) deviations.
  constexpr double kQuantile = 2.0 / 3;
  constexpr double kDeviations = 0.9674 * 1.41421356;
  const double wanted = kQuantile * static_cast<double>(total);
  std::uint64_t below = 0;
  std::size_t value = 0;
  while (value + 1 < differences.size() && static_cast<double>(below + differences[value]) < wanted) {
    below += differences[value++];
  }
  const double inside = (wanted - static_cast<double>(below)) / std::max(1U, differences[value]);
  return value == 0 ? 0 : (static_cast<double>(value) - 0.5 + inside) / kDeviations;
}

}  // namespace korrigo::imaging
