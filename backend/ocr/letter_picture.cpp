#include "ocr/letter_picture.h"

#include <algorithm>
#include <cmath>

#include "imaging/geometry.h"

namespace korrigo::ocr {
namespace {

using imaging::GrayImage;

constexpr int kInside = 28;              // pixels that a letter fills at most
constexpr double kSmallestShare = 0.45;  // of the box; what is smaller than that is not enlarged further
constexpr double kDark = 225;            // ink of the darkest fiftieth afterwards
constexpr double kPalest = 30;

GrayImage ink_of(const GrayImage& letter) {
  GrayImage ink(letter.width(), letter.height());
  std::array<std::size_t, 256> histogram{};
  for (const std::uint8_t tone : letter.pixels()) ++histogram[255 - tone];
  std::size_t seen = 0;
  int darkest = 255;
  while (darkest > 0 && (seen += histogram[static_cast<std::size_t>(darkest)]) <= letter.pixels().size() / 50)
    --darkest;
  const double gain = kDark / std::max(kPalest, static_cast<double>(darkest));
  for (std::size_t i = 0; i < ink.pixels().size(); ++i)
    ink.pixels()[i] = static_cast<std::uint8_t>(std::min(255.0, (255 - letter.pixels()[i]) * gain));
  return ink;
}

}  // namespace

LetterPicture letter_picture(const GrayImage& letter, int box_height) {
  LetterPicture picture{};
  if (letter.empty()) return picture;
  const int longest = std::max(letter.width(), letter.height());
  const double scale = kInside / std::max<double>(longest, kSmallestShare * box_height);
  const int width = std::max(1, static_cast<int>(letter.width() * scale + 0.5));
  const int height = std::max(1, static_cast<int>(letter.height() * scale + 0.5));
  const GrayImage small = imaging::resized(ink_of(letter), width, height);
  const int left = (kLetterSide - width) / 2;
  const int top = (kLetterSide - height) / 2;
  for (int y = 0; y < height; ++y) std::copy_n(small.row(y), width, picture.begin() + (top + y) * kLetterSide + left);
  return picture;
}

}  // namespace korrigo::ocr
