/// JPEG writing, and the lossless operations on JPEG streams that keep every coefficient outside the touched blocks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "imaging/gray_image.h"

namespace korrigo::imaging {

/// Baseline grey JPEG, quality 1..100.
std::vector<std::byte> encode_jpeg(const GrayImage& image, int quality);

struct JpegEdit {
  /// Keep only this part, in pixels of the stored image; the whole image when empty. Left and top grow outwards to the
  /// nearest MCU border; `kept` tells what was really kept.
  PixelRect crop = {};
  /// Rectangles, in pixels of the stored image before the crop, whose every touched block becomes flat paper: the
  /// block's DC is the image's typical paper tone and its AC coefficients are zero, in all components. Irreversible.
  std::vector<PixelRect> wipe = {};
};

struct EditedJpeg {
  std::vector<std::byte>
      bytes;       // entropy coded anew; without APPn, comments, thumbnails or trailing bytes, save Adobe's APP14
  PixelRect kept;  // of the stored image
};

/// Refuses malformed "image.damaged" when the stream has errors (an edited copy must not hide damage), too_large as
/// decode_gray. Hostile bytes: sandbox child only.
Result<EditedJpeg> edit_jpeg(std::span<const std::byte> jpeg, const JpegEdit& edit);

/// The stream with APPn (save APP14), comments and trailing bytes removed; scan data untouched. Same refusals.
Result<std::vector<std::byte>> strip_jpeg_metadata(std::span<const std::byte> jpeg);

}  // namespace korrigo::imaging
