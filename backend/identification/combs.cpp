#include "identification/combs.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "identification/box_row.h"
#include "identification/thin_lines.h"
#include "imaging/geometry.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

// Pixels at kFormDpi.
constexpr int kLowest = 44;
constexpr int kTallest = 130;
constexpr int kTick = 18;     // a tick is at least that high
constexpr int kTickBox = 80;  // height of a box above a tick line, 6.8 mm
constexpr int kClear = 4;     // from a row's lines to where only its sides show
constexpr int kPiece = 16;    // lines are looked for in pieces this long
constexpr int kFewestPieces = 8;
constexpr int kBridged = 4;  // pieces that a line may miss
constexpr int kBetweenLines = 5;
constexpr int kOverlap = 8;              // rows of boxes lie at least that far apart, less one another's lines
constexpr double kApart = 0.9;           // of a box: wider spaces part combs
constexpr double kLargestResidue = 1.0;  // degrees that deskewing leaves
constexpr double kLeastScore = 2.5;
constexpr double kLeastOfBox = 0.3;
constexpr double kUnlike = 3;  // times that score, where width or kind are not those of the clearest row
constexpr double kOwnWidth = 0.75;
constexpr std::size_t kFewest = 3;         // boxes that make a comb
constexpr std::size_t kFewestOfGroup = 2;  // in a row of kLongRow and more: a date's day
constexpr std::size_t kLongRow = 6;

// Columns moved up or down: what falls by `slope` pixels a pixel comes to lie level.
GrayImage sheared(const GrayImage& picture, double slope) {
  GrayImage out(picture.width(), picture.height());
  std::vector<int> shifts(static_cast<std::size_t>(picture.width()));
  for (int x = 0; x < picture.width(); ++x)
    shifts[static_cast<std::size_t>(x)] = static_cast<int>(std::lround(slope * (x - picture.width() / 2)));
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x)
      out.row(y)[x] = picture.at(x, std::clamp(y + shifts[static_cast<std::size_t>(x)], 0, picture.height() - 1));
  return out;
}

// How many pieces of a row belong to long lines.
int line_pieces(const GrayImage& level, int y) {
  int total = 0, length = 0, missed = 0;
  const auto finish = [&] {
    if (length >= kFewestPieces) total += length;
    length = missed = 0;
  };
  for (int left = 0; left + kPiece <= level.width(); left += kPiece) {
    int shown = 0;
    for (int x = left; x < left + kPiece; ++x) shown += level.at(x, y) | level.at(x, y - 1) | level.at(x, y + 1);
    if (5 * shown >= 2 * kPiece) {
      ++length;
      missed = 0;
    } else if (length > 0 && ++missed > kBridged) {
      finish();
    }
  }
  finish();
  return total;
}

std::vector<int> rows_with_lines(const GrayImage& level) {
  std::vector<int> strength(static_cast<std::size_t>(level.height()), 0);
  for (int y = 1; y + 1 < level.height(); ++y) strength[static_cast<std::size_t>(y)] = line_pieces(level, y);
  std::vector<int> rows;
  for (int y = 0; y < level.height(); ++y) {
    const int here = strength[static_cast<std::size_t>(y)];
    const auto around = strength.begin() + std::max(0, y - kBetweenLines);
    const auto end = strength.begin() + std::min(level.height(), y + kBetweenLines + 1);
    if (here > 0 && here == *std::max_element(around, end) && (rows.empty() || y - rows.back() > kBetweenLines))
      rows.push_back(y);
  }
  return rows;
}

/// A row of boxes between two lines, or on one where they are open above.
struct Row {
  RowProfile profile;
  BoxRow found;
  int top = 0, bottom = 0;

  bool open() const { return profile.top.empty(); }
};

class Strips {
 public:
  explicit Strips(const ThinLines& lines) : level_(lines.level), width_(static_cast<std::size_t>(lines.level.width())) {
    above_.assign(width_ * (static_cast<std::size_t>(lines.upright.height()) + 1), 0);
    for (int y = 0; y < lines.upright.height(); ++y)
      for (std::size_t x = 0; x < width_; ++x)
        above_[index(x, y + 1)] = static_cast<std::uint16_t>(above_[index(x, y)] + lines.upright.row(y)[x]);
  }

  Row closed(int top, int bottom) const {
    return row({sides(top + kClear, bottom - kClear), line(bottom), line(top)}, top, bottom);
  }
  Row open(int bottom) const {
    return row({sides(bottom - kTick, bottom - kClear), line(bottom), {}}, bottom - kTickBox, bottom);
  }

 private:
  static Row row(RowProfile profile, int top, int bottom) {
    BoxRow found = find_box_row(profile);
    return {std::move(profile), std::move(found), top, bottom};
  }

  std::size_t index(std::size_t x, int y) const { return static_cast<std::size_t>(y) * width_ + x; }

  std::vector<float> sides(int top, int bottom) const {
    std::vector<float> share(width_);
    for (std::size_t x = 0; x < width_; ++x)
      share[x] =
          static_cast<float>(above_[index(x, bottom)] - above_[index(x, top)]) / static_cast<float>(bottom - top);
    return share;
  }

  std::vector<float> line(int y) const {
    std::vector<float> shown(width_, 0);
    for (int row = std::max(0, y - 2); row <= std::min(level_.height() - 1, y + 2); ++row)
      for (std::size_t x = 0; x < width_; ++x) shown[x] = std::max(shown[x], static_cast<float>(level_.row(row)[x]));
    return shown;
  }

  const GrayImage& level_;
  std::size_t width_;
  std::vector<std::uint16_t> above_;  // upright strokes in each column above each row
};

bool clearer(const Row& a, const Row& b) {
  return a.found.score > b.found.score;
}

// A form's boxes are alike: of the clearest row's width where that fits nearly as well, else twice doubted.
void compare_with_clearest(std::vector<Row>& rows) {
  const auto clearest = std::min_element(rows.begin(), rows.end(), clearer);
  const int width = clearest->found.width;
  const bool open = clearest->open();
  const auto like = [&](const BoxRow& row) { return std::abs(row.width - width) <= 1; };
  for (Row& row : rows) {
    for (int near = width - 1; near <= width + 1; ++near) {
      BoxRow other = find_box_row(row.profile, near);
      if (other.score > (like(row.found) ? 1 : kOwnWidth) * row.found.score) row.found = std::move(other);
    }
    if (!like(row.found) || row.open() != open) row.found.score /= kUnlike;
  }
}

std::vector<Row> rows_of_boxes(const ThinLines& lines) {
  const std::vector<int> heights = rows_with_lines(lines.level);
  const Strips strips(lines);
  std::vector<Row> rows;
  for (const int bottom : heights) {
    if (bottom >= kTickBox) rows.push_back(strips.open(bottom));
    for (const int top : heights)
      if (bottom - top >= kLowest && bottom - top <= kTallest) rows.push_back(strips.closed(top, bottom));
  }
  std::erase_if(rows, [](const Row& row) { return row.found.score < kLeastScore / 2; });
  if (!rows.empty()) compare_with_clearest(rows);
  std::erase_if(rows, [](const Row& row) {
    return row.found.score < std::max(kLeastScore, kLeastOfBox * static_cast<double>(row.found.boxes.size()));
  });
  std::sort(rows.begin(), rows.end(), clearer);
  return rows;
}

// How far a line goes on from a column, over gaps no longer than those of dashes.
int line_beyond(const std::vector<float>& line, int x, int step) {
  constexpr int kDash = 24;
  int length = 0;
  for (int i = 1; i - length <= kDash; ++i) {
    const int at = x + i * step;
    if (at < 0 || at >= static_cast<int>(line.size())) break;
    if (line[static_cast<std::size_t>(at)] > 0) length = i;
  }
  return length;
}

// Boxes end where their lines do, at one end at least where a table goes on. What somebody wrote between ruled lines or
// on a plain one does not; words without a line show little of one.
bool fills_its_lines(const Row& row, const Comb& comb) {
  constexpr double kLeastLine = 0.85;
  const auto& line = row.profile.bottom;
  const int before = line_beyond(line, comb.area.x, -1);
  const int after = line_beyond(line, comb.area.right(), 1);
  if (!row.open()) return std::min(before, after) < row.found.width;
  const double shown = std::accumulate(line.begin() + comb.area.x, line.begin() + comb.area.right(), 0.0);
  return shown >= kLeastLine * comb.area.width && std::max(before, after) < row.found.width;
}

std::vector<Comb> combs_of(const Row& row) {
  const auto& boxes = row.found.boxes;
  std::vector<Comb> combs;
  for (const auto& [left, right] : boxes) {
    if (combs.empty() || left - combs.back().area.right() > kApart * row.found.width) combs.emplace_back();
    combs.back().boxes.push_back({left, row.top, right - left, row.bottom - row.top});
    combs.back().area = combs.back().area.united(combs.back().boxes.back());
  }
  const std::size_t fewest = boxes.size() >= kLongRow ? kFewestOfGroup : kFewest;
  std::erase_if(combs, [&](const Comb& comb) { return comb.boxes.size() < fewest || !fills_its_lines(row, comb); });
  return combs;
}

bool meet(const Comb& one, const Comb& other) {
  const PixelRect inner{one.area.x, one.area.y + kOverlap, one.area.width, one.area.height - 2 * kOverlap};
  return !inner.intersected(other.area).empty();
}

}  // namespace

std::vector<Comb> find_combs(const GrayImage& picture) {
  if (picture.width() < kTallest || picture.height() < kLowest) return {};
  const double degrees = imaging::find_skew(imaging::box_reduced(picture, 2), kLargestResidue).degrees;
  const double slope = -std::tan(degrees * std::numbers::pi / 180);
  std::vector<Comb> combs;
  for (const Row& row : rows_of_boxes(find_thin_lines(sheared(picture, slope))))
    for (Comb& comb : combs_of(row))
      if (std::none_of(combs.begin(), combs.end(), [&](const Comb& known) { return meet(comb, known); }))
        combs.push_back(std::move(comb));
  for (Comb& comb : combs) {
    comb.area = {};
    for (PixelRect& box : comb.boxes) {
      box.y += static_cast<int>(std::lround(slope * (box.x + box.width / 2 - picture.width() / 2)));
      comb.area = comb.area.united(box);
    }
  }
  std::sort(combs.begin(), combs.end(), [](const Comb& a, const Comb& b) {
    const bool one_row = std::abs(a.area.y - b.area.y) < 30;
    return one_row ? a.area.x < b.area.x : a.area.y < b.area.y;
  });
  return combs;
}

}  // namespace korrigo::identification
