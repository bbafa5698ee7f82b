/// Pages drawn for the tests of this folder, as a look at 75 dpi shows them.
#pragma once

#include <algorithm>

#include "base/random.h"
#include "imaging/geometry.h"
#include "imaging/gray_image.h"
#include "scans/survey.h"

namespace korrigo::scans::drawn {

inline constexpr double kDpi = 75;
inline constexpr int kWidth = 620;  // A4 at kDpi
inline constexpr int kHeight = 877;
inline constexpr int kFullScale = 4;  // the scan itself has 300 dpi
inline constexpr int kPaper = 235;
inline constexpr int kPen = 60;
inline constexpr int kLine = 24;  // 8 mm between lines of writing

inline imaging::GrayImage paper(int width, int height, Random& random) {
  imaging::GrayImage page(width, height, std::uint8_t{kPaper});
  for (std::uint8_t& tone : page.pixels()) tone = static_cast<std::uint8_t>(kPaper + random.integer(-2, 2));
  return page;
}

inline void fill(imaging::GrayImage& page, const imaging::PixelRect& part, int tone) {
  const imaging::PixelRect inside = part.intersected(page.bounds());
  for (int y = inside.y; y < inside.bottom(); ++y)
    std::fill_n(page.row(y) + inside.x, inside.width, static_cast<std::uint8_t>(tone));
}

inline void rule(imaging::GrayImage& page, const imaging::PixelRect& part, int tone = 203) {
  for (int y = part.y; y < part.bottom(); y += kLine) fill(page, {part.x, y, part.width, 1}, tone);
}

/// A word of `letters` standing on `base`; returns where it ends.
inline int word(imaging::GrayImage& page, int x, int base, int letters, Random& random, int tone = kPen) {
  for (int letter = 0; letter < letters; ++letter, x += 8) {
    const int height = random.chance(0.3) ? 14 : 8;
    fill(page, {x, base - height, 2, height}, tone);
    fill(page, {x, base - random.integer(2, 8), 7, 2}, tone);
  }
  return x;
}

/// Lines of words from the area's left margin, each ending where it happens to.
inline void write(imaging::GrayImage& page, const imaging::PixelRect& area, int lines, Random& random,
                  int tone = kPen) {
  for (int line = 0; line < lines; ++line) {
    const int base = area.y + (line + 1) * kLine;
    const int end = area.right() - random.integer(0, area.width / 3);
    for (int x = area.x + random.integer(0, 2); x < end - 50;)
      x = word(page, x, base, random.integer(2, 6), random, tone) + 8;
  }
}

inline constexpr imaging::PixelRect kTextArea{70, 60, kWidth - 130, kHeight - 120};

/// Ruled A4 paper with so many lines of writing.
inline imaging::GrayImage page(std::uint64_t seed, int lines, int tone = kPen) {
  Random random(seed);
  imaging::GrayImage page = paper(kWidth, kHeight, random);
  rule(page, {0, 62, kWidth, kHeight - 90});
  write(page, kTextArea, lines, random, tone);
  return page;
}

/// Labels and letter boxes of a printed form over the upper 5 cm: the same for the same `form`, wherever it lies.
inline void print_form(imaging::GrayImage& page, std::uint64_t form, int x, int y) {
  Random random(form);
  const int pitch = random.integer(17, 28);
  const int height = random.integer(20, 28);
  for (int row = 0; row < 4; ++row, y += 36) {
    const int boxes = word(page, x + random.integer(0, 60), y + 20, random.integer(5, 9), random, 110) + 20;
    const int width = pitch * random.integer(8, 12);
    for (int box = 0; box <= width; box += pitch) fill(page, {boxes + box, y, 1, height}, 120);
    fill(page, {boxes, y, width, 1}, 120);
    fill(page, {boxes, y + height, width, 1}, 120);
  }
}

inline constexpr std::uint64_t kNoForm = 0;

/// A first face: the form, filled by some hand, over ruled and written paper. (dx, dy) moves form and filling.
/// kNoForm leaves the filling alone.
inline imaging::GrayImage first_face(std::uint64_t form, std::uint64_t hand, int dx = 0, int dy = 0) {
  Random random(hand);
  imaging::GrayImage face = paper(kWidth, kHeight, random);
  if (form != kNoForm) print_form(face, form, 50 + dx, 40 + dy);
  for (int row = 0; row < 4; ++row) word(face, 200 + dx, 60 + dy + 36 * row, random.integer(4, 12), random);
  rule(face, {0, 230, kWidth, kHeight - 260});
  write(face, {70, 230, kWidth - 130, kHeight - 300}, random.integer(8, 22), random);
  return face;
}

inline FaceSurvey surveyed(const imaging::GrayImage& face) {
  return survey_side(face, kDpi, face.width() * kFullScale, face.height() * kFullScale, {}).front();
}

/// Two faces side by side, the fold `fold_at` pixels from the left.
inline imaging::GrayImage side_by_side(const imaging::GrayImage& left, const imaging::GrayImage& right, int fold_at) {
  imaging::GrayImage side(2 * kWidth, kHeight, std::uint8_t{kPaper});
  for (int y = 0; y < kHeight; ++y) {
    const int taken = std::min(fold_at, left.width());
    std::copy_n(left.row(y) + (left.width() - taken), taken, side.row(y) + (fold_at - taken));
    std::copy_n(right.row(y), std::min(side.width() - fold_at, right.width()), side.row(y) + fold_at);
  }
  return side;
}

/// The gutter's shadow: darkest at the fold, gone 4 mm beside it.
inline void shade_fold(imaging::GrayImage& side, int fold_at, int depth = 24) {
  constexpr int kReach = 12;
  for (int y = 0; y < side.height(); ++y)
    for (int x = fold_at - kReach; x <= fold_at + kReach; ++x) {
      const int shadow = depth * (kReach - std::abs(x - fold_at)) / kReach;
      side.row(y)[x] = static_cast<std::uint8_t>(std::max(0, side.at(x, y) - shadow));
    }
}

}  // namespace korrigo::scans::drawn
