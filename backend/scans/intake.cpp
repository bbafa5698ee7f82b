#include "scans/intake.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "scans/doubles.h"
#include "scans/inner_pages.h"
#include "scans/same_scan.h"

namespace korrigo::scans {
namespace {

using imaging::GrayImage;

constexpr std::size_t kFewSides = 40;  // reading takes a tenth of a second for each face
constexpr std::size_t kRepeatsWithin = 100;
constexpr double kShown = 0.3;    // of a strip that surely shows a print; others reach 0.2 among many prints
constexpr double kReadScore = 1;  // of a header that was read, not recognised by its print

// Faces with one print stand the same way towards it, so what their writing says counts together.
void stand_alike(const std::vector<ShownPrint>& shown, int print, const std::vector<SurveyedSide::Half*>& faces) {
  double sum = 0;
  int count = 0;
  for (const ShownPrint& one : shown) {
    if (one.print != print) continue;
    sum += one.rotation == 0 ? faces[one.face]->standing : -faces[one.face]->standing;
    ++count;
  }
  for (const ShownPrint& one : shown)
    if (one.print == print) faces[one.face]->standing = (one.rotation == 0 ? sum : -sum) / count;
}

}  // namespace

void LookedAtSides::put(std::size_t index, SideLook look) {
  Entry& entry = sides_.at(index);
  for (std::size_t i = 0; i < look.strips.size(); ++i)
    entry.strips.push_back(
        {file_.put(look.strips[i].top), file_.put(look.strips[i].bottom), look.side.halves[i].face.blank});
  entry.side = std::move(look.side);
}

// Strips of sheets spread evenly over the batch: enough to see each printed form several times.
std::vector<GrayImage> LookedAtSides::sample() const {
  constexpr std::size_t kStrips = 112;
  std::size_t total = 0;
  for (const Entry& side : sides_) total += 2 * side.strips.size();
  const std::size_t pairs = (sides_.size() + 1) / 2;
  const std::size_t step = std::max<std::size_t>(1, (total + kStrips - 1) / kStrips);
  std::vector<GrayImage> strips;
  // A side scanned several times would make its writing look like print.
  const auto is_repeat = [&](std::size_t i) {
    for (std::size_t j = i > kRepeatsWithin ? i - kRepeatsWithin : 0; j < i; ++j)
      if (shows_again(sides_[i].side, sides_[j].side) && show_same(i, j, false)) return true;
    return false;
  };
  for (std::size_t pair = 0; pair < pairs; pair += step)
    for (std::size_t i = 2 * pair; i < std::min(sides_.size(), 2 * pair + 2); ++i)
      for (const Slots& slots : is_repeat(i) ? std::vector<Slots>() : sides_[i].strips) {
        strips.push_back(file_.get(slots.top));
        strips.push_back(file_.get(slots.bottom));
      }
  return strips;
}

void LookedAtSides::match(Entry& entry, const std::vector<HeaderPrint>& prints) const {
  for (std::size_t half = 0; half < entry.strips.size(); ++half) {
    entry.side.halves[half].top = match_print(prints, file_.get(entry.strips[half].top));
    entry.side.halves[half].bottom = match_print(prints, file_.get(entry.strips[half].bottom));
  }
}

void LookedAtSides::match_all(const std::vector<HeaderPrint>& prints, int jobs, const Cancel& cancel) {
  for_each_parallel(jobs, sides_.size(), cancel, [&](int, std::size_t i) { match(sides_[i], prints); });
}

// Whether there were any.
bool LookedAtSides::drop_inner_prints(std::vector<HeaderPrint>& prints, const IntakeOptions& options,
                                      const Cancel& cancel) {
  std::vector<SurveyedSide::Half*> faces;
  std::vector<ShownPrint> shown;
  for (Entry& entry : sides_)
    for (SurveyedSide::Half& half : entry.side.halves) {
      for (const auto& [match, rotation] : {std::pair(half.top, 0), std::pair(half.bottom, 180)})
        if (match.score >= kShown) shown.push_back({faces.size(), match.form, rotation});
      faces.push_back(&half);
    }
  const auto inner = inner_prints(shown, static_cast<int>(prints.size()), [&](const ShownPrint& one) {
    if (cancel.requested()) throw Cancelled();
    Face face = faces[one.face]->face;
    face.rotation = one.rotation;
    return options.reads_header(0, face);
  });
  for (const int print : inner) stand_alike(shown, print, faces);
  for (auto print = inner.rbegin(); print != inner.rend(); ++print) prints.erase(prints.begin() + *print);
  if (!inner.empty()) match_all(prints, options.jobs, cancel);
  return !inner.empty();
}

// The faces of two sides laid over each other; blank ones show only noise.
bool LookedAtSides::show_same(std::size_t one, std::size_t other, bool turned) const {
  const auto& a = sides_[one].strips;
  const auto& b = sides_[other].strips;
  if (a.size() != b.size()) return false;
  InkComparison seen;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Slots& first = a[i];
    const Slots& second = b[turned ? b.size() - 1 - i : i];
    if (first.blank || second.blank) continue;
    seen += compare_ink(file_.get(first.top), file_.get(turned ? second.bottom : second.top));
    seen += compare_ink(file_.get(first.bottom), file_.get(turned ? second.top : second.bottom));
  }
  return seen.is_same();
}

SameWriting LookedAtSides::same_writing() const {
  std::map<std::pair<int, int>, std::size_t> places;
  for (std::size_t i = 0; i < sides_.size(); ++i) places[{sides_[i].side.source, sides_[i].side.side}] = i;
  return [this, places](const SurveyedSide& one, const SurveyedSide& other, bool turned) {
    return show_same(places.at({one.source, one.side}), places.at({other.source, other.side}), turned);
  };
}

// Headers of a batch too small to learn from. The way up that the first headers are found in is that of all.
void LookedAtSides::read_headers(const IntakeOptions& options, const Cancel& cancel) {
  for (const int rotation : {0, 180}) {
    std::atomic<bool> found = false;
    for_each_parallel(options.jobs, sides_.size(), cancel, [&](int worker, std::size_t i) {
      for (SurveyedSide::Half& half : sides_[i].side.halves) {
        Face face = half.face;
        face.rotation = rotation;
        if (face.blank || !options.reads_header(worker, face)) continue;
        (rotation == 0 ? half.top : half.bottom).score = kReadScore;
        found = true;
      }
    });
    if (found) return;
  }
}

Intake arrange_sides(LookedAtSides&& sides, const IntakeOptions& options, const Cancel& cancel) {
  Intake intake;
  intake.prints = learn_prints(sides.sample(), options.jobs, cancel);
  sides.match_all(intake.prints, options.jobs, cancel);
  const bool printed_pages =
      intake.prints.size() > 1 && options.reads_header && sides.drop_inner_prints(intake.prints, options, cancel);
  if (intake.prints.empty() && options.reads_header && sides.sides_.size() <= kFewSides)
    sides.read_headers(options, cancel);
  const BatchEvidence evidence{sides.same_writing(), printed_pages};
  std::vector<SurveyedSide> surveyed;
  for (auto& entry : sides.sides_) surveyed.push_back(std::move(entry.side));
  intake.batch = arrange(std::move(surveyed), options.arrange, evidence);
  return intake;
}

Intake take_in(const std::vector<pdf::SourceReader*>& readers, const IntakeOptions& options, const Cancel& cancel,
               const Progress& progress) {
  std::vector<std::pair<int, int>> pages;
  for (int source = 0; source < readers.front()->source_count(); ++source)
    for (int page = 0; page < readers.front()->side_count(source); ++page) pages.emplace_back(source, page);
  LookedAtSides sides(pages.size());
  std::mutex reporting;
  std::size_t done = 0;
  for_each_parallel(static_cast<int>(readers.size()), pages.size(), cancel, [&](int worker, std::size_t i) {
    sides.put(i, look_at_side(*readers[worker], pages[i].first, pages[i].second, options.survey));
    const std::lock_guard lock(reporting);
    progress("sides", ++done, pages.size());
  });
  return arrange_sides(std::move(sides), options, cancel);
}

}  // namespace korrigo::scans
