#include "imaging/jpeg_decode.h"

#include <algorithm>
#include <cstring>

#include "imaging/jpeg_reader.h"
#include "imaging/output_grid.h"

namespace korrigo::imaging {

namespace {

using jpeg::Decompressor;
using jpeg::Errors;

void choose_output(jpeg_decompress_struct& in, int reduce) {
  in.scale_num = 1;
  in.scale_denom = static_cast<unsigned>(reduce);
  const bool inks = in.jpeg_color_space == JCS_CMYK || in.jpeg_color_space == JCS_YCCK;
  in.out_color_space = inks ? JCS_CMYK : JCS_GRAYSCALE;
  in.dct_method = JDCT_ISLOW;
  in.do_fancy_upsampling = FALSE;  // luma is never subsampled; and skipping rows is simpler without neighbours
}

/// Rows of ink amounts (C, M, Y, K; 255 full) to tones.
void tones_of_inks(const std::uint8_t* from, int count, bool complement, std::uint8_t* to) {
  for (int i = 0; i < count; ++i, from += 4) {
    const auto light = [complement](std::uint8_t ink) { return complement ? ink : 255 - ink; };
    const int luma = (77 * light(from[0]) + 150 * light(from[1]) + 29 * light(from[2]) + 128) >> 8;
    to[i] = static_cast<std::uint8_t>((luma * light(from[3]) + 127) / 255);
  }
}

/// What is read of one image, row by row.
struct Reading {
  jpeg_decompress_struct& in;
  PixelRect part;    // of the scaled picture
  int left_cut = 0;  // pixels that a widened crop has before the part
  bool inverted = false;
  std::uint8_t* row = nullptr;  // one row as libjpeg gives it
  GrayImage& out;
  int done = 0;  // rows of `out` that hold pixels
};

/// Starts at the part's first row. libjpeg crops on MCU borders, so the crop may begin left of the part.
void start(Reading& r, bool widen_to_row) {
  jpeg_start_decompress(&r.in);
  if (widen_to_row) {
    JDIMENSION x = static_cast<JDIMENSION>(r.part.x);
    JDIMENSION width = static_cast<JDIMENSION>(r.part.width);
    jpeg_crop_scanline(&r.in, &x, &width);
    r.left_cut = r.part.x - static_cast<int>(x);
  }
  if (r.part.y > 0) jpeg_skip_scanlines(&r.in, static_cast<JDIMENSION>(r.part.y));
}

/// The data of these MCU rows never came.
bool beyond_the_end(const Reading& r, const Errors& errors, int row) {
  if (!errors.ended_for_good) return false;
  const long long mcu_height = static_cast<long long>(r.in.max_v_samp_factor) * r.in.min_DCT_scaled_size;
  return r.part.y + row >= errors.ended_row * mcu_height;
}

void read_rows(Reading& r, const Errors& errors) {
  for (; r.done < r.part.height; ++r.done) {
    std::uint8_t* to = r.out.row(r.done);
    JSAMPROW target = r.row != nullptr ? r.row : to;
    jpeg_read_scanlines(&r.in, &target, 1);
    if (beyond_the_end(r, errors, r.done)) {
      std::fill(to, to + r.part.width, std::uint8_t{255});
      return;
    }
    if (r.in.out_color_components == 4) {
      tones_of_inks(r.row + 4 * r.left_cut, r.part.width, r.inverted, to);
    } else if (r.row != nullptr) {
      std::memcpy(to, r.row + r.left_cut, static_cast<std::size_t>(r.part.width));
    }
    if (r.inverted && r.in.out_color_components == 1) {
      for (int x = 0; x < r.part.width; ++x) to[x] = static_cast<std::uint8_t>(255 - to[x]);
    }
  }
}

}  // namespace

Result<PixelRect> jpeg_bounds(std::span<const std::byte> bytes) {
  Decompressor decompressor;
  if (auto opened = decompressor.open(bytes); !opened) return tl::unexpected(opened.error());
  return PixelRect{0, 0, static_cast<int>(decompressor.in().image_width),
                   static_cast<int>(decompressor.in().image_height)};
}

Result<Decoded> decode_jpeg(std::span<const std::byte> bytes, Inversion inversion, const DecodeOptions& options) {
  Decompressor decompressor;
  if (auto opened = decompressor.open(bytes); !opened) return tl::unexpected(opened.error());
  jpeg_decompress_struct& in = decompressor.in();
  Errors& errors = decompressor.errors();
  if (!jpeg::guarded(errors, [&] {
        choose_output(in, options.reduce);
        jpeg_calc_output_dimensions(&in);
      })) {
    return tl::unexpected(jpeg::refusal(errors));
  }
  const PixelRect part = output_part(static_cast<int>(in.image_width), static_cast<int>(in.image_height), options);
  if (part.empty()) return Decoded{};

  const bool inks = in.out_color_space == JCS_CMYK;
  const bool inverted =
      inversion == Inversion::by_file ? inks && in.saw_Adobe_marker != FALSE : inversion == Inversion::inverted;
  Decoded decoded{GrayImage(part.width, part.height)};
  const bool crop = part.x > 0 || part.width < static_cast<int>(in.output_width);
  std::vector<std::uint8_t> row;
  if (crop || inks) row.resize(static_cast<std::size_t>(in.output_width) * (inks ? 4 : 1));
  Reading reading{in, part, 0, inverted, row.empty() ? nullptr : row.data(), decoded.image};
  const bool whole = jpeg::guarded(errors, [&] {
    start(reading, crop);
    read_rows(reading, errors);
  });
  if (2LL * reading.done < part.height) {
    return tl::unexpected(whole ? damaged("data ends too early") : jpeg::refusal(errors));
  }
  decoded.damaged = !whole || reading.done < part.height || decompressor.damaged();
  return decoded;
}

}  // namespace korrigo::imaging
