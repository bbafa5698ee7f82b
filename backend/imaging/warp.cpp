#include <algorithm>
#include <cmath>
#include <numbers>

#include "imaging/geometry.h"
#include "imaging/wide.h"

namespace korrigo::imaging {

Affine Affine::rotation(double degrees, double cx, double cy) {
  const double radians = degrees * std::numbers::pi / 180;
  const double cosine = std::cos(radians);
  const double sine = std::sin(radians);
  return {cosine, -sine, cx - cosine * cx + sine * cy, sine, cosine, cy - sine * cx - cosine * cy};
}

Affine Affine::then(const Affine& next) const {
  return {next.a * a + next.b * d, next.a * b + next.b * e, next.a * c + next.b * f + next.c,
          next.d * a + next.e * d, next.d * b + next.e * e, next.d * c + next.e * f + next.f};
}

Affine Affine::inverse() const {
  const double determinant = a * e - b * d;
  return {e / determinant,  -b / determinant, (b * f - c * e) / determinant,
          -d / determinant, a / determinant,  (c * d - a * f) / determinant};
}

namespace {

/// Columns of an output row, [begin, end).
struct Span {
  double begin = 0;
  double end = 0;
};

/// Narrows `span` to the x for which low <= start + step * x <= high.
void narrow(Span& span, double start, double step, double low, double high) {
  if (std::abs(step) < 1e-12) {
    if (start < low || start > high) span.end = span.begin;
    return;
  }
  const double first = (low - start) / step;
  const double last = (high - start) / step;
  span.begin = std::max(span.begin, std::ceil(std::min(first, last)));
  span.end = std::min(span.end, std::floor(std::max(first, last)) + 1);
}

/// One sample where some of the four neighbours may lie outside; those are white.
std::uint8_t edge_sample(const GrayImage& image, double x, double y) {
  if (!(x > -1 && y > -1 && x < image.width() && y < image.height())) return 255;
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const auto tone = [&](int column, int row) {
    const bool inside = column >= 0 && row >= 0 && column < image.width() && row < image.height();
    return inside ? static_cast<double>(image.at(column, row)) : 255.0;
  };
  const double fx = x - left;
  const double fy = y - top;
  const double upper = tone(left, top) * (1 - fx) + tone(left + 1, top) * fx;
  const double lower = tone(left, top + 1) * (1 - fx) + tone(left + 1, top + 1) * fx;
  return static_cast<std::uint8_t>(upper * (1 - fy) + lower * fy + 0.5);
}

constexpr int kFractionBits = 32;  // of positions: no drift over the widest row
constexpr int kWeightBits = 8;     // of bilinear weights: below one tone of error

std::int64_t fixed(double value) {
  return static_cast<std::int64_t>(std::llround(std::ldexp(value, kFractionBits)));
}

/// `count` samples from one pair of rows whose columns follow each other pixel by pixel: `at_x` and `at_y` are the
/// fractions of the first sample's place, in 2^-kFractionBits.
KORRIGO_WIDE void sample_run(const std::uint8_t* upper_row, const std::uint8_t* lower_row, std::uint32_t at_x,
                             std::uint32_t at_y, std::uint32_t by_x, std::uint32_t by_y, int count, std::uint8_t* out) {
  constexpr int kShift = kFractionBits - kWeightBits;
  constexpr int kOne = 1 << kWeightBits;
  for (int i = 0; i < count; ++i) {
    const int fx = static_cast<int>((at_x + by_x * static_cast<std::uint32_t>(i)) >> kShift);
    const int fy = static_cast<int>((at_y + by_y * static_cast<std::uint32_t>(i)) >> kShift);
    const int upper = upper_row[i] * (kOne - fx) + upper_row[i + 1] * fx;
    const int lower = lower_row[i] * (kOne - fx) + lower_row[i + 1] * fx;
    out[i] = static_cast<std::uint8_t>((upper * (kOne - fy) + lower * fy + (1 << (2 * kWeightBits - 1))) >>
                                       (2 * kWeightBits));
  }
}

/// How many steps of `by` the fraction `at` takes before its whole part changes.
std::int64_t steps_within(std::int64_t at, std::int64_t by) {
  constexpr std::int64_t kWhole = std::int64_t{1} << kFractionBits;
  const std::int64_t fraction = at & (kWhole - 1);
  if (by == 0) return kWhole;
  return by > 0 ? (kWhole - 1 - fraction) / by + 1 : fraction / -by + 1;
}

/// Samples whose four neighbours all lie inside. They are taken in runs over which the sources lie side by side: all
/// that a picture turned by a degree and hardly scaled has.
void sample_inside(const GrayImage& image, double x, double y, double step_x, double step_y, int count,
                   std::uint8_t* out) {
  std::int64_t at_x = fixed(x);
  std::int64_t at_y = fixed(y);
  const std::int64_t beyond_x = fixed(step_x) - (std::int64_t{1} << kFractionBits);
  const std::int64_t by_y = fixed(step_y);
  const std::int64_t stride = image.width();
  for (int i = 0; i < count;) {
    const std::int64_t alike = std::min(steps_within(at_x, beyond_x), steps_within(at_y, by_y));
    const int run = static_cast<int>(std::min<std::int64_t>(alike, count - i));
    const std::uint8_t* p = image.row(0) + (at_y >> kFractionBits) * stride + (at_x >> kFractionBits);
    sample_run(p, p + stride, static_cast<std::uint32_t>(at_x), static_cast<std::uint32_t>(at_y),
               static_cast<std::uint32_t>(beyond_x), static_cast<std::uint32_t>(by_y), run, out + i);
    i += run;
    at_x += (beyond_x + (std::int64_t{1} << kFractionBits)) * run;
    at_y += by_y * run;
  }
}

void warp_row(const GrayImage& image, const Affine& map, int y, GrayImage& out) {
  const auto start = map(0, y);
  const double start_x = start.first;  // clang before 16 does not let a lambda capture a structured binding
  const double start_y = start.second;
  Span inside{0, static_cast<double>(out.width())};
  constexpr double kSlack = 1e-3;  // rounding of the fixed-point walk must not step outside
  narrow(inside, start_x, map.a, 0, image.width() - 1 - kSlack);
  narrow(inside, start_y, map.d, 0, image.height() - 1 - kSlack);
  Span touched{0, static_cast<double>(out.width())};
  narrow(touched, start_x, map.a, -1, image.width());
  narrow(touched, start_y, map.d, -1, image.height());
  const auto column = [&](double x) { return static_cast<int>(std::clamp(x, 0.0, static_cast<double>(out.width()))); };
  const int first = column(touched.begin);
  const int end = std::max(first, column(touched.end));
  const bool any = inside.end > inside.begin;
  const int inside_first = any ? std::clamp(column(inside.begin), first, end) : end;
  const int inside_end = any ? std::clamp(column(inside.end), inside_first, end) : end;

  std::uint8_t* row = out.row(y);
  const auto edges = [&](int from, int to) {
    for (int x = from; x < to; ++x) row[x] = edge_sample(image, start_x + map.a * x, start_y + map.d * x);
  };
  edges(first, inside_first);
  if (inside_end > inside_first) {
    sample_inside(image, start_x + map.a * inside_first, start_y + map.d * inside_first, map.a, map.d,
                  inside_end - inside_first, row + inside_first);
  }
  edges(inside_end, end);
}

}  // namespace

GrayImage warped(const GrayImage& image, const Affine& from_output, int width, int height) {
  GrayImage out(width, height);
  if (image.empty() || out.empty()) return out;
  for (int y = 0; y < height; ++y) warp_row(image, from_output, y, out);
  return out;
}

GrayImage deskewed(const GrayImage& image, double degrees) {
  if (degrees == 0) return image;
  const Affine back = Affine::rotation(-degrees, (image.width() - 1) / 2.0, (image.height() - 1) / 2.0);
  return warped(image, back, image.width(), image.height());
}

}  // namespace korrigo::imaging
