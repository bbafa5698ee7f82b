#include <cstring>

#include "imaging/decode.h"
#include "imaging/jpeg_decode.h"
#include "imaging/lept.h"
#include "imaging/refusals.h"
#include "imaging/samples.h"

namespace korrigo::imaging {

namespace {

constexpr unsigned char kPngMagic[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

std::uint32_t big_endian(const unsigned char* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

/// Any leptonica picture as tones; transparent parts show white paper.
GrayImage to_gray(PIX* pix) {
  GrayImage out(pixGetWidth(pix), pixGetHeight(pix));
  const bool alpha = pixGetSpp(pix) == 4;
  const l_uint32* line = pixGetData(pix);
  for (int y = 0; y < out.height(); ++y, line += pixGetWpl(pix)) {
    std::uint8_t* row = out.row(y);
    for (int x = 0; x < out.width(); ++x) {
      l_int32 red = 0;
      l_int32 green = 0;
      l_int32 blue = 0;
      extractRGBValues(line[x], &red, &green, &blue);
      const int opacity = alpha ? static_cast<int>(line[x] >> L_ALPHA_SHIFT & 0xFF) : 255;
      row[x] = static_cast<std::uint8_t>((luma(red, green, blue) * opacity + 255 * (255 - opacity) + 127) / 255);
    }
  }
  return out;
}

Result<GrayImage> read_png(const unsigned char* bytes, std::size_t size) {
  // The header chunk comes first in every PNG: length, "IHDR", width, height.
  constexpr std::size_t kWidthAt = 16;
  constexpr std::size_t kHeightAt = 20;
  if (size < kHeightAt + 4) return tl::unexpected(damaged("PNG without header"));
  if (auto fits = check_size(big_endian(bytes + kWidthAt), big_endian(bytes + kHeightAt)); !fits) {
    return tl::unexpected(fits.error());
  }
  lept::silence();
  const lept::Pix pix(pixReadMemPng(bytes, size));
  const lept::Pix colour(pix ? pixConvertTo32(pix.get()) : nullptr);
  if (!colour) return tl::unexpected(damaged("PNG"));
  return to_gray(colour.get());
}

}  // namespace

Result<GrayImage> decode_picture_file(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (bytes.size() >= sizeof kPngMagic && std::memcmp(data, kPngMagic, sizeof kPngMagic) == 0) {
    return read_png(data, bytes.size());
  }
  auto decoded = decode_jpeg(bytes, Inversion::by_file, {});
  if (!decoded) return tl::unexpected(decoded.error());
  return std::move(decoded->image);
}

}  // namespace korrigo::imaging
