// Cutting, quarter turns and scaling: everything that needs no interpolation between arbitrary positions.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "imaging/geometry.h"

namespace korrigo::imaging {

GrayImage cropped(const GrayImage& image, const PixelRect& rect) {
  GrayImage out(std::max(0, rect.width), std::max(0, rect.height));
  const PixelRect inside = rect.intersected(image.bounds());
  if (inside.empty()) return out;
  for (int y = inside.y; y < inside.bottom(); ++y) {
    std::memcpy(out.row(y - rect.y) + (inside.x - rect.x), image.row(y) + inside.x,
                static_cast<std::size_t>(inside.width));
  }
  return out;
}

namespace {

/// Turned by a quarter in tiles, so that both pictures are walked within the cache.
GrayImage quarter_turned(const GrayImage& image, bool clockwise) {
  constexpr int kTile = 32;
  const int width = image.height();
  const int height = image.width();
  GrayImage out(width, height);
  for (int tile_y = 0; tile_y < image.height(); tile_y += kTile) {
    const int end_y = std::min(tile_y + kTile, image.height());
    for (int tile_x = 0; tile_x < image.width(); tile_x += kTile) {
      const int end_x = std::min(tile_x + kTile, image.width());
      for (int x = tile_x; x < end_x; ++x) {
        std::uint8_t* to = out.row(clockwise ? x : height - 1 - x);
        for (int y = tile_y; y < end_y; ++y) to[clockwise ? width - 1 - y : y] = image.at(x, y);
      }
    }
  }
  return out;
}

GrayImage half_turned(const GrayImage& image) {
  GrayImage out(image.width(), image.height());
  std::reverse_copy(image.pixels().begin(), image.pixels().end(), out.pixels().begin());
  return out;
}

}  // namespace

GrayImage rotated(const GrayImage& image, int degrees) {
  switch (((degrees % 360) + 360) % 360) {
    case 90:
      return quarter_turned(image, true);
    case 180:
      return half_turned(image);
    case 270:
      return quarter_turned(image, false);
    default:
      return image;
  }
}

namespace {

/// Sums of `rows` rows starting at y, column by column.
template <class Sum>
void sum_rows(const GrayImage& image, int y, int rows, Sum* sums) {
  const int width = image.width();
  const std::uint8_t* row = image.row(y);
  for (int x = 0; x < width; ++x) sums[x] = row[x];
  for (int i = 1; i < rows; ++i) {
    row = image.row(y + i);
    for (int x = 0; x < width; ++x) sums[x] = static_cast<Sum>(sums[x] + row[x]);
  }
}

/// The whole cells of a row whose factor is known to the compiler: no division, a fixed unrolled sum.
template <int Factor>
void average_columns(const std::uint16_t* sums, int cells, std::uint8_t* out) {
  constexpr unsigned kArea = Factor * Factor;
  for (int i = 0; i < cells; ++i) {
    unsigned sum = kArea / 2;
    for (int k = 0; k < Factor; ++k) sum += sums[i * Factor + k];
    out[i] = static_cast<std::uint8_t>(sum / kArea);
  }
}

template <class Sum>
void average_columns(const Sum* sums, int first, int width, int factor, int rows, std::uint8_t* out) {
  for (int i = first; i * factor < width; ++i) {
    const int end = std::min(width, (i + 1) * factor);
    std::uint64_t sum = 0;
    for (int x = i * factor; x < end; ++x) sum += sums[x];
    const auto area = static_cast<std::uint64_t>(end - i * factor) * static_cast<std::uint64_t>(rows);
    out[i] = static_cast<std::uint8_t>((sum + area / 2) / area);
  }
}

template <class Sum>
void reduce(const GrayImage& image, int factor, GrayImage& out) {
  const int width = image.width();
  const int whole = width / factor;
  std::vector<Sum> sums(static_cast<std::size_t>(width));
  for (int y = 0; y < out.height(); ++y) {
    const int rows = std::min(factor, image.height() - y * factor);
    sum_rows(image, y * factor, rows, sums.data());
    int done = 0;
    if constexpr (std::is_same_v<Sum, std::uint16_t>) {
      if (rows == factor) {
        done = factor == 2 || factor == 3 || factor == 4 || factor == 8 ? whole : 0;
        if (factor == 2) average_columns<2>(sums.data(), whole, out.row(y));
        if (factor == 3) average_columns<3>(sums.data(), whole, out.row(y));
        if (factor == 4) average_columns<4>(sums.data(), whole, out.row(y));
        if (factor == 8) average_columns<8>(sums.data(), whole, out.row(y));
      }
    }
    average_columns(sums.data(), done, width, factor, rows, out.row(y));
  }
}

}  // namespace

GrayImage box_reduced(const GrayImage& image, int factor) {
  if (factor <= 1 || image.empty()) return image;
  const auto side = [factor](int length) { return (length - 1) / factor + 1; };
  GrayImage out(side(image.width()), side(image.height()));
  constexpr int kLargestFactorOf16Bits = 257;  // 257 * 255 = 65535
  if (factor <= kLargestFactorOf16Bits) {
    reduce<std::uint16_t>(image, factor, out);
  } else {
    reduce<std::uint32_t>(image, factor, out);
  }
  return out;
}

namespace {

/// Which source samples make one output sample, and how much of each.
struct Taps {
  int first = 0;
  std::vector<float> weights;  // sum 1
};

std::vector<Taps> area_taps(int from, int to) {
  std::vector<Taps> taps(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double begin = i * step;
    const double end = std::min<double>(from, (i + 1) * step);
    Taps& tap = taps[static_cast<std::size_t>(i)];
    tap.first = std::min(from - 1, static_cast<int>(begin));
    for (int s = tap.first; s < from && (s < end || tap.weights.empty()); ++s) {
      const double share = (std::min<double>(end, s + 1) - std::max<double>(begin, s)) / step;
      if (share > 1e-6 || tap.weights.empty()) tap.weights.push_back(static_cast<float>(share));
    }
  }
  return taps;
}

std::vector<Taps> bilinear_taps(int from, int to) {
  std::vector<Taps> taps(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double centre = std::clamp((i + 0.5) * from / to - 0.5, 0.0, static_cast<double>(from - 1));
    Taps& tap = taps[static_cast<std::size_t>(i)];
    tap.first = static_cast<int>(centre);
    const auto fraction = static_cast<float>(centre - tap.first);
    tap.weights = {1.0F - fraction};
    if (tap.first + 1 < from) tap.weights.push_back(fraction);
  }
  return taps;
}

std::vector<Taps> taps_for(int from, int to) {
  return to < from ? area_taps(from, to) : bilinear_taps(from, to);
}

void mix_rows(const GrayImage& image, const Taps& taps, float* mixed) {
  const int width = image.width();
  std::fill(mixed, mixed + width, 0.5F);  // rounds the final cut to whole tones
  for (std::size_t i = 0; i < taps.weights.size(); ++i) {
    const float weight = taps.weights[i];
    const std::uint8_t* row = image.row(taps.first + static_cast<int>(i));
    for (int x = 0; x < width; ++x) mixed[x] += weight * static_cast<float>(row[x]);
  }
}

}  // namespace

GrayImage resized(const GrayImage& image, int width, int height) {
  GrayImage out(width, height);
  if (image.empty() || out.empty()) return out;
  if (width == image.width() && height == image.height()) return image;
  const auto columns = taps_for(image.width(), width);
  const auto rows = taps_for(image.height(), height);
  std::vector<float> mixed(static_cast<std::size_t>(image.width()));
  for (int y = 0; y < height; ++y) {
    mix_rows(image, rows[static_cast<std::size_t>(y)], mixed.data());
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < width; ++x) {
      const Taps& taps = columns[static_cast<std::size_t>(x)];
      const float* from = mixed.data() + taps.first;
      float sum = 0;
      for (std::size_t i = 0; i < taps.weights.size(); ++i) sum += taps.weights[i] * from[i];
      to[x] = static_cast<std::uint8_t>(std::clamp(sum, 0.0F, 255.0F));
    }
  }
  return out;
}

}  // namespace korrigo::imaging
