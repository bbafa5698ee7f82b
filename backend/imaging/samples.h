/// PDF's samples as tones.
#pragma once

#include <array>

#include "imaging/encoded_image.h"

namespace korrigo::imaging {

/// ITU-R BT.601 luma of an RGB triple.
inline std::uint8_t luma(int red, int green, int blue) {
  return static_cast<std::uint8_t>((77 * red + 150 * green + 29 * blue + 128) >> 8);
}

/// Tone of four amounts of ink, 255 being full.
inline std::uint8_t tone_of_inks(int cyan, int magenta, int yellow, int black) {
  return static_cast<std::uint8_t>((luma(255 - cyan, 255 - magenta, 255 - yellow) * (255 - black) + 127) / 255);
}

/// Tone of each one-component sample 0..2^bits - 1 (bits <= 8), by grey or palette and inversion. An index past the
/// palette's end counts as its last entry.
std::array<std::uint8_t, 256> tone_table(const EncodedImage& image, int bits);

/// Eight samples of one bit at a time; `out` has room for `count` rounded up to a multiple of 8.
class BitExpander {
 public:
  BitExpander(std::uint8_t zero, std::uint8_t one);
  void expand(const std::uint8_t* bits, int count, std::uint8_t* out) const;

 private:
  std::array<std::array<std::uint8_t, 8>, 256> octets_;
};

}  // namespace korrigo::imaging
