/// JPEG -> grey; decode.h is the door for others.
#pragma once

#include "imaging/decode.h"

namespace korrigo::imaging {

/// How four components (CMYK) and grey are meant.
enum class Inversion {
  none,      // as PDF takes the samples: grey is light, the four are amounts of ink
  inverted,  // the complement: PDF's Decode [1 0 ...]
  by_file,   // a file of its own: Adobe's programs store the complement of four inks
};

Result<PixelRect> jpeg_bounds(std::span<const std::byte> bytes);
Result<Decoded> decode_jpeg(std::span<const std::byte> bytes, Inversion inversion, const DecodeOptions& options);

}  // namespace korrigo::imaging
