#include "identification/registration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>

namespace korrigo::identification {
namespace {

using imaging::Affine;
using imaging::GrayImage;
using imaging::PixelRect;

constexpr int kCoarse = 8;       // reduction of the first search
constexpr int kCoarseReach = 8;  // reduced pixels: 5 mm each way
// Degrees. Turned, a header is unlike its form at its ends, and without them its rows of boxes fit one box off as well.
constexpr std::array<double, 3> kTurns = {0, -0.3, 0.3};
constexpr int kPatchWidth = 176;
constexpr int kPatchHeight = 88;
constexpr int kReach = 8;  // pixels each way around the coarse place
constexpr int kColumns = 4;
constexpr int kRows = 3;
constexpr int kStep = 2;             // pixels either way
constexpr double kLeastDetail = 40;  // squared tones; a scanner's grain has about 10
constexpr double kFound = 0.45;      // correlation of a patch that counts as found
constexpr double kAgrees = 2.5;      // pixels

struct Pair {
  double x = 0, y = 0;  // in the form
  double u = 0, v = 0;  // in the header
  double score = 1;     // correlation
  bool level = false;   // known in height only
};

// Mean squared steps of the tones along the rows and down the columns. Print that has none along an axis could lie
// anywhere along it (Shi and Tomasi, Good features to track, 1994).
struct Detail {
  double across = 0;
  double down = 0;
};

Detail detail(const GrayImage& image, const PixelRect& part) {
  const PixelRect inner = part.intersected(image.bounds().grown(-kStep));
  Detail sum;
  int count = 0;
  for (int y = inner.y; y < inner.bottom(); y += 3)
    for (int x = inner.x; x < inner.right(); x += 3) {
      const double right = image.at(x + kStep, y) - image.at(x - kStep, y);
      const double below = image.at(x, y + kStep) - image.at(x, y - kStep);
      sum.across += right * right;
      sum.down += below * below;
      ++count;
    }
  if (count == 0) return {};
  return {sum.across / count, sum.down / count};
}

// How well a patch's place is known: with the inverse of the noise over the signal that its correlation tells of. What
// looks like print but was written must not outweigh print.
double certainty(double correlation) {
  constexpr double kPixel = 0.05;  // places are whole pixels, however well they match
  return correlation * correlation / (1 - correlation * correlation + kPixel);
}

double miss(const Affine& map, const Pair& pair) {
  const auto [u, v] = map(pair.x, pair.y);
  return std::hypot(pair.level ? 0 : u - pair.u, v - pair.v);
}

// Gauss-Jordan; nothing where the equations leave something open.
std::optional<std::array<double, 4>> solved(std::array<std::array<double, 5>, 4> rows) {
  for (std::size_t i = 0; i < 4; ++i) {
    const auto pivot = std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(i), rows.end(),
                                        [&](const auto& a, const auto& b) { return std::abs(a[i]) < std::abs(b[i]); });
    std::swap(*pivot, rows[i]);
    if (std::abs(rows[i][i]) < 1e-6) return std::nullopt;
    for (std::size_t k = 0; k < 4; ++k) {
      const double factor = rows[k][i] / rows[i][i];
      for (std::size_t m = i; m < 5 && k != i; ++m) rows[k][m] -= factor * rows[i][m];
    }
  }
  return std::array{rows[0][4] / rows[0][0], rows[1][4] / rows[1][1], rows[2][4] / rows[2][2], rows[3][4] / rows[3][3]};
}

// Least squares over x' = a x - b y + c, y' = b x + a y + d: turn, scale, shift.
std::optional<Affine> similarity(const std::vector<Pair>& pairs) {
  constexpr double kThousand = 1000;  // pixels, so that the equations' numbers are of one size
  std::array<std::array<double, 5>, 4> rows{};
  const auto add = [&](const std::array<double, 4>& factors, double value, double weight) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t k = 0; k < 4; ++k) rows[i][k] += weight * factors[i] * factors[k];
      rows[i][4] += weight * factors[i] * value;
    }
  };
  for (const Pair& p : pairs) {
    const double x = p.x / kThousand;
    const double y = p.y / kThousand;
    if (!p.level) add({x, -y, 1, 0}, p.u / kThousand, certainty(p.score));
    add({y, x, 0, 1}, p.v / kThousand, certainty(p.score));
  }
  const auto found = solved(rows);
  if (!found) return std::nullopt;
  const auto& [a, b, c, d] = *found;
  return Affine{a, -b, c * kThousand, b, a, d * kThousand};
}

// The patches that lie off the coarse place alike, as most do, then the similarity of those.
std::optional<Affine> agreed(const std::vector<Pair>& pairs, const Affine& coarse) {
  if (pairs.size() < 2) return std::nullopt;
  constexpr double kNear = 8;
  const auto near = [&](const Pair& one, const Pair& other) {
    const auto [u, v] = coarse(one.x, one.y);
    const auto [p, q] = coarse(other.x, other.y);
    const double across = one.level || other.level ? 0 : one.u - u - other.u + p;
    return std::hypot(across, one.v - v - other.v + q) < kNear;
  };
  const Pair* best = nullptr;
  double best_votes = 0;
  for (const Pair& candidate : pairs) {
    double votes = 0;
    for (const Pair& other : pairs)
      if (near(candidate, other)) votes += other.score;
    if (votes > best_votes) best_votes = votes, best = &candidate;
  }
  std::vector<Pair> chosen;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(chosen), [&](const Pair& p) { return near(*best, p); });
  if (chosen.size() < 2) return std::nullopt;
  std::optional<Affine> map = similarity(chosen);
  for (int round = 0; map && round < 4 && chosen.size() > 2; ++round) {
    const auto worst = std::max_element(chosen.begin(), chosen.end(),
                                        [&](const Pair& a, const Pair& b) { return miss(*map, a) < miss(*map, b); });
    if (miss(*map, *worst) < kAgrees) break;
    chosen.erase(worst);
    map = similarity(chosen);
  }
  return map;
}

// The mean of 2 x 2 pixels: thin lines look alike wherever they fell on the reduced pixels.
GrayImage softened(const GrayImage& image) {
  return imaging::warped(image, {1, 0, 0.5, 0, 1, 0.5}, image.width(), image.height());
}

struct BestPlaces {
  PixelRect sharp;  // empty where there is none
  PixelRect level;
};

// Where in a cell a patch tells most of where it lies, and where most of its height alone.
BestPlaces best_places(const GrayImage& print, const PixelRect& cell, const PixelRect& inside) {
  BestPlaces best;
  double sharpest = kLeastDetail;
  double steepest = kLeastDetail;
  const int bottom = std::max(cell.y + 1, cell.bottom() - kPatchHeight / 2);
  const int right = std::max(cell.x + 1, cell.right() - kPatchWidth / 2);
  for (int y = cell.y; y + kPatchHeight <= inside.bottom() && y < bottom; y += 22)
    for (int x = cell.x; x + kPatchWidth <= inside.right() && x < right; x += 44) {
      const PixelRect place{x, y, kPatchWidth, kPatchHeight};
      const Detail here = detail(print, place);
      const double least = std::min(here.across, here.down);
      if (least > sharpest) sharpest = least, best.sharp = place;
      if (here.across < kLeastDetail && here.down > steepest) steepest = here.down, best.level = place;
    }
  return best;
}

}  // namespace

FormPatches::FormPatches(const GrayImage& print, const PixelRect& extent) {
  const PixelRect inside = extent.intersected(print.bounds());
  const GrayImage small = softened(imaging::box_reduced(print, kCoarse));
  coarse_place_ =
      PixelRect{inside.x / kCoarse, inside.y / kCoarse, inside.width / kCoarse, inside.height / kCoarse}.intersected(
          small.bounds().grown(-kCoarseReach));
  if (!coarse_place_.empty()) coarse_ = imaging::cropped(small, coarse_place_);
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column) {
      const PixelRect cell{inside.x + inside.width * column / kColumns, inside.y + inside.height * row / kRows,
                           inside.width / kColumns, inside.height / kRows};
      const BestPlaces best = best_places(print, cell, inside);
      if (!best.sharp.empty()) patches_.push_back({best.sharp, imaging::cropped(print, best.sharp), false});
      if (!best.level.empty()) patches_.push_back({best.level, imaging::cropped(print, best.level), true});
    }
}

Affine FormPatches::coarse_map(const GrayImage& header) const {
  constexpr double kLeastScore = 0.1;
  if (coarse_.empty()) return {};
  const GrayImage small = softened(imaging::box_reduced(header, kCoarse));
  const PixelRect window = coarse_place_.grown(kCoarseReach);
  const double x = coarse_place_.x + coarse_place_.width / 2.0;
  const double y = coarse_place_.y + coarse_place_.height / 2.0;
  Affine best;
  double score = kLeastScore;
  for (const double degrees : kTurns) {
    Affine from_window = Affine::rotation(degrees, x - window.x, y - window.y);
    from_window.c += window.x;
    from_window.f += window.y;
    const GrayImage turned = imaging::warped(small, from_window, window.width, window.height);
    const imaging::Match match = imaging::best_match(turned, coarse_);
    if (match.score <= score) continue;
    score = match.score;
    const double right = kCoarse * (match.x - kCoarseReach);
    const double down = kCoarse * (match.y - kCoarseReach);
    best = Affine{1, 0, right, 0, 1, down}.then(Affine::rotation(degrees, x * kCoarse, y * kCoarse));
  }
  return best;
}

Registration FormPatches::find_in(const GrayImage& header) const {
  const Affine coarse = coarse_map(header);
  std::vector<Pair> pairs;
  for (const Patch& patch : patches_) {
    const double x = patch.place.x + kPatchWidth / 2.0;
    const double y = patch.place.y + kPatchHeight / 2.0;
    const auto [u, v] = coarse(x, y);
    PixelRect window = patch.place.grown(kReach);
    window.x += static_cast<int>(std::lround(u - x));
    window.y += static_cast<int>(std::lround(v - y));
    const imaging::Match match = imaging::best_match(imaging::cropped(header, window), patch.picture);
    if (match.score < kFound) continue;
    pairs.push_back({x, y, x + window.x + match.x - patch.place.x, y + window.y + match.y - patch.place.y, match.score,
                     patch.level});
  }
  Registration registration;
  registration.from_form = coarse;
  if (const auto map = agreed(pairs, coarse)) {
    registration.from_form = *map;
    double agree = 0;
    for (const Pair& pair : pairs)
      if (miss(*map, pair) < kAgrees) agree += pair.score * pair.score;
    registration.agreement = agree / static_cast<double>(patches_.size());
  }
  return registration;
}

}  // namespace korrigo::identification
