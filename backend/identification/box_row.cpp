#include "identification/box_row.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace korrigo::identification {
namespace {

// Pixels at kFormDpi.
constexpr int kNarrowest = 44;
constexpr int kWidest = 114;
constexpr int kLeastSpace = 6;     // between boxes that share no side
constexpr int kLean = 2;           // a side may stand this far from its place
constexpr std::size_t kTried = 4;  // widths looked at closely
// What a side and a line must show of themselves to speak for a box, and what they weigh.
constexpr float kHalfSide = 0.42F;
constexpr float kHalfLine = 0.5F;
constexpr float kLineWeight = 0.4F;
// Against a box that does not share its neighbour's side.
constexpr float kApart = 0.55F;
constexpr float kApartAlways = 0.2F;  // on a form where none does
constexpr float kApartOpen = 0.6F;    // ticks stand on one line
constexpr float kHalfOpenLine = 0.7F;

// Only the middle of each side: a thick one must not pass for two.
std::vector<float> peaks_of(const std::vector<float>& side) {
  constexpr int kReach = 4;
  const auto count = static_cast<int>(side.size());
  std::vector<float> peaks(side.size(), 0);
  for (int x = 0; x < count; ++x) {
    bool most = true;
    for (int i = std::max(0, x - kReach); i <= std::min(count - 1, x + kReach) && most; ++i)
      most = i < x ? side[i] < side[x] : side[i] <= side[x];
    if (most) peaks[x] = side[x];
  }
  return peaks;
}

std::vector<float> widened(const std::vector<float>& side, int lean) {
  const auto count = static_cast<int>(side.size());
  std::vector<float> most(side.size(), 0);
  for (int x = 0; x < count; ++x)
    for (int i = std::max(0, x - lean); i <= std::min(count - 1, x + lean); ++i) most[x] = std::max(most[x], side[i]);
  return most;
}

std::vector<float> summed(const std::vector<float>& line) {
  std::vector<float> sums(line.size() + 1, 0);
  for (std::size_t x = 0; x < line.size(); ++x) sums[x + 1] = sums[x] + line[x];
  return sums;
}

// Widths at which sides repeat, the most repeated first.
std::vector<int> likely_widths(const std::vector<float>& side) {
  const std::vector<float> near = widened(side, 1);
  std::vector<std::pair<float, int>> repeats;
  for (int width = kNarrowest; width <= kWidest; ++width) {
    float sum = 0;
    for (std::size_t x = 0; x + width < side.size(); ++x) sum += side[x] * near[x + width];
    repeats.emplace_back(sum, width);
  }
  std::sort(repeats.begin(), repeats.end(), std::greater<>());
  std::vector<int> widths;
  for (const auto& [sum, repeat] : repeats) {
    const int width = repeat;
    if (widths.size() == kTried || sum <= 0) break;
    if (std::none_of(widths.begin(), widths.end(), [&](int other) { return std::abs(other - width) <= 4; }))
      widths.push_back(width);
  }
  return widths;
}

/// The best row of boxes of one width.
class RowOfWidth {
 public:
  RowOfWidth(const RowProfile& profile, int width, bool separate)
      : side_(widened(peaks_of(profile.side), kLean)),
        bottom_(summed(profile.bottom)),
        width_(width),
        separate_(separate) {
    apart_ = separate ? kApartAlways : profile.top.empty() ? kApartOpen : kApart;
    if (!profile.top.empty()) top_ = summed(profile.top);
  }

  BoxRow best() {
    const auto count = static_cast<int>(side_.size());
    ends_.assign(side_.size(), -1e9F);
    from_.assign(side_.size(), 0);
    open_.assign(side_.size(), 0);
    for (int x = 0; x < count; ++x) {
      if (x > kWidest + kLeastSpace + 1) try_box(x);
      open_[x] = std::max(x > 0 ? open_[x - 1] : 0, ends_[x]);
    }
    return {open_.empty() ? 0.0 : open_.back(), width_, boxes()};
  }

 private:
  // A box between the columns, without its sides.
  float lines(int left, int right) const {
    const auto length = static_cast<float>(right - left);
    const float bottom = (bottom_[right] - bottom_[left]) / length;
    if (top_.empty()) return 2 * kLineWeight * (bottom - kHalfOpenLine);
    return kLineWeight * (bottom + (top_[right] - top_[left]) / length - 2 * kHalfLine);
  }

  void try_box(int right) {
    for (int left = right - width_ - 1; left <= right - width_ + 1; ++left) {
      const float box = lines(left, right) + side_[right] - kHalfSide;
      const float beside = separate_ ? -1e9F : ends_[left] + box;
      const float apart = open_[left - kLeastSpace] + box + side_[left] - kHalfSide - apart_;
      if (std::max(beside, apart) <= ends_[right]) continue;
      ends_[right] = std::max(beside, apart);
      from_[right] = beside > apart ? -left : left;
    }
  }

  std::vector<std::pair<int, int>> boxes() const {
    std::vector<std::pair<int, int>> found;
    int x = static_cast<int>(open_.size()) - 1;
    while (x > 0 && open_[x] > 0) {
      while (x > 0 && open_[x] == open_[x - 1]) --x;
      bool beside = true;
      while (beside && x > 0) {
        beside = from_[x] < 0;
        const int left = std::abs(from_[x]);
        found.emplace_back(left, x);
        x = beside ? left : left - kLeastSpace;
      }
    }
    std::reverse(found.begin(), found.end());
    return found;
  }

  std::vector<float> side_, bottom_, top_;
  int width_;
  bool separate_;
  float apart_;
  std::vector<float> ends_;  // the best row whose last box ends at a column
  std::vector<float> open_;  // the best row up to a column
  std::vector<int> from_;    // left side of that last box; negative: shared with the box before
};

}  // namespace

BoxRow find_box_row(const RowProfile& profile, int width) {
  BoxRow together = RowOfWidth(profile, width, false).best();
  if (profile.top.empty()) return together;
  BoxRow separate = RowOfWidth(profile, width, true).best();
  return separate.score > together.score ? separate : together;
}

BoxRow find_box_row(const RowProfile& profile) {
  BoxRow best;
  for (const int width : likely_widths(profile.side)) {
    BoxRow row = find_box_row(profile, width);
    if (row.score > best.score) best = std::move(row);
  }
  return best;
}

}  // namespace korrigo::identification
