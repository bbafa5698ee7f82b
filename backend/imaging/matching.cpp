#include <algorithm>
#include <cmath>
#include <cstdint>

#include "imaging/geometry.h"
#include "imaging/wide.h"

namespace korrigo::imaging {

namespace {

/// Below this sum of squared deviations per pixel (in tones) a picture is flat: its correlation would be rounding
/// noise.
constexpr double kFlatVariance = 0.25;

double ncc(double covariance, double variance_a, double variance_b, double pixels) {
  if (variance_a < kFlatVariance * pixels || variance_b < kFlatVariance * pixels) return 0;
  return std::clamp(covariance / std::sqrt(variance_a * variance_b), -1.0, 1.0);
}

/// Sums of tones and of their squares over every rectangle from the origin; one more row and column than the picture.
class Integral {
 public:
  explicit Integral(const GrayImage& image)
      : stride_(static_cast<std::size_t>(image.width()) + 1),
        sums_(stride_ * (static_cast<std::size_t>(image.height()) + 1)),
        squares_(sums_.size()) {
    for (int y = 0; y < image.height(); ++y) {
      std::uint64_t sum = 0;
      std::uint64_t square = 0;
      const std::uint8_t* row = image.row(y);
      const std::size_t above = static_cast<std::size_t>(y) * stride_ + 1;
      for (std::size_t x = 0; x + 1 < stride_; ++x) {
        const std::uint64_t tone = row[x];
        sum += tone;
        square += tone * tone;
        sums_[above + stride_ + x] = sums_[above + x] + sum;
        squares_[above + stride_ + x] = squares_[above + x] + square;
      }
    }
  }

  double sum(int x, int y, int width, int height) const { return window(sums_, x, y, width, height); }
  double squares(int x, int y, int width, int height) const { return window(squares_, x, y, width, height); }

 private:
  double window(const std::vector<std::uint64_t>& values, int x, int y, int width, int height) const {
    const auto at = [&](int column, int row) {
      return values[static_cast<std::size_t>(row) * stride_ + static_cast<std::size_t>(column)];
    };
    return static_cast<double>(at(x + width, y + height) - at(x, y + height) - at(x + width, y) + at(x, y));
  }

  std::size_t stride_;
  std::vector<std::uint64_t> sums_;
  std::vector<std::uint64_t> squares_;
};

/// Signed 16-bit copies let the compiler use multiply-and-add over pairs.
std::vector<std::int16_t> shifted(const GrayImage& image, int minus) {
  std::vector<std::int16_t> values(image.pixels().size());
  std::transform(image.pixels().begin(), image.pixels().end(), values.begin(),
                 [minus](std::uint8_t tone) { return static_cast<std::int16_t>(tone - minus); });
  return values;
}

KORRIGO_WIDE std::int64_t dot(const std::int16_t* a, const std::int16_t* b, int count) {
  constexpr int kBlock = 16'384;  // 255 * 255 * kBlock fits 32 bits
  std::int64_t total = 0;
  for (int from = 0; from < count; from += kBlock) {
    const int end = std::min(count, from + kBlock);
    std::int32_t sum = 0;
    for (int i = from; i < end; ++i) sum += a[i] * b[i];
    total += sum;
  }
  return total;
}

struct Moments {
  double mean = 0;
  double variance = 0;  // sum of squared deviations
};

Moments moments(const GrayImage& image) {
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  for (int y = 0; y < image.height(); ++y) {
    std::uint32_t row_sum = 0;
    std::uint32_t row_squares = 0;  // 40,000 * 255^2 fits
    const std::uint8_t* row = image.row(y);
    for (int x = 0; x < image.width(); ++x) {
      row_sum += row[x];
      row_squares += static_cast<std::uint32_t>(row[x]) * row[x];
    }
    sum += row_sum;
    squares += row_squares;
  }
  const auto pixels = static_cast<double>(image.pixels().size());
  const double mean = static_cast<double>(sum) / pixels;
  return {mean, static_cast<double>(squares) - mean * static_cast<double>(sum)};
}

}  // namespace

Match best_match(const GrayImage& image, const GrayImage& pattern) {
  Match best;
  const int width = pattern.width();
  const int height = pattern.height();
  if (pattern.empty() || width > image.width() || height > image.height()) return best;
  const Moments of_pattern = moments(pattern);
  const int centre = static_cast<int>(std::lround(of_pattern.mean));
  const double offset = of_pattern.mean - centre;
  const auto values = shifted(pattern, centre);
  const auto source = shifted(image, 0);
  const Integral integral(image);
  const double pixels = static_cast<double>(width) * height;
  for (int y = 0; y + height <= image.height(); ++y) {
    for (int x = 0; x + width <= image.width(); ++x) {
      const double sum = integral.sum(x, y, width, height);
      const double variance = integral.squares(x, y, width, height) - sum * sum / pixels;
      std::int64_t product = 0;
      for (int row = 0; row < height && variance >= kFlatVariance * pixels; ++row) {
        const auto at =
            static_cast<std::size_t>(y + row) * static_cast<std::size_t>(image.width()) + static_cast<std::size_t>(x);
        product += dot(values.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(width),
                       source.data() + at, width);
      }
      const double covariance = static_cast<double>(product) - offset * sum;
      const double score = ncc(covariance, of_pattern.variance, variance, pixels);
      if (score > best.score) best = {score, x, y};
    }
  }
  return best;
}

double correlation(const GrayImage& a, const GrayImage& b) {
  if (a.empty() || a.width() != b.width() || a.height() != b.height()) return 0;
  return best_match(a, b).score;
}

}  // namespace korrigo::imaging
