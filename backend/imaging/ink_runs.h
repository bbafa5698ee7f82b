/// Horizontal runs of ink, the common first step of components and lines.
#pragma once

#include <cstring>
#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::imaging {

struct Run {
  int begin = 0;
  int end = 0;  // excluded
};

/// The runs of row y, from left to right, into `runs` (cleared first).
inline void ink_runs(const GrayImage& ink, int y, std::vector<Run>& runs) {
  runs.clear();
  const std::uint8_t* row = ink.row(y);
  const std::uint8_t* end = row + ink.width();
  const std::uint8_t* at = row;
  while (at < end) {
    const auto* first = static_cast<const std::uint8_t*>(std::memchr(at, 255, static_cast<std::size_t>(end - at)));
    if (first == nullptr) return;
    const auto* last = static_cast<const std::uint8_t*>(std::memchr(first, 0, static_cast<std::size_t>(end - first)));
    at = last == nullptr ? end : last;
    runs.push_back({static_cast<int>(first - row), static_cast<int>(at - row)});
  }
}

}  // namespace korrigo::imaging
