#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "imaging/geometry.h"

namespace korrigo::imaging {
namespace {

constexpr int kLeastSide = 32;       // pixels; nothing to measure below
constexpr int kStripWidth = 24;      // pixels; at 4 degrees a row drifts by less than two within one
constexpr int kFullInk = 64;         // darker than the paper by this counts full: ruling must weigh beside writing
constexpr double kCoarseStep = 0.2;  // degrees
constexpr double kFineStep = 0.02;
constexpr double kLeastConfidence = 1.25;

// How much ink each row of each upright strip of the picture holds.
class StripProfiles {
 public:
  explicit StripProfiles(const GrayImage& image)
      : height_(image.height()), strips_(std::max(1, image.width() / kStripWidth)) {
    sums_.resize(static_cast<std::size_t>(strips_) * height_);
    const int paper = paper_tone(image);
    for (int y = 0; y < height_; ++y) {
      const std::uint8_t* row = image.row(y);
      for (int strip = 0; strip < strips_; ++strip) {
        int sum = 0;
        for (int x = strip * kStripWidth; x < (strip + 1) * kStripWidth; ++x)
          sum += std::clamp(paper - row[std::min(x, image.width() - 1)], 0, kFullInk);
        sums_[static_cast<std::size_t>(strip) * height_ + y] = static_cast<float>(sum);
      }
    }
  }

  // How much neighbouring rows differ when the picture is sheared level, had it been turned clockwise by `degrees`.
  double contrast(double degrees) const {
    const double slope = std::tan(degrees * std::numbers::pi / 180);
    const int reach = static_cast<int>(std::ceil(std::abs(slope) * strips_ * kStripWidth / 2)) + 1;
    if (height_ <= 2 * reach + 2) return 0;
    std::vector<float> rows(static_cast<std::size_t>(height_ - 2 * reach), 0);
    for (int strip = 0; strip < strips_; ++strip) {
      const double centre = (strip + 0.5) * kStripWidth - strips_ * kStripWidth / 2.0;
      const double shift = centre * slope;
      const int whole = static_cast<int>(std::floor(shift));
      const auto part = static_cast<float>(shift - whole);
      const float* sums = sums_.data() + static_cast<std::size_t>(strip) * height_ + reach + whole;
      for (std::size_t i = 0; i + 1 < rows.size(); ++i) rows[i] += sums[i] * (1 - part) + sums[i + 1] * part;
    }
    double contrast = 0;
    for (std::size_t i = 0; i + 2 < rows.size(); ++i)
      contrast += static_cast<double>(rows[i + 1] - rows[i]) * (rows[i + 1] - rows[i]);
    return contrast / static_cast<double>(rows.size());
  }

 private:
  int height_;
  int strips_;
  std::vector<float> sums_;
};

}  // namespace

Skew find_skew(const GrayImage& image, double limit_degrees) {
  if (image.width() < kLeastSide || image.height() < kLeastSide) return {};
  const StripProfiles profiles(image);
  double best = 0;
  double most = -1;
  std::vector<double> contrasts;
  const auto try_angle = [&](double degrees) {
    const double contrast = profiles.contrast(degrees);
    if (contrast > most) most = contrast, best = degrees;
    return contrast;
  };
  const int steps = static_cast<int>(limit_degrees / kCoarseStep);
  for (int i = -steps; i <= steps; ++i) contrasts.push_back(try_angle(i * kCoarseStep));
  const double middle = best;
  for (double off = -kCoarseStep + kFineStep; off < kCoarseStep; off += kFineStep) try_angle(middle + off);
  const auto median = contrasts.begin() + static_cast<std::ptrdiff_t>(contrasts.size() / 2);
  std::nth_element(contrasts.begin(), median, contrasts.end());
  if (*median <= 0) return {};
  const double confidence = most / *median;
  if (confidence < kLeastConfidence || std::abs(best) > limit_degrees) return {0, confidence};
  return {-best, confidence};
}

}  // namespace korrigo::imaging
