#include "scans/doubles.h"

#include <algorithm>
#include <map>

#include "imaging/geometry.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;
using Doubles = std::vector<std::optional<std::size_t>>;

// A sheet taken twice comes again soon, or with its whole stack; beyond a stack the comparisons would take seconds.
constexpr std::size_t kStack = 300;
// Two scans of one face reach 0.33 and more, of different faces 0.11, in batches with much alike on all pages 0.24.
constexpr double kSameWriting = 0.22;
constexpr double kOverChance = 1.5;
constexpr double kChance = 0.98;         // this share of all pairs are different faces
constexpr std::size_t kManyPairs = 100;  // enough to say what different faces reach
constexpr int kLooks = 3;  // earlier sheets that `same` is asked about for one sheet, the most alike first

constexpr double kHeaderPart = 0.27;  // of a face's height

// The written part of a face, upright: below the header, which all first faces share.
GrayImage written_part(const SurveyedSide::Half& half) {
  const GrayImage upright = imaging::rotated(half.thumb, half.face.rotation);
  const int top = half.face.header ? static_cast<int>(kHeaderPart * upright.height()) : 0;
  return imaging::cropped(upright, {0, top, upright.width(), upright.height() - top});
}

// The best correlation of two thumbs within about 5 mm.
double likeness(const GrayImage& a, const GrayImage& b) {
  constexpr int kReach = 2;
  const int width = std::min(a.width(), b.width()) - 2 * kReach;
  const int height = std::min(a.height(), b.height()) - 2 * kReach;
  if (width < 20 || height < 20) return 0;
  return imaging::best_match(imaging::cropped(a, {0, 0, width + 2 * kReach, height + 2 * kReach}),
                             imaging::cropped(b, {kReach, kReach, width, height}))
      .score;
}

// The faces of two sheets that would be the same; nothing when their shapes, headers or blank faces say otherwise.
// Blank faces look alike and prove nothing.
using FacePair = std::pair<const SurveyedSide::Half*, const SurveyedSide::Half*>;
std::vector<FacePair> facing(const Sheet& a, const Sheet& b) {
  if (a.sides.size() != b.sides.size() || a.header != b.header) return {};
  std::vector<FacePair> pairs;
  for (std::size_t i = 0; i < a.sides.size(); ++i) {
    const auto& first = a.sides[i]->halves;
    const auto& second = b.sides[i]->halves;
    if (first.size() != second.size()) return {};
    const bool turned = !first.empty() && first.front().face.rotation != second.front().face.rotation;
    for (std::size_t j = 0; j < first.size(); ++j) {
      const auto& other = second[turned ? second.size() - 1 - j : j];
      if (first[j].face.blank != other.face.blank) return {};
      if (!first[j].face.blank) pairs.emplace_back(&first[j], &other);
    }
  }
  return pairs;
}

GrayImage middle_part(const GrayImage& thumb) {
  const int end = static_cast<int>(kHeaderPart * thumb.height());
  return imaging::cropped(thumb, {0, end, thumb.width(), thumb.height() - 2 * end});
}

struct Likely {
  std::size_t first = 0, second = 0;
  std::size_t faces = 0;  // compared
  double likeness = 0;    // of the least alike of them
};

struct Comparison {
  std::vector<Likely> likely;
  std::vector<double> all;  // one face of every pair of sheets
};

Comparison compare(const std::vector<Sheet>& sheets) {
  Comparison comparison;
  for (std::size_t i = 0; i < sheets.size(); ++i)
    for (std::size_t j = i + 1; j < std::min(sheets.size(), i + 1 + kStack); ++j) {
      double least = 1;
      const auto pairs = facing(sheets[i], sheets[j]);
      for (std::size_t k = 0; k < pairs.size() && least >= kSameWriting; ++k) {
        least = std::min(least, likeness(written_part(*pairs[k].first), written_part(*pairs[k].second)));
        if (k == 0) comparison.all.push_back(least);
      }
      if (!pairs.empty() && least >= kSameWriting) comparison.likely.push_back({i, j, pairs.size(), least});
    }
  return comparison;
}

// What different faces of this batch reach by chance; nothing when too few pairs are there to tell.
std::optional<double> chance_of(std::vector<double> all) {
  if (all.size() < kManyPairs) return std::nullopt;
  const auto chance = all.begin() + static_cast<std::ptrdiff_t>(kChance * static_cast<double>(all.size() - 1));
  std::nth_element(all.begin(), chance, all.end());
  return *chance;
}

// Pairs whose small pictures are enough. Of one face alone more is wanted; that several faces are all alike by chance
// does not happen.
Doubles by_looks(const Comparison& comparison, std::optional<double> chance, std::size_t sheets) {
  const double alone = std::max(kSameWriting, kOverChance * chance.value_or(kSameWriting));
  Doubles doubles(sheets);
  for (const Likely& pair : comparison.likely)
    if ((pair.faces > 1 || pair.likeness >= alone) && !doubles[pair.first] && !doubles[pair.second])
      doubles[pair.second] = pair.first;
  return doubles;
}

bool shows_same(const Sheet& sheet, const Sheet& earlier, const SameWriting& same) {
  for (std::size_t i = 0; i < sheet.sides.size(); ++i) {
    const SurveyedSide& one = *sheet.sides[i];
    const SurveyedSide& other = *earlier.sides[i];
    if (one.halves.empty()) continue;
    if (!same(one, other, one.halves.front().face.rotation != other.halves.front().face.rotation)) return false;
  }
  return true;
}

// Pairs that are the same on a close look too.
Doubles by_close_looks(const std::vector<Sheet>& sheets, std::vector<Likely> likely, const SameWriting& same) {
  std::stable_sort(likely.begin(), likely.end(), [](const Likely& a, const Likely& b) {
    return std::pair(a.second, -a.likeness) < std::pair(b.second, -b.likeness);
  });
  Doubles doubles(sheets.size());
  std::vector<int> looks(sheets.size(), 0);
  for (const Likely& pair : likely) {
    if (doubles[pair.first] || doubles[pair.second]) continue;
    if (looks[pair.second]++ >= kLooks) continue;
    if (shows_same(sheets[pair.second], sheets[pair.first], same)) doubles[pair.second] = pair.first;
  }
  return doubles;
}

// Faces from one header to the next, as most copies have them; the longer where two lengths are as frequent.
int usual_length(const std::vector<Sheet>& sheets) {
  std::map<int, int> lengths;
  int length = 0;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    length += face_count(sheets[i]);
    if (i + 1 < sheets.size() && !sheets[i + 1].header) continue;
    ++lengths[length];
    length = 0;
  }
  const auto most = std::max_element(lengths.begin(), lengths.end(),
                                     [](const auto& a, const auto& b) { return a.second <= b.second; });
  return most == lengths.end() ? 0 : most->first;
}

// Whether pages without header behind sheet j would fall to another copy if j were left out: to one that begins between
// the two scans, or to the first scan's own, when that would be too long with them.
bool is_needed(std::size_t j, const std::vector<Sheet>& sheets, const Doubles& doubles, int usual) {
  if (!sheets[j].header) return false;
  const bool followed = j + 1 < sheets.size() && !sheets[j + 1].header && !doubles[j + 1];
  if (!followed) return false;
  const std::size_t original = *doubles[j];
  int length = 0;
  for (std::size_t k = original; k < sheets.size(); ++k) {
    if (doubles[k]) continue;
    if (k > original && sheets[k].header) {
      if (k < j) return true;
      break;
    }
    length += face_count(sheets[k]);
  }
  return length > usual;
}

}  // namespace

bool shows_again(const SurveyedSide& side, const SurveyedSide& earlier) {
  if (side.halves.size() != earlier.halves.size()) return false;
  int written = 0;
  for (std::size_t i = 0; i < side.halves.size(); ++i) {
    const auto& one = side.halves[i];
    const auto& other = earlier.halves[i];
    if (one.face.blank != other.face.blank) return false;
    if (one.face.blank) continue;
    if (likeness(middle_part(one.thumb), middle_part(other.thumb)) < kSameWriting * kOverChance) return false;
    ++written;
  }
  return written > 0;
}

Doubles find_doubles(const std::vector<Sheet>& sheets, const SameWriting& same) {
  Comparison comparison = compare(sheets);
  const auto chance = chance_of(std::move(comparison.all));
  const bool looks_tell = chance && kOverChance * *chance < kSameWriting;
  Doubles doubles = looks_tell || !same ? by_looks(comparison, chance, sheets.size())
                                        : by_close_looks(sheets, std::move(comparison.likely), same);
  const int usual = usual_length(sheets);
  for (std::size_t j = sheets.size(); j-- > 0;)
    if (doubles[j] && is_needed(j, sheets, doubles, usual)) doubles[j].reset();
  return doubles;
}

}  // namespace korrigo::scans
