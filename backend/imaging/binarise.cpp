// Sauvola and Pietikainen, "Adaptive document image binarization", Pattern Recognition 33 (2000), with sliding window
// sums in place of integral images: two rows of sums stay in the cache whatever the picture's size.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "imaging/geometry.h"
#include "imaging/tones.h"

namespace korrigo::imaging {

namespace {

constexpr float kSauvolaRange = 128;  // R of the paper, for 8-bit tones

/// Sauvola's threshold lies a fixed share below the mean where contrast is low, so pencil and pale pens vanish. There
/// the threshold is the local mean less one deviation, but never nearer to it than the floor, which is what grain and
/// show-through need.
struct Floor {
  float below_mean = 0;  // tones
  float surely_ink = 0;  // darker is ink whatever surrounds it: the inside of bars and blots wider than the window
};

Floor floor_of(const GrayImage& image, double least_contrast) {
  constexpr double kCalmGrain = 4;      // tones; at the default contrast the floor stays 4.5 deviations clear of grain
  constexpr double kBlackShare = 0.35;  // of the paper's tone
  const std::uint8_t paper = paper_tone(image);
  return {static_cast<float>(least_contrast * std::max(1.0, paper_noise(image, paper) / kCalmGrain)),
          static_cast<float>(kBlackShare * paper)};
}

/// Column sums over the rows of the window, moved down row by row.
class WindowRows {
 public:
  WindowRows(const GrayImage& image, int reach)
      : image_(image),
        reach_(reach),
        sums_(static_cast<std::size_t>(image.width())),
        squares_(static_cast<std::size_t>(image.width())) {
    for (int y = 0; y < std::min(reach, image.height()); ++y) add(y);
  }

  /// To the window centred on row y; called for 0, 1, 2 ...
  void move_to(int y) {
    if (y + reach_ < image_.height()) add(y + reach_);
    if (y - reach_ - 1 >= 0) remove(y - reach_ - 1);
  }
  int rows_at(int y) const { return std::min(image_.height() - 1, y + reach_) - std::max(0, y - reach_) + 1; }
  const std::vector<std::uint32_t>& sums() const { return sums_; }
  const std::vector<std::uint32_t>& squares() const { return squares_; }

 private:
  void add(int y) {
    const std::uint8_t* row = image_.row(y);
    for (std::size_t x = 0; x < sums_.size(); ++x) {
      sums_[x] += row[x];
      squares_[x] += static_cast<std::uint32_t>(row[x]) * row[x];
    }
  }
  void remove(int y) {
    const std::uint8_t* row = image_.row(y);
    for (std::size_t x = 0; x < sums_.size(); ++x) {
      sums_[x] -= row[x];
      squares_[x] -= static_cast<std::uint32_t>(row[x]) * row[x];
    }
  }

  const GrayImage& image_;
  int reach_;
  std::vector<std::uint32_t> sums_;
  std::vector<std::uint32_t> squares_;
};

/// Mean and mean square of the window around every pixel of one row.
struct RowMoments {
  std::vector<float> mean;
  std::vector<float> square;
};

void slide(const WindowRows& window, int reach, int rows, RowMoments& out) {
  const int width = static_cast<int>(out.mean.size());
  const std::uint32_t* sums = window.sums().data();
  const std::uint32_t* squares = window.squares().data();
  std::uint64_t sum = 0;
  std::uint64_t square = 0;
  for (int x = 0; x < std::min(reach, width); ++x) {
    sum += sums[x];
    square += squares[x];
  }
  int columns = std::min(reach, width);
  for (int x = 0; x < width; ++x) {
    if (x + reach < width) {
      sum += sums[x + reach];
      square += squares[x + reach];
      ++columns;
    }
    if (x - reach - 1 >= 0) {
      sum -= sums[x - reach - 1];
      square -= squares[x - reach - 1];
      --columns;
    }
    const float share = 1.0F / static_cast<float>(columns * rows);
    out.mean[static_cast<std::size_t>(x)] = static_cast<float>(static_cast<std::int64_t>(sum)) * share;
    out.square[static_cast<std::size_t>(x)] = static_cast<float>(static_cast<std::int64_t>(square)) * share;
  }
}

void threshold_row(const std::uint8_t* row, const RowMoments& moments, float sensitivity, const Floor& floor,
                   std::uint8_t* out) {
  const std::size_t width = moments.mean.size();
  const float* means = moments.mean.data();
  const float* squares = moments.square.data();
  for (std::size_t x = 0; x < width; ++x) {
    const float mean = means[x];
    const float deviation = std::sqrt(std::max(0.0F, squares[x] - mean * mean));
    const float sauvola = mean * (1 + sensitivity * (deviation / kSauvolaRange - 1));
    const float faint = mean - std::max(floor.below_mean, deviation);
    const float threshold = std::max(std::max(sauvola, faint), floor.surely_ink);
    out[x] = static_cast<float>(row[x]) < threshold ? 255 : 0;
  }
}

}  // namespace

GrayImage binarised(const GrayImage& image, int window_pixels, double sensitivity, double least_contrast) {
  GrayImage out(image.width(), image.height(), std::uint8_t{0});
  if (image.empty()) return out;
  // Larger windows would overflow the 32-bit column sums of squares.
  const int reach = std::clamp(window_pixels, 3, 2001) / 2;
  const Floor floor = floor_of(image, least_contrast);
  WindowRows window(image, reach);
  RowMoments moments{std::vector<float>(static_cast<std::size_t>(image.width())),
                     std::vector<float>(static_cast<std::size_t>(image.width()))};
  for (int y = 0; y < image.height(); ++y) {
    window.move_to(y);
    slide(window, reach, window.rows_at(y), moments);
    threshold_row(image.row(y), moments, static_cast<float>(sensitivity), floor, out.row(y));
  }
  return out;
}

}  // namespace korrigo::imaging
