#include "imaging/jpeg2000.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "imaging/geometry.h"
#include "imaging/output_grid.h"
#include "imaging/refusals.h"
#include "imaging/samples.h"

namespace korrigo::imaging {

namespace {

constexpr unsigned kMaxComponents = 4;
constexpr long long kMaxTiles = 10'000;             // scanners write one; each costs openjpeg about a kilobyte
constexpr long long kMaxSampleBytes = 700LL << 20;  // openjpeg holds four bytes per sample

// openjpeg's codec and stream are one type (void*), hence a deleter each.
struct DestroyCodec {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct DestroyStream {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct DestroyImage {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using Codec = std::unique_ptr<opj_codec_t, DestroyCodec>;
using Stream = std::unique_ptr<opj_stream_t, DestroyStream>;
using Image = std::unique_ptr<opj_image_t, DestroyImage>;

/// Bytes in memory as openjpeg reads them.
struct Source {
  std::span<const std::byte> bytes;
  std::size_t at = 0;

  static OPJ_SIZE_T read(void* to, OPJ_SIZE_T size, void* self) {
    auto& source = *static_cast<Source*>(self);
    const std::size_t count = std::min(size, source.bytes.size() - source.at);
    if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
    std::memcpy(to, source.bytes.data() + source.at, count);
    source.at += count;
    return count;
  }
  static OPJ_OFF_T skip(OPJ_OFF_T count, void* self) {
    auto& source = *static_cast<Source*>(self);
    if (count < 0 || static_cast<std::size_t>(count) > source.bytes.size() - source.at) {
      source.at = source.bytes.size();
      return -1;
    }
    source.at += static_cast<std::size_t>(count);
    return count;
  }
  static OPJ_BOOL seek(OPJ_OFF_T to, void* self) {
    auto& source = *static_cast<Source*>(self);
    if (to < 0 || static_cast<std::size_t>(to) > source.bytes.size()) return OPJ_FALSE;
    source.at = static_cast<std::size_t>(to);
    return OPJ_TRUE;
  }
};

Stream stream_over(Source& source) {
  Stream stream(opj_stream_default_create(OPJ_TRUE));
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source.bytes.size());
  opj_stream_set_read_function(stream.get(), Source::read);
  opj_stream_set_skip_function(stream.get(), Source::skip);
  opj_stream_set_seek_function(stream.get(), Source::seek);
  return stream;
}

void keep_message(const char* message, void* text) {
  auto& kept = *static_cast<std::string*>(text);
  constexpr std::size_t kEnough = 500;
  if (kept.size() < kEnough) kept += message;
}

bool is_bare_codestream(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0x4F};
}

/// What the header says about tiles and resolutions.
struct Layout {
  long long tiles = 0;
  PixelRect first_tile = {};  // on the reference grid
  int resolutions = 1;        // 1 + how often the picture can be halved
};

Layout layout_of(opj_codec_t* codec) {
  Layout layout;
  opj_codestream_info_v2_t* info = opj_get_cstr_info(codec);
  if (info == nullptr) return layout;
  layout.tiles = static_cast<long long>(info->tw) * info->th;
  layout.first_tile = {static_cast<int>(info->tx0), static_cast<int>(info->ty0), static_cast<int>(info->tdx),
                       static_cast<int>(info->tdy)};
  if (info->m_default_tile_info.tccp_info != nullptr) {
    layout.resolutions = static_cast<int>(info->m_default_tile_info.tccp_info[0].numresolutions);
    for (unsigned c = 1; c < info->nbcomps; ++c) {
      layout.resolutions =
          std::min(layout.resolutions, static_cast<int>(info->m_default_tile_info.tccp_info[c].numresolutions));
    }
  }
  opj_destroy_cstr_info(&info);
  return layout;
}

/// One component's sample as 0..255.
int sample(const opj_image_comp_t& component, std::size_t at) {
  const int shift = static_cast<int>(component.prec) - 8;
  const int value = component.data[at] + (component.sgnd != 0 ? 1 << (component.prec - 1) : 0);
  const int largest = (1 << component.prec) - 1;
  const int clamped = std::clamp(value, 0, largest);
  return shift >= 0 ? clamped >> shift : clamped * 255 / largest;
}

bool alike(const opj_image_t& image) {
  for (unsigned c = 1; c < image.numcomps; ++c) {
    if (image.comps[c].w != image.comps[0].w || image.comps[c].h != image.comps[0].h) return false;
  }
  return true;
}

GrayImage to_gray(const opj_image_t& image, const EncodedImage& encoded) {
  const opj_image_comp_t* comps = image.comps;
  GrayImage out(static_cast<int>(comps[0].w), static_cast<int>(comps[0].h));
  const auto pixels = out.pixels();
  const bool luma_first = image.color_space == OPJ_CLRSPC_SYCC || image.color_space == OPJ_CLRSPC_EYCC;
  const bool inks =
      image.numcomps == 4 && (image.color_space == OPJ_CLRSPC_CMYK || encoded.colour_space == ColourSpace::cmyk);
  const bool colour = image.numcomps >= 3 && !luma_first && alike(image);
  const int flip = encoded.inverted ? 255 : 0;
  const auto value = [&](unsigned component, std::size_t at) { return sample(comps[component], at) ^ flip; };
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    if (inks && colour) {
      pixels[i] = tone_of_inks(value(0, i), value(1, i), value(2, i), value(3, i));
    } else if (colour) {
      pixels[i] = luma(value(0, i), value(1, i), value(2, i));
    } else {
      pixels[i] = static_cast<std::uint8_t>(value(0, i));
    }
  }
  return out;
}

/// openjpeg leaves tiles that never came at zero throughout. Makes each such tile white and tells how many pixels they
/// had. `tile`: the first tile in the picture's pixels; the others repeat it to the right and downwards.
long long whiten_missing_tiles(GrayImage& image, const PixelRect& tile, std::uint8_t zero) {
  long long missing = 0;
  for (long long top = tile.y; top < image.height(); top += tile.height) {
    for (long long left = tile.x; left < image.width(); left += tile.width) {
      const PixelRect part =
          PixelRect{static_cast<int>(left), static_cast<int>(top), tile.width, tile.height}.intersected(image.bounds());
      bool any = false;
      for (int y = part.y; y < part.bottom() && !any; ++y) {
        const std::uint8_t* row = image.row(y);
        any = std::any_of(row + part.x, row + part.right(), [zero](std::uint8_t tone) { return tone != zero; });
      }
      if (any || part.empty()) continue;
      missing += static_cast<long long>(part.width) * part.height;
      for (int y = part.y; y < part.bottom(); ++y) std::fill_n(image.row(y) + part.x, part.width, std::uint8_t{255});
    }
  }
  return missing;
}

/// One decoding attempt. Not strict: a stream cut short gives what it has.
class Attempt {
 public:
  Attempt(const EncodedImage& encoded, const DecodeOptions& options, bool strict)
      : encoded_(encoded),
        options_(options),
        strict_(strict),
        source_{encoded.bytes},
        stream_(stream_over(source_)),
        codec_(opj_create_decompress(is_bare_codestream(encoded.bytes) ? OPJ_CODEC_J2K : OPJ_CODEC_JP2)) {
    opj_set_error_handler(codec_.get(), keep_message, &messages_);
    opj_set_warning_handler(codec_.get(), keep_message, &messages_);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    ready_ = opj_setup_decoder(codec_.get(), &parameters) != 0 &&
             opj_decoder_set_strict_mode(codec_.get(), strict ? OPJ_TRUE : OPJ_FALSE) != 0;
  }

  Result<PixelRect> bounds() {
    if (auto opened = open(); !opened) return tl::unexpected(opened.error());
    return PixelRect{0, 0, static_cast<int>(image_->x1 - image_->x0), static_cast<int>(image_->y1 - image_->y0)};
  }

  Result<GrayImage> run() {
    const auto all = bounds();
    if (!all) return tl::unexpected(all.error());
    const int width = all->width;
    const int height = all->height;
    const PixelRect part = output_part(width, height, options_);
    if (part.empty()) return GrayImage();
    const PixelRect source = source_part(width, height, options_);
    const auto x0 = static_cast<OPJ_INT32>(image_->x0);
    const auto y0 = static_cast<OPJ_INT32>(image_->y0);
    if (source != *all && opj_set_decode_area(codec_.get(), image_.get(), x0 + source.x, y0 + source.y,
                                              x0 + source.right(), y0 + source.bottom()) == 0) {
      return tl::unexpected(damaged(messages_));
    }
    if (opj_decode(codec_.get(), stream_.get(), image_.get()) == 0 || !has_pixels()) {
      return tl::unexpected(damaged(messages_));
    }
    GrayImage decoded = to_gray(*image_, encoded_);
    if (!strict_ && !enough(decoded, source)) return tl::unexpected(damaged("most tiles are missing"));
    const GrayImage gray = box_reduced(decoded, options_.reduce >> halvings_);
    // A picture whose origin is off the grid of its halved versions comes out a pixel larger or smaller.
    const bool exact = gray.width() == part.width && gray.height() == part.height;
    return exact ? gray : cropped(gray, {0, 0, part.width, part.height});
  }

 private:
  Result<void> open() {
    opj_image_t* image = nullptr;
    if (!ready_ || opj_read_header(stream_.get(), codec_.get(), &image) == 0) return tl::unexpected(damaged(messages_));
    image_.reset(image);
    const auto width = static_cast<long long>(image_->x1) - image_->x0;
    const auto height = static_cast<long long>(image_->y1) - image_->y0;
    if (auto size = check_size(width, height); !size) return size;
    layout_ = layout_of(codec_.get());
    while ((2 << halvings_) <= options_.reduce && halvings_ + 1 < layout_.resolutions) ++halvings_;
    const long long samples = (width >> halvings_) * (height >> halvings_) * image_->numcomps;
    if (layout_.tiles > kMaxTiles || samples * 4 > kMaxSampleBytes) {
      return refuse(ErrorKind::too_large, "image.too_large", "The image is too large to be read.",
                    fmt::format("{} tiles, {} samples", layout_.tiles, samples));
    }
    if (image_->numcomps == 0 || image_->numcomps > kMaxComponents) return tl::unexpected(damaged("components"));
    for (unsigned c = 0; c < image_->numcomps; ++c) {
      if (image_->comps[c].prec < 1 || image_->comps[c].prec > 16) return tl::unexpected(damaged("sample depth"));
    }
    if (image_->comps[0].dx != 1 || image_->comps[0].dy != 1)
      return tl::unexpected(damaged("first component subsampled"));
    if (opj_set_decoded_resolution_factor(codec_.get(), static_cast<OPJ_UINT32>(halvings_)) == 0) {
      return tl::unexpected(damaged(messages_));
    }
    return {};
  }

  /// At least half of the picture came.
  bool enough(GrayImage& picture, const PixelRect& source) const {
    const int scale = 1 << halvings_;
    PixelRect tile = layout_.first_tile;
    if (tile.width < scale || tile.height < scale) return true;
    tile.x = (tile.x - static_cast<int>(image_->x0)) / scale;
    tile.y = (tile.y - static_cast<int>(image_->y0)) / scale;
    tile.width /= scale;
    tile.height /= scale;
    tile.x -= source.x / scale;
    tile.y -= source.y / scale;
    const std::uint8_t zero = encoded_.inverted ? 255 : 0;
    return 2 * whiten_missing_tiles(picture, tile, zero) <= static_cast<long long>(picture.pixels().size());
  }

  bool has_pixels() const {
    for (unsigned c = 0; c < image_->numcomps; ++c) {
      if (image_->comps[c].data == nullptr) return false;
    }
    return image_->comps[0].w > 0 && image_->comps[0].h > 0;
  }

  const EncodedImage& encoded_;
  const DecodeOptions& options_;
  bool strict_;
  Layout layout_;
  std::string messages_;
  Source source_;
  Stream stream_;
  Codec codec_;
  Image image_;
  bool ready_ = false;
  int halvings_ = 0;  // done by the codec
};

}  // namespace

Result<PixelRect> jpeg2000_bounds(const EncodedImage& image) {
  const DecodeOptions options;
  return Attempt(image, options, false).bounds();
}

Result<Decoded> decode_jpeg2000(const EncodedImage& image, const DecodeOptions& options) {
  auto gray = Attempt(image, options, true).run();
  if (gray) return Decoded{std::move(*gray), false};
  if (gray.error().kind == ErrorKind::too_large) return tl::unexpected(gray.error());
  auto rest = Attempt(image, options, false).run();
  if (!rest) return tl::unexpected(rest.error());
  return Decoded{std::move(*rest), true};
}

}  // namespace korrigo::imaging
