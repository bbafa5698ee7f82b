/// An image as a PDF holds it: the compressed bytes and what is needed to read them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::imaging {

enum class Encoding { jpeg, jpeg2000, ccitt, jbig2, raw };
std::string_view to_string(Encoding encoding);

enum class ColourSpace { gray, rgb, cmyk, indexed };

struct EncodedImage {
  Encoding encoding = Encoding::raw;
  int width = 0;                 // pixels, 1..kMaxImageSide
  int height = 0;                // pixels, 1..kMaxImageSide
  std::vector<std::byte> bytes;  // raw: samples as PDF lays them out, rows padded to whole bytes

  // As the PDF says; JPEG and JPEG 2000 carry their own and may leave these at their defaults.
  int bits_per_component = 8;  // 1, 2, 4, 8 or 16
  ColourSpace colour_space = ColourSpace::gray;
  std::vector<std::array<std::uint8_t, 3>> palette;  // for indexed: RGB of each index
  bool inverted = false;                             // Decode [1 0], or an image mask that paints ones

  // CCITT (PDF 32000-1, table 11).
  int ccitt_k = 0;  // < 0 Group 4, 0 Group 3 one-dimensional, > 0 Group 3 mixed
  bool ccitt_black_is_1 = false;
  bool ccitt_byte_aligned = false;

  std::vector<std::byte> jbig2_globals;  // empty when the stream has none
};

inline constexpr int kMaxImageSide = 40'000;               // pixels
inline constexpr long long kMaxImagePixels = 150'000'000;  // about A0 at 300 dpi

}  // namespace korrigo::imaging
