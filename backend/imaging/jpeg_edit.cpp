// Cutting and wiping in the coefficients: what is kept is copied as quantised numbers, never decoded to pixels.
#include <algorithm>
#include <array>
#include <cstring>

#include "imaging/encoded_image.h"
#include "imaging/jpeg.h"
#include "imaging/jpeg_reader.h"
#include "imaging/jpeg_writer.h"

namespace korrigo::imaging {

namespace {

using jpeg::Compressor;
using jpeg::Decompressor;

/// Blocks of one component, in block units.
struct BlockRect {
  int left = 0, top = 0, right = 0, bottom = 0;  // right and bottom excluded
};

int rounded_up(int value, int step) {
  return (value + step - 1) / step * step;
}

/// The blocks of a component that hold any part of `rect`, which lies inside the image.
BlockRect blocks_touched(const jpeg_decompress_struct& in, const jpeg_component_info& component,
                         const PixelRect& rect) {
  const auto first = [](int pixel, int factor, int largest) { return pixel * factor / (largest * DCTSIZE); };
  const auto last = [](int pixel, int factor, int largest) {
    return (pixel * factor + largest * DCTSIZE - 1) / (largest * DCTSIZE);
  };
  return {first(rect.x, component.h_samp_factor, in.max_h_samp_factor),
          first(rect.y, component.v_samp_factor, in.max_v_samp_factor),
          std::min(last(rect.right(), component.h_samp_factor, in.max_h_samp_factor),
                   static_cast<int>(component.width_in_blocks)),
          std::min(last(rect.bottom(), component.v_samp_factor, in.max_v_samp_factor),
                   static_cast<int>(component.height_in_blocks))};
}

/// The part to keep, its left and top moved out to MCU borders.
PixelRect kept_part(const jpeg_decompress_struct& in, const PixelRect& crop) {
  const PixelRect all{0, 0, static_cast<int>(in.image_width), static_cast<int>(in.image_height)};
  if (crop.empty()) return all;
  const PixelRect part = crop.intersected(all);
  if (part.empty()) return part;
  const int left = part.x / (in.max_h_samp_factor * DCTSIZE) * (in.max_h_samp_factor * DCTSIZE);
  const int top = part.y / (in.max_v_samp_factor * DCTSIZE) * (in.max_v_samp_factor * DCTSIZE);
  return {left, top, part.right() - left, part.bottom() - top};
}

/// Work on one stream. Every member runs inside jpeg::guarded: no local with a destructor; `levels` lives here for that
/// reason.
class Edit {
 public:
  Edit(jpeg_decompress_struct& in, Compressor& compressor) : in_(in), compressor_(compressor) {}

  void read() { blocks_ = jpeg_read_coefficients(&in_); }

  void wipe(const std::vector<PixelRect>& rects, const PixelRect& kept) {
    if (rects.empty()) return;
    const PixelRect all{0, 0, static_cast<int>(in_.image_width), static_cast<int>(in_.image_height)};
    for (int c = 0; c < in_.num_components; ++c) {
      const JCOEF paper = typical_level(c, blocks_touched(in_, in_.comp_info[c], kept));
      for (const PixelRect& rect : rects) {
        const PixelRect part = rect.intersected(all);
        if (!part.empty()) flatten(c, blocks_touched(in_, in_.comp_info[c], part), paper);
      }
    }
  }

  void write(const PixelRect& kept) {
    jpeg_compress_struct& out = compressor_.out();
    compressor_.open();
    jpeg_copy_critical_parameters(&in_, &out);
    out.image_width = static_cast<JDIMENSION>(kept.width);
    out.image_height = static_cast<JDIMENSION>(kept.height);
    const bool whole = out.image_width == in_.image_width && out.image_height == in_.image_height;
    if (!whole) request_cut(kept);
    jpeg_write_coefficients(&out, whole ? blocks_ : cut_.data());
    if (!whole) fill_cut(kept);
    jpeg_finish_compress(&out);
  }

 private:
  JBLOCKROW row_of(int component, int row, boolean to_write) {
    return in_.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&in_), blocks_[component],
                                       static_cast<JDIMENSION>(row), 1, to_write)[0];
  }

  /// Median DC of the kept part: most of a page is paper, whatever its tint.
  JCOEF typical_level(int component, const BlockRect& rect) {
    levels_.clear();
    constexpr int kRowStep = 2;  // every second row settles a median
    for (int y = rect.top; y < rect.bottom; y += kRowStep) {
      JBLOCKROW row = row_of(component, y, FALSE);
      for (int x = rect.left; x < rect.right; ++x) levels_.push_back(row[x][0]);
    }
    if (levels_.empty()) return 0;
    const auto middle = levels_.begin() + static_cast<std::ptrdiff_t>(levels_.size() / 2);
    std::nth_element(levels_.begin(), middle, levels_.end());
    return *middle;
  }

  void flatten(int component, const BlockRect& rect, JCOEF level) {
    for (int y = rect.top; y < rect.bottom; ++y) {
      JBLOCKROW row = row_of(component, y, TRUE);
      for (int x = rect.left; x < rect.right; ++x) {
        std::memset(row[x], 0, sizeof(JBLOCK));
        row[x][0] = level;
      }
    }
  }

  /// Arrays of the cut's size, padded to whole MCUs as libjpeg reads them; they exist once jpeg_write_coefficients has
  /// run.
  void request_cut(const PixelRect& kept) {
    jpeg_compress_struct& out = compressor_.out();
    for (int c = 0; c < in_.num_components; ++c) {
      const jpeg_component_info& component = in_.comp_info[c];
      const BlockRect rect = blocks_touched(in_, component, kept);
      cut_[static_cast<std::size_t>(c)] = out.mem->request_virt_barray(
          reinterpret_cast<j_common_ptr>(&out), JPOOL_IMAGE, TRUE,
          static_cast<JDIMENSION>(rounded_up(rect.right - rect.left, component.h_samp_factor)),
          static_cast<JDIMENSION>(rounded_up(rect.bottom - rect.top, component.v_samp_factor)),
          static_cast<JDIMENSION>(component.v_samp_factor));
    }
  }

  void fill_cut(const PixelRect& kept) {
    jpeg_compress_struct& out = compressor_.out();
    for (int c = 0; c < in_.num_components; ++c) {
      const BlockRect rect = blocks_touched(in_, in_.comp_info[c], kept);
      for (int y = rect.top; y < rect.bottom; ++y) {
        JBLOCKARRAY to =
            out.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&out), cut_[static_cast<std::size_t>(c)],
                                        static_cast<JDIMENSION>(y - rect.top), 1, TRUE);
        std::memcpy(to[0], row_of(c, y, FALSE) + rect.left,
                    sizeof(JBLOCK) * static_cast<std::size_t>(rect.right - rect.left));
      }
    }
  }

  jpeg_decompress_struct& in_;
  Compressor& compressor_;
  jvirt_barray_ptr* blocks_ = nullptr;
  std::array<jvirt_barray_ptr, MAX_COMPONENTS> cut_ = {};
  std::vector<JCOEF> levels_;
};

}  // namespace

Result<EditedJpeg> edit_jpeg(std::span<const std::byte> jpeg, const JpegEdit& edit) {
  Decompressor decompressor;
  if (auto opened = decompressor.open(jpeg); !opened) return tl::unexpected(opened.error());
  jpeg_decompress_struct& in = decompressor.in();
  const PixelRect kept = kept_part(in, edit.crop);
  if (kept.empty()) {
    return refuse(ErrorKind::invalid_input, "image.crop_outside", "The part to keep lies outside the image.");
  }
  Compressor compressor(decompressor.errors());
  Edit work(in, compressor);
  const bool read = jpeg::guarded(decompressor.errors(), [&] { work.read(); });
  if (!read) return tl::unexpected(jpeg::refusal(decompressor.errors()));
  if (decompressor.damaged()) return tl::unexpected(damaged("warnings while reading"));
  const bool written = jpeg::guarded(decompressor.errors(), [&] {
    work.wipe(edit.wipe, kept);
    work.write(kept);
  });
  if (!written) return tl::unexpected(jpeg::refusal(decompressor.errors()));
  return EditedJpeg{compressor.take(), kept};
}

}  // namespace korrigo::imaging
