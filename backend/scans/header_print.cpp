#include "scans/header_print.h"

#include <algorithm>
#include <cmath>

#include "imaging/geometry.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

constexpr int kReach = 14;  // pixels at kStripDpi: a page lies within a centimetre of its place
constexpr int kCoarse = 2;  // reduction of the first search
constexpr std::size_t kMaxStrips = 120;
constexpr int kMaxSeeds = 40;
constexpr double kSameForm =
    0.25;  // correlation of two filled headers of one form at half kStripDpi; other faces reach 0.1
constexpr double kMinDistinctness = 5;

struct Place {
  double score = -1;
  int x = 0, y = 0;
};

// The part of a strip in `window`; outside the strip nothing unusual is (survey.h).
GrayImage part_of(const GrayImage& strip, const PixelRect& window) {
  constexpr std::uint8_t kUsual = 128;
  GrayImage part(window.width, window.height, kUsual);
  const PixelRect inside = window.intersected(strip.bounds());
  for (int y = inside.y; y < inside.bottom(); ++y)
    std::copy_n(strip.row(y) + inside.x, inside.width, part.row(y - window.y) + (inside.x - window.x));
  return part;
}

// The best place of the pattern within `reach` of (x, y); it may reach over the strip's border.
Place search(const GrayImage& strip, const GrayImage& pattern, int x, int y, int reach) {
  const PixelRect window = PixelRect{x, y, pattern.width(), pattern.height()}.grown(reach);
  const imaging::Match match = imaging::best_match(part_of(strip, window), pattern);
  return {match.score, window.x + match.x, window.y + match.y};
}

PixelRect inner(const GrayImage& strip, int margin) {
  return {margin, margin, std::max(0, strip.width() - 2 * margin), std::max(0, strip.height() - 2 * margin)};
}

// Structure that neither rows nor columns explain: labels and boxes, not ruling.
GrayImage structure(const GrayImage& print) {
  std::vector<double> rows(static_cast<std::size_t>(print.height()), 0);
  std::vector<double> columns(static_cast<std::size_t>(print.width()), 0);
  double total = 0;
  for (int y = 0; y < print.height(); ++y)
    for (int x = 0; x < print.width(); ++x) {
      rows[y] += print.at(x, y);
      columns[x] += print.at(x, y);
      total += print.at(x, y);
    }
  const double mean = total / (static_cast<double>(print.width()) * print.height());
  GrayImage residual(print.width(), print.height(), 0);
  for (int y = 0; y < print.height(); ++y)
    for (int x = 0; x < print.width(); ++x) {
      const double expected = rows[y] / print.width() + columns[x] / print.height() - mean;
      residual.row(y)[x] = static_cast<std::uint8_t>(std::clamp(std::abs(print.at(x, y) - expected), 0.0, 255.0));
    }
  return residual;
}

double root_mean_square(const GrayImage& image) {
  double squares = 0;
  for (const std::uint8_t value : image.pixels()) squares += static_cast<double>(value) * value;
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, image.pixels().size())));
}

GrayImage median(const std::vector<GrayImage>& images) {
  GrayImage result(images.front().width(), images.front().height(), 0);
  std::vector<std::uint8_t> values(images.size());
  for (std::size_t i = 0; i < result.pixels().size(); ++i) {
    for (std::size_t j = 0; j < images.size(); ++j) values[j] = images[j].pixels()[i];
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    result.pixels()[i] = *middle;
  }
  return result;
}

// From the first to the last line of `energy` with clear structure, two more on each side.
std::pair<int, int> clear_span(const std::vector<double>& energy) {
  constexpr double kClear = 0.2;  // of the strongest line
  const double least = kClear * *std::max_element(energy.begin(), energy.end());
  int first = 0;
  int last = static_cast<int>(energy.size()) - 1;
  while (first < last && energy[static_cast<std::size_t>(first)] < least) ++first;
  while (last > first && energy[static_cast<std::size_t>(last)] < least) --last;
  return {std::max(0, first - 2), std::min(static_cast<int>(energy.size()) - 1, last + 2)};
}

// The rows and columns that hold the form, in the frame of the print.
PixelRect extent_of(const GrayImage& print) {
  const GrayImage residual = structure(print);
  std::vector<double> rows(static_cast<std::size_t>(residual.height()), 0);
  std::vector<double> columns(static_cast<std::size_t>(residual.width()), 0);
  for (int y = 0; y < residual.height(); ++y)
    for (int x = 0; x < residual.width(); ++x) {
      const double squared = static_cast<double>(residual.at(x, y)) * residual.at(x, y);
      rows[static_cast<std::size_t>(y)] += squared;
      columns[static_cast<std::size_t>(x)] += squared;
    }
  for (auto* lines : {&rows, &columns})
    for (double& line : *lines) line = std::sqrt(line);
  const auto [top, bottom] = clear_span(rows);
  const auto [left, right] = clear_span(columns);
  return {left, top, right - left + 1, bottom - top + 1};
}

struct Cluster {
  std::vector<std::size_t> members;
  HeaderPrint print;
};

double likeness(const std::vector<GrayImage>& coarse, std::size_t seed, std::size_t other) {
  const GrayImage pattern = imaging::cropped(coarse[seed], inner(coarse[seed], kReach / kCoarse));
  return search(coarse[other], pattern, kReach / kCoarse, kReach / kCoarse, kReach / kCoarse).score;
}

// Two strips may each share something else with the seed by chance; headers of one form all share the form. Leaves out
// whoever is unlike most of the others, the seed excepted; in a large cluster the median does so by itself.
std::vector<std::size_t> all_alike(const std::vector<GrayImage>& coarse, std::vector<std::size_t> members) {
  constexpr std::size_t kSmall = 6;
  if (members.size() > kSmall) return members;
  for (;;) {
    std::size_t worst = 0;
    std::ptrdiff_t most = 0;
    for (std::size_t i = 1; i < members.size(); ++i) {
      const auto unlike = std::count_if(members.begin() + 1, members.end(), [&](std::size_t other) {
        return other != members[i] && likeness(coarse, members[i], other) < kSameForm;
      });
      if (unlike >= most && unlike > 0) worst = i, most = unlike;
    }
    if (most == 0) return members;
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(worst));
  }
}

// The median of the members, each moved onto the seed, cropped to the rows that hold the form.
HeaderPrint print_of(const std::vector<GrayImage>& strips, const std::vector<GrayImage>& coarse, std::size_t seed,
                     const std::vector<std::size_t>& members, int workers, const Cancel& cancel) {
  constexpr std::size_t kEnough = 31;
  const PixelRect window = inner(strips[seed], kReach);
  const GrayImage pattern = imaging::cropped(strips[seed], window);
  const GrayImage coarse_pattern = imaging::cropped(coarse[seed], inner(coarse[seed], kReach / kCoarse));
  std::vector<GrayImage> aligned(std::min(kEnough, members.size()));
  for_each_parallel(workers, aligned.size(), cancel, [&](int, std::size_t i) {
    const std::size_t member = members[i];
    const Place rough = search(coarse[member], coarse_pattern, kReach / kCoarse, kReach / kCoarse, kReach / kCoarse);
    const Place exact = search(strips[member], pattern, rough.x * kCoarse, rough.y * kCoarse, 2);
    aligned[i] = part_of(strips[member], {exact.x, exact.y, window.width, window.height});
  });
  const GrayImage print = median(aligned);
  const PixelRect extent = extent_of(print);
  HeaderPrint result;
  result.pattern = imaging::cropped(print, extent);
  result.x = window.x + extent.x;
  result.y = window.y + extent.y;
  result.members = static_cast<int>(members.size());
  result.distinctness = root_mean_square(structure(print));
  return result;
}

}  // namespace

std::vector<HeaderPrint> learn_prints(const std::vector<GrayImage>& all, int workers, const Cancel& cancel) {
  std::vector<GrayImage> strips;
  const std::size_t step = std::max<std::size_t>(1, (all.size() + kMaxStrips - 1) / kMaxStrips);
  for (std::size_t i = 0; i < all.size(); i += step)
    if (all[i].width() > 6 * kReach && all[i].height() > 4 * kReach) strips.push_back(all[i]);
  std::vector<GrayImage> coarse;
  for (const GrayImage& strip : strips) coarse.push_back(imaging::box_reduced(strip, kCoarse));

  std::vector<Cluster> clusters;
  std::vector<bool> taken(strips.size(), false);
  int seeds = 0;
  for (std::size_t seed = 0; seed < strips.size() && seeds < kMaxSeeds; ++seed) {
    if (taken[seed]) continue;
    ++seeds;
    taken[seed] = true;
    Cluster cluster;
    cluster.members.push_back(seed);
    std::vector<double> likenesses(strips.size(), -1);
    for_each_parallel(workers, strips.size(), cancel, [&](int, std::size_t other) {
      if (!taken[other]) likenesses[other] = likeness(coarse, seed, other);
    });
    for (std::size_t other = 0; other < strips.size(); ++other)
      if (likenesses[other] >= kSameForm) cluster.members.push_back(other);
    taken[seed] = false;
    cluster.members = all_alike(coarse, std::move(cluster.members));
    for (const std::size_t member : cluster.members) taken[member] = true;
    if (cluster.members.size() < 3) continue;
    cluster.print = print_of(strips, coarse, seed, cluster.members, workers, cancel);
    clusters.push_back(std::move(cluster));
  }

  double best = 0;
  for (const Cluster& cluster : clusters) best = std::max(best, cluster.print.distinctness);
  std::vector<HeaderPrint> prints;
  for (Cluster& cluster : clusters)
    if (cluster.print.distinctness >= std::max(kMinDistinctness, best / 2)) prints.push_back(std::move(cluster.print));
  std::stable_sort(prints.begin(), prints.end(),
                   [](const HeaderPrint& a, const HeaderPrint& b) { return a.members > b.members; });
  return prints;
}

HeaderMatch match_print(const std::vector<HeaderPrint>& prints, const GrayImage& strip) {
  HeaderMatch best;
  const GrayImage coarse = imaging::box_reduced(strip, kCoarse);
  for (std::size_t form = 0; form < prints.size(); ++form) {
    const HeaderPrint& print = prints[form];
    const GrayImage pattern = imaging::box_reduced(print.pattern, kCoarse);
    const Place rough = search(coarse, pattern, print.x / kCoarse, print.y / kCoarse, kReach / kCoarse);
    if (rough.score < -0.5) continue;
    const Place exact = search(strip, print.pattern, rough.x * kCoarse, rough.y * kCoarse, 2);
    if (exact.score > best.score) best = {exact.score, static_cast<int>(form), exact.x - print.x, exact.y - print.y};
  }
  return best;
}

double header_threshold(const std::vector<double>& chance) {
  constexpr double kLow = 0.2;  // filled headers of generated batches reach 0.33 and more, other strips 0.11
  constexpr double kHigh = 0.5;
  constexpr double kAbove = 1.6;
  constexpr double kMargin = 0.05;
  const double most = chance.empty() ? 0 : *std::max_element(chance.begin(), chance.end());
  return std::clamp(kAbove * most + kMargin, kLow, kHigh);
}

}  // namespace korrigo::scans
