/// Encoded image -> grey pixels. Decoders read hostile bytes: call this only inside a sandbox child (sandbox/child.h).
#pragma once

#include <optional>

#include "base/result.h"
#include "imaging/encoded_image.h"
#include "imaging/gray_image.h"

namespace korrigo::imaging {

struct DecodeOptions {
  /// 1, 2, 4 or 8: each output pixel stands for reduce x reduce source pixels (JPEG and JPEG 2000 decode at that scale,
  /// the others are averaged). Output size is ceil(size / reduce).
  int reduce = 1;
  /// Only this part, in full-resolution pixels; JPEG skips what lies outside. The output covers exactly the part
  /// clipped to the image (its size ceil(part / reduce)).
  std::optional<PixelRect> region = std::nullopt;
};

/// Colour becomes luma. Refuses with
///   malformed  "image.damaged"    the stream cannot be decoded; for JPEG, CCITT and JPEG 2000 a damaged rest is kept
///   when at least
///                                 half of the rows came out (`damaged` tells)
///   too_large  "image.too_large"  over kMaxImageSide or kMaxImagePixels, also when only the stream's own header says
///   so
struct Decoded {
  GrayImage image;
  bool damaged = false;  // part of the rows is missing and left white
};
Result<Decoded> decode_gray(const EncodedImage& image, const DecodeOptions& options = {});

/// The size that the stream's own header states; of encodings without one, the size given. Refuses as decode_gray.
Result<PixelRect> stated_bounds(const EncodedImage& image);

/// A picture file (JPEG or PNG, told by its first bytes), for header pictures given on the command line. Same refusals.
Result<GrayImage> decode_picture_file(std::span<const std::byte> bytes);

}  // namespace korrigo::imaging
