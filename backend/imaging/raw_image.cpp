#include "imaging/raw_image.h"

#include <algorithm>

#include "imaging/output_grid.h"
#include "imaging/refusals.h"
#include "imaging/samples.h"

namespace korrigo::imaging {

namespace {

int component_count(ColourSpace space) {
  switch (space) {
    case ColourSpace::rgb:
      return 3;
    case ColourSpace::cmyk:
      return 4;
    default:
      return 1;
  }
}

/// One row's samples as 0..255, from any depth.
void unpack(const std::uint8_t* from, int count, int bits, bool inverted, std::uint8_t* to) {
  const auto flip = static_cast<std::uint8_t>(inverted ? 255 : 0);
  if (bits >= 8) {
    const int step = bits / 8;  // of 16 bits the first byte is the larger one
    for (int i = 0; i < count; ++i) to[i] = from[i * step] ^ flip;
    return;
  }
  const int largest = (1 << bits) - 1;
  for (int i = 0; i < count; ++i) {
    const int at = i * bits;
    const int sample = from[at / 8] >> (8 - bits - at % 8) & largest;
    to[i] = static_cast<std::uint8_t>(sample * 255 / largest) ^ flip;
  }
}

/// Rows to tones, with what they need in between.
class RowReader {
 public:
  explicit RowReader(const EncodedImage& image)
      : image_(image),
        components_(component_count(image.colour_space)),
        tones_(tone_table(image, std::min(8, image.bits_per_component))),
        expander_(tones_[0], tones_[1]),
        samples_(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(components_) + 8),
        row_(static_cast<std::size_t>(image.width) + 8) {}

  const std::uint8_t* read(const std::uint8_t* from) {
    const int bits = image_.bits_per_component;
    const int width = image_.width;
    if (components_ > 1) {
      unpack(from, width * components_, bits, image_.inverted, samples_.data());
      mix_colours();
    } else if (bits == 1) {
      expander_.expand(from, width, row_.data());
    } else if (image_.colour_space == ColourSpace::indexed || bits >= 8) {
      read_through_table(from);
    } else {
      unpack(from, width, bits, image_.inverted, row_.data());
    }
    return row_.data();
  }

 private:
  void mix_colours() {
    const std::uint8_t* from = samples_.data();
    for (std::size_t x = 0; x < static_cast<std::size_t>(image_.width); ++x, from += components_) {
      row_[x] = components_ == 3 ? luma(from[0], from[1], from[2]) : tone_of_inks(from[0], from[1], from[2], from[3]);
    }
  }

  void read_through_table(const std::uint8_t* from) {
    const int bits = image_.bits_per_component;
    for (int x = 0; x < image_.width; ++x) {
      const int at = x * bits;
      const int sample = bits >= 8 ? from[at / 8] : from[at / 8] >> (8 - bits - at % 8) & ((1 << bits) - 1);
      row_[static_cast<std::size_t>(x)] = tones_[static_cast<std::size_t>(sample)];
    }
  }

  const EncodedImage& image_;
  int components_;
  std::array<std::uint8_t, 256> tones_;
  BitExpander expander_;
  std::vector<std::uint8_t> samples_;
  std::vector<std::uint8_t> row_;
};

}  // namespace

Result<Decoded> decode_raw(const EncodedImage& image, const DecodeOptions& options) {
  const int bits = image.bits_per_component;
  if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16) {
    return tl::unexpected(damaged(fmt::format("{} bits per component", bits)));
  }
  const std::size_t row_bits = static_cast<std::size_t>(image.width) *
                               static_cast<std::size_t>(component_count(image.colour_space)) *
                               static_cast<std::size_t>(bits);
  const std::size_t row_bytes = (row_bits + 7) / 8;
  const auto rows =
      static_cast<int>(std::min<std::size_t>(image.bytes.size() / row_bytes, static_cast<std::size_t>(image.height)));
  GridWriter writer(image.width, image.height, options);
  const PixelRect& source = writer.source();
  const int end = std::min(rows, source.bottom());
  if (2LL * std::max(0, end - source.y) < source.height) return tl::unexpected(damaged("rows are missing"));
  RowReader reader(image);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(image.bytes.data());
  for (int y = source.y; y < end; ++y) writer.put(y, reader.read(bytes + static_cast<std::size_t>(y) * row_bytes));
  return Decoded{writer.take(), end < source.bottom()};
}

}  // namespace korrigo::imaging
