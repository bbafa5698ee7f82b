#include "scans/survey.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "imaging/geometry.h"
#include "imaging/quality.h"
#include "scans/standing.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr double kA3Ratio = 1.2;
constexpr double kSkewDpi = 75;
constexpr int kInkFull = 48;     // darkness under the local paper that counts as full ink at kStripDpi
constexpr int kPaperRadius = 9;  // pixels at kStripDpi over which the local paper tone is taken

// Darkness below the local paper, saturating at kInkFull. The paper is the mean of a window, clipped so that ink does
// not count.
GrayImage ink_picture(const GrayImage& level) {
  const int width = level.width();
  const int height = level.height();
  const int paper = imaging::paper_tone(level);
  std::vector<int> integral(static_cast<std::size_t>(width + 1) * (height + 1), 0);
  for (int y = 0; y < height; ++y) {
    int sum = 0;
    for (int x = 0; x < width; ++x) {
      sum += std::max<int>(level.at(x, y), paper - 2 * kInkFull);
      integral[static_cast<std::size_t>(y + 1) * (width + 1) + x + 1] =
          integral[static_cast<std::size_t>(y) * (width + 1) + x + 1] + sum;
    }
  }
  GrayImage ink(width, height, 0);
  for (int y = 0; y < height; ++y) {
    const int y0 = std::max(0, y - kPaperRadius);
    const int y1 = std::min(height, y + kPaperRadius + 1);
    for (int x = 0; x < width; ++x) {
      const int x0 = std::max(0, x - kPaperRadius);
      const int x1 = std::min(width, x + kPaperRadius + 1);
      const auto at = [&](int u, int v) { return integral[static_cast<std::size_t>(v) * (width + 1) + u]; };
      const int mean = (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / ((x1 - x0) * (y1 - y0));
      const int darkness = std::clamp(mean - level.at(x, y), 0, kInkFull);
      ink.row(y)[x] = static_cast<std::uint8_t>(darkness * 255 / kInkFull);
    }
  }
  return ink;
}

using Line = std::vector<std::uint8_t>;

// What is at least `window` pixels long in the line: the smallest value of every window, then the largest of those that
// hold a pixel. Windows grow by doubling. `other` is room for a line as long.
void open_line(Line& line, Line& other, int window) {
  const std::size_t size = line.size();
  for (int have = 1; have < window;) {
    const auto step = static_cast<std::size_t>(std::min(have, window - have));
    for (std::size_t i = 0; i + step < size; ++i) other[i] = std::min(line[i], line[i + step]);
    std::copy(line.end() - static_cast<std::ptrdiff_t>(std::min(step, size)), line.end(),
              other.end() - static_cast<std::ptrdiff_t>(std::min(step, size)));
    line.swap(other);
    have += static_cast<int>(step);
  }
  const std::size_t windows =
      size + 1 > static_cast<std::size_t>(window) ? size + 1 - static_cast<std::size_t>(window) : 0;
  std::fill(line.begin() + static_cast<std::ptrdiff_t>(windows), line.end(), std::uint8_t{0});
  for (int have = 1; have < window;) {
    const auto step = static_cast<std::size_t>(std::min(have, window - have));
    std::copy_n(line.begin(), std::min(step, size), other.begin());
    for (std::size_t i = step; i < size; ++i) other[i] = std::max(line[i], line[i - step]);
    line.swap(other);
    have += static_cast<int>(step);
  }
}

// The rows of an ink picture that run on over `window` pixels, one pixel of lean allowed.
GrayImage long_lines(const GrayImage& ink, int window) {
  GrayImage lines(ink.width(), ink.height());
  Line line(static_cast<std::size_t>(ink.width()));
  Line other(line.size());
  for (int y = 0; y < ink.height(); ++y) {
    const std::uint8_t* above = ink.row(std::max(0, y - 1));
    const std::uint8_t* here = ink.row(y);
    const std::uint8_t* below = ink.row(std::min(ink.height() - 1, y + 1));
    for (std::size_t x = 0; x < line.size(); ++x) line[x] = std::max({above[x], here[x], below[x]});
    open_line(line, other, window);
    std::copy(line.begin(), line.end(), lines.row(y));
  }
  return lines;
}

// The ink without the lines of ruled paper; labels, letter boxes and writing are made of shorter strokes.
GrayImage without_ruling(const GrayImage& ink) {
  constexpr int kAcross = 54;  // 36 mm
  constexpr int kDown = 36;    // 24 mm
  const GrayImage rows = long_lines(ink, kAcross);
  const GrayImage columns = imaging::rotated(long_lines(imaging::rotated(ink, 90), kDown), 270);
  GrayImage rest = ink;
  for (std::size_t i = 0; i < rest.pixels().size(); ++i)
    rest.pixels()[i] =
        static_cast<std::uint8_t>(std::max(0, ink.pixels()[i] - std::max(rows.pixels()[i], columns.pixels()[i])));
  return rest;
}

// Rows of writing, all at the same heights, look like a form to whoever compares faces; so every pixel is taken against
// its neighbours in the row.
GrayImage form_picture(const GrayImage& strokes) {
  constexpr int kAround = 12;  // 8 mm each way
  GrayImage picture(strokes.width(), strokes.height());
  std::vector<int> sums(static_cast<std::size_t>(strokes.width()) + 1, 0);
  for (int y = 0; y < strokes.height(); ++y) {
    for (int x = 0; x < strokes.width(); ++x) sums[x + 1] = sums[x] + strokes.at(x, y);
    for (int x = 0; x < strokes.width(); ++x) {
      const int first = std::max(0, x - kAround);
      const int last = std::min(strokes.width(), x + kAround + 1);
      const int usual = (sums[last] - sums[first]) / (last - first);
      picture.row(y)[x] = static_cast<std::uint8_t>(128 + (strokes.at(x, y) - usual) / 2);
    }
  }
  return picture;
}

// Ruling is the same along a whole row or column, so the medians of rows and columns hold it; what stands above them
// was written.
double written_share(const GrayImage& ink) {
  const int margin_x = ink.width() / 16;
  const int margin_y = ink.height() / 24;
  const int width = ink.width() - 2 * margin_x;
  const int height = ink.height() - 2 * margin_y;
  if (width < 8 || height < 8) return 0;
  const auto medians = [&](bool rows) {
    std::vector<int> result(static_cast<std::size_t>(rows ? height : width));
    std::vector<std::uint8_t> line(static_cast<std::size_t>(rows ? width : height));
    for (std::size_t i = 0; i < result.size(); ++i) {
      for (std::size_t j = 0; j < line.size(); ++j) {
        const int x = margin_x + static_cast<int>(rows ? j : i);
        const int y = margin_y + static_cast<int>(rows ? i : j);
        line[j] = ink.at(x, y);
      }
      const auto middle = line.begin() + static_cast<std::ptrdiff_t>(line.size() / 2);
      std::nth_element(line.begin(), middle, line.end());
      result[i] = *middle;
    }
    return result;
  };
  const auto row_medians = medians(true);
  const auto column_medians = medians(false);
  constexpr int kWritten = 110;
  int written = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      written += ink.at(margin_x + x, margin_y + y) - std::max(row_medians[y], column_medians[x]) > kWritten;
  return static_cast<double>(written) / (static_cast<double>(width) * height);
}

void judge(FaceSurvey& survey, const GrayImage& face_picture, const GrayImage& ink) {
  constexpr double kBlankShare = 0.0035;
  constexpr double kBlurred = 0.35;  // an edge spread over six pixels at 150 dpi
  constexpr double kA4Ratio = 1.4142;
  survey.face.blank = written_share(ink) < kBlankShare;
  if (!survey.face.blank) {
    const int paper = imaging::paper_tone(face_picture);
    std::array<std::size_t, 256> histogram{};
    for (const std::uint8_t pixel : face_picture.pixels()) ++histogram[pixel];
    std::size_t seen = 0;
    int dark = 0;  // the tone of the darkest half per cent
    while (dark < 255 && (seen += histogram[static_cast<std::size_t>(dark)]) < face_picture.pixels().size() / 200)
      ++dark;
    if (paper - dark < 45) survey.face.flags.emplace_back("faint");
    if (imaging::sharpness(face_picture) < kBlurred) survey.face.flags.emplace_back("blurred");
  }
  const double ratio = static_cast<double>(survey.face.part.height) / std::max(1, survey.face.part.width);
  if (ratio < kA4Ratio * 0.9 || ratio > kA4Ratio * 1.12) survey.face.flags.emplace_back("cut_off");
}

FaceSurvey survey_face(const GrayImage& picture, double picture_dpi, Half half, const PixelRect& part,
                       const PixelRect& shown, double skew_degrees) {
  FaceSurvey survey;
  survey.face.half = half;
  survey.face.part = part;

  const GrayImage own = imaging::cropped(picture, shown);
  const int to_skew = std::max(1, static_cast<int>(std::lround(picture_dpi / kSkewDpi)));
  const GrayImage middle = imaging::box_reduced(own, to_skew);
  survey.face.skew_degrees = skew_degrees;

  const double scale = kStripDpi / picture_dpi;
  const int width = std::max(16, static_cast<int>(std::lround(own.width() * scale)));
  const int height = std::max(16, static_cast<int>(std::lround(own.height() * scale)));
  const GrayImage ink = ink_picture(imaging::deskewed(imaging::resized(middle, width, height), skew_degrees));
  const GrayImage strokes = without_ruling(ink);
  const int strip = std::min(height, static_cast<int>(std::lround(kStripHeightInches * kStripDpi)));
  survey.top_strip = form_picture(imaging::cropped(strokes, {0, 0, width, strip}));
  survey.bottom_strip =
      form_picture(imaging::rotated(imaging::cropped(strokes, {0, height - strip, width, strip}), 180));
  survey.thumb = imaging::box_reduced(form_picture(strokes), kThumbReduction);
  survey.standing = standing_of_writing(strokes);
  judge(survey, middle, ink);
  return survey;
}

}  // namespace

int find_fold(const GrayImage& side, double skew_degrees) {
  const int middle = side.width() / 2;
  if (side.empty()) return middle;
  // A sheet that lies askew has an oblique fold; a column is followed along it.
  const double slope = std::tan(skew_degrees * std::numbers::pi / 180);
  const auto tone_at = [&](int x, int y) {
    const int along = x + static_cast<int>(std::lround((y - side.height() / 2.0) * slope));
    return side.at(std::clamp(along, 0, side.width() - 1), y);
  };
  const int reach =
      side.width() / 33;  // a sheet is folded within 1.5 % of its middle, and laid on the glass as exactly
  std::vector<double> tone;
  for (int x = middle - reach; x <= middle + reach; ++x) {
    double sum = 0;
    for (int y = 0; y < side.height(); y += 2) sum += tone_at(x, y);
    tone.push_back(sum / ((side.height() + 1) / 2));
  }
  const auto smooth = [&](std::size_t i) {
    const std::size_t first = i >= 2 ? i - 2 : 0;
    const std::size_t last = std::min(tone.size() - 1, i + 2);
    return std::accumulate(tone.begin() + static_cast<std::ptrdiff_t>(first),
                           tone.begin() + static_cast<std::ptrdiff_t>(last) + 1, 0.0) /
           static_cast<double>(last - first + 1);
  };
  std::vector<double> smoothed(tone.size());
  for (std::size_t i = 0; i < tone.size(); ++i) smoothed[i] = smooth(i);
  auto sorted = smoothed;
  std::sort(sorted.begin(), sorted.end());
  const double typical = sorted[sorted.size() / 2];

  // A gutter shadow darkens its columns from top to bottom; writing darkens them here and there. The median along the
  // column tells them apart.
  double best_shadow = 0;
  int shadow_at = -1;
  for (std::size_t i = 0; i < tone.size(); ++i) {
    std::vector<std::uint8_t> column;
    const int x = middle - reach + static_cast<int>(i);
    for (int y = 0; y < side.height(); y += 8) column.push_back(tone_at(x, y));
    const auto half = column.begin() + static_cast<std::ptrdiff_t>(column.size() / 2);
    std::nth_element(column.begin(), half, column.end());
    const double shadow = typical - *half;
    if (shadow > best_shadow) {
      best_shadow = shadow;
      shadow_at = x;
    }
  }
  constexpr double kShadow = 6;  // grey levels
  if (shadow_at >= 0 && best_shadow >= kShadow) return shadow_at;

  // The emptiest column, the one nearer to the middle among nearly equal ones.
  double best = -1e9;
  int at = middle;
  for (std::size_t i = 0; i < smoothed.size(); ++i) {
    const int x = middle - reach + static_cast<int>(i);
    const double value = smoothed[i] - 3.0 * std::abs(x - middle) / reach;
    if (value > best) {
      best = value;
      at = x;
    }
  }
  return at;
}

std::vector<FaceSurvey> survey_side(const GrayImage& picture, double picture_dpi, int full_width, int full_height,
                                    const SurveyOptions& options) {
  using Format = SurveyOptions::Format;
  if (picture.empty()) return survey_side(GrayImage(1, 1), picture_dpi, full_width, full_height, options);
  const bool a3 =
      options.format == Format::a3 || (options.format == Format::automatic && full_width > kA3Ratio * full_height);
  const int to_skew = std::max(1, static_cast<int>(std::lround(picture_dpi / kSkewDpi)));
  const double skew = imaging::find_skew(imaging::box_reduced(picture, to_skew)).degrees;
  std::vector<FaceSurvey> faces;
  if (!a3) {
    faces.push_back(
        survey_face(picture, picture_dpi, Half::full, {0, 0, full_width, full_height}, picture.bounds(), skew));
    return faces;
  }
  const int shown_fold = find_fold(picture, skew);
  const int fold = static_cast<int>(std::lround(static_cast<double>(shown_fold) * full_width / picture.width()));
  faces.push_back(survey_face(picture, picture_dpi, Half::left, {0, 0, fold, full_height},
                              {0, 0, shown_fold, picture.height()}, skew));
  faces.push_back(survey_face(picture, picture_dpi, Half::right, {fold, 0, full_width - fold, full_height},
                              {shown_fold, 0, picture.width() - shown_fold, picture.height()}, skew));
  return faces;
}

}  // namespace korrigo::scans
