/// Pictures for the tests of this folder.
#pragma once

#include <cmath>
#include <cstdlib>

#include "base/random.h"
#include "imaging/gray_image.h"

namespace korrigo::imaging::testing {

/// Off-white grainy paper with dark lines of writing-like strokes: neither flat nor symmetric.
inline GrayImage page(int width, int height, std::uint64_t seed = 1) {
  Random random(seed);
  GrayImage image(width, height, std::uint8_t{232});
  for (std::uint8_t& tone : image.pixels()) tone = static_cast<std::uint8_t>(tone + random.integer(-2, 2));
  for (int line = height / 12; line + 12 < height; line += 24) {
    for (int x = width / 10; x + 4 < width * 9 / 10; x += random.integer(5, 11)) {
      const int top = line + random.integer(0, 4);
      for (int y = top; y < top + random.integer(4, 8); ++y) {
        for (int k = 0; k < 3; ++k) image.row(y)[x + k] = static_cast<std::uint8_t>(40 + random.integer(0, 30));
      }
    }
  }
  return image;
}

/// Mean absolute difference in tones; a large number when the sizes differ.
inline double mean_difference(const GrayImage& a, const GrayImage& b) {
  if (a.width() != b.width() || a.height() != b.height()) return 1000;
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels().size(); ++i) sum += std::abs(a.pixels()[i] - b.pixels()[i]);
  return sum / static_cast<double>(a.pixels().size());
}

inline bool same(const GrayImage& a, const GrayImage& b) {
  return mean_difference(a, b) == 0;
}

}  // namespace korrigo::imaging::testing
