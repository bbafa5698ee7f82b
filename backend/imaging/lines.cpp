#include "imaging/lines.h"

#include <algorithm>
#include <cmath>

#include "imaging/geometry.h"
#include "imaging/ink_runs.h"

namespace korrigo::imaging {

namespace {

/// One line being followed down the rows. Positions are across (x) as a function of along (y).
struct Track {
  // The filter's state at row `row`.
  double x = 0;
  double slope = 0;
  int first = 0;
  int last = 0;     // the last row that updated the filter
  int hits = 0;     // rows that did
  int covered = 0;  // rows where a wider stroke hides the line, up to `last`
  int pending = 0;  // such rows since `last`
  double thickness = 0;
  // Sums for the final least-squares fit over all hits.
  double sum_y = 0, sum_x = 0, sum_yy = 0, sum_xy = 0, sum_xx = 0;

  Track(double centre, double width, int y) : x(centre), first(y), last(y), thickness(width) { add(centre, y); }

  void add(double centre, int y) {
    ++hits;
    const double along = y - first;
    const double across = centre;
    sum_y += along;
    sum_x += across;
    sum_yy += along * along;
    sum_xy += along * across;
    sum_xx += across * across;
  }

  void update(double centre, double width, int y) {
    // The gains of a growing least-squares fit, kept from falling so far that a bend could not be followed.
    constexpr double kLeastAlpha = 0.12;
    constexpr double kLeastBeta = 0.004;
    const double n = hits + 1;
    const double alpha = std::max(kLeastAlpha, 2 * (2 * n - 1) / (n * (n + 1)));
    // As if some hits along the axis came before: two pixels of a dot must not aim the line across the next gap.
    constexpr double kPrior = 8;
    const double beta = std::max(kLeastBeta, 6 / ((n + kPrior) * (n + kPrior + 1)));
    const double error = centre - x;
    const int step = y - last;
    x += std::min(1.0, alpha) * error;
    slope += beta * error / step;
    thickness += (width - thickness) / std::min(n, 50.0);
    covered += pending;
    pending = 0;
    last = y;
    add(centre, y);
  }
};

/// The straight line through a track's hits.
struct Fit {
  double at_first = 0;
  double slope = 0;
  double deviation = 0;
};

Fit fitted(const Track& track) {
  const double n = track.hits;
  const double spread = track.sum_yy - track.sum_y * track.sum_y / n;
  Fit fit;
  fit.slope = spread > 0 ? (track.sum_xy - track.sum_x * track.sum_y / n) / spread : 0;
  fit.at_first = (track.sum_x - fit.slope * track.sum_y) / n;
  const double total = track.sum_xx - track.sum_x * track.sum_x / n;
  fit.deviation = std::sqrt(std::max(0.0, total - fit.slope * fit.slope * spread) / n);
  return fit;
}

class Tracer {
 public:
  Tracer(int min_length, const LineOptions& options) : min_length_(min_length), options_(options) {}

  void row(int y, const std::vector<Run>& runs) {
    claimed_.assign(runs.size(), false);
    for (Track& track : tracks_) track.x += track.slope;
    for (Track& track : tracks_)
      if (established(track)) follow(track, y, runs);
    for (Track& track : tracks_)
      if (!established(track)) follow(track, y, runs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const double width = runs[i].end - runs[i].begin;
      if (!claimed_[i] && width <= options_.max_thickness) {
        tracks_.emplace_back((runs[i].begin + runs[i].end - 1) / 2.0, width, y);
      }
    }
    std::erase_if(tracks_, [&](const Track& track) {
      const bool over = y - track.last - track.pending > options_.max_gap || y - track.last > kLongestCrossing;
      if (over) keep(track);
      return over;
    });
  }

  std::vector<Segment> finish() {
    for (const Track& track : tracks_) keep(track);
    std::sort(found_.begin(), found_.end(),
              [](const Segment& a, const Segment& b) { return a.y0 != b.y0 ? a.y0 < b.y0 : a.x0 < b.x0; });
    return std::move(found_);
  }

 private:
  static constexpr int kLongestCrossing = 40;  // pixels along the line that one stroke may hide
  static constexpr int kKnownThickness = 6;    // rows after which a line's thickness can be trusted

  static bool established(const Track& track) { return track.hits >= kKnownThickness; }

  void follow(Track& track, int y, const std::vector<Run>& runs) {
    constexpr double kReach = 1.25;  // pixels off the predicted centre
    const auto after = std::lower_bound(runs.begin(), runs.end(), track.x - kReach,
                                        [](const Run& run, double x) { return run.end - 1 < x; });
    for (auto run = after; run != runs.end() && run->begin <= track.x + kReach; ++run) {
      const auto index = static_cast<std::size_t>(run - runs.begin());
      const double width = run->end - run->begin;
      const double centre = (run->begin + run->end - 1) / 2.0;
      // A pale line is binarised thinner; thicker is more likely a stroke that touches it.
      const double half = 0.5 * track.thickness;
      const bool alike =
          width - track.thickness <= std::max(1.5, half) && track.thickness - width <= std::max(2.5, half);
      const bool thin = width <= options_.max_thickness && (alike || !established(track));
      if (thin && !claimed_[index] && std::abs(centre - track.x) <= kReach) {
        track.update(centre, width, y);
        claimed_[index] = true;
        return;
      }
      ++track.pending;
      // A stroke that crosses a line begins no line of its own there. But what follows on the ragged edge of another
      // line may be the line proper.
      if (established(track) || width > options_.max_thickness) claimed_[index] = true;
      return;
    }
  }

  void keep(const Track& track) {
    const int length = track.last - track.first + 1;
    if (length < min_length_ || track.hits + track.covered < options_.least_cover * length) return;
    constexpr double kLeastOwnInk = 0.3;  // of the cover: the rest may hide under writing
    if (track.hits < kLeastOwnInk * (track.hits + track.covered)) return;
    const Fit fit = fitted(track);
    // Scanned paper bends by a pixel or two; letters by more.
    constexpr double kBend = 0.004;  // of the length
    if (std::abs(fit.slope) > options_.max_slope || fit.deviation > std::max(1.2, kBend * length)) return;
    const double end = track.last - track.first;
    found_.push_back({fit.at_first, static_cast<double>(track.first), fit.at_first + fit.slope * end,
                      static_cast<double>(track.last), track.thickness});
  }

  int min_length_;
  LineOptions options_;
  std::vector<Track> tracks_;
  std::vector<bool> claimed_;
  std::vector<Segment> found_;
};

}  // namespace

std::vector<Segment> find_lines(const GrayImage& ink, bool horizontal, int min_length_pixels,
                                const LineOptions& options) {
  Tracer tracer(std::max(2, min_length_pixels), options);
  const GrayImage turned = horizontal ? rotated(ink, 90) : GrayImage();
  const GrayImage& walked = horizontal ? turned : ink;
  std::vector<Run> runs;
  for (int y = 0; y < walked.height(); ++y) {
    ink_runs(walked, y, runs);
    tracer.row(y, runs);
  }
  auto segments = tracer.finish();
  if (!horizontal) return segments;
  // A quarter turn put column x of the picture into row x, and its row y at height - 1 - y.
  const double last_row = ink.height() - 1;
  for (Segment& s : segments) s = {s.y0, last_row - s.x0, s.y1, last_row - s.x1, s.thickness};
  std::stable_sort(segments.begin(), segments.end(),
                   [](const Segment& a, const Segment& b) { return a.x0 != b.x0 ? a.x0 < b.x0 : a.y0 < b.y0; });
  return segments;
}

}  // namespace korrigo::imaging
