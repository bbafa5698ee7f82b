#include "scans/orientation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scans/sheets.h"

namespace korrigo::scans {
namespace {

// How surely the writing of a side says that it stands upright as scanned (standing.h); 0 when nothing is written.
double standing(const SurveyedSide& side) {
  double sum = 0;
  int written = 0;
  for (const auto& half : side.halves) {
    if (half.standing == 0 || half.face.blank) continue;
    sum += half.standing;
    ++written;
  }
  return written == 0 ? 0 : sum / written;
}

// Whether each side is the back of a leaf. A3: the verso of its sheet; A4: an odd number of sides behind a header.
std::vector<bool> backs_of(const std::vector<SurveyedSide>& sides) {
  std::vector<bool> backs(sides.size(), false);
  for (const Sheet& sheet : pair_sides(sides)) {
    const SurveyedSide& last = *sheet.sides.back();
    backs[static_cast<std::size_t>(&last - sides.data())] = last.is_a3() && !has_header(last);
  }
  int since_header = 0;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const bool fresh = i == 0 || sides[i].source != sides[i - 1].source || sides[i].is_a3() != sides[i - 1].is_a3();
    since_header = fresh || has_header(sides[i]) ? 0 : since_header + 1;
    if (!sides[i].is_a3()) backs[i] = since_header % 2 == 1;
  }
  return backs;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// How far the writing of the backs of one format speaks for the rule.
std::vector<double> agreement(const std::vector<SurveyedSide>& sides, const std::vector<bool>& backs, int rule,
                              bool a3) {
  std::vector<double> agreeing;
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (const double upright = standing(sides[i]); backs[i] && sides[i].is_a3() == a3 && upright != 0)
      agreeing.push_back(rule == 0 ? upright : -upright);
  return agreeing;
}

// How far against the rule a side's writing must speak before the side is turned for itself: where it is likelier fed
// upside down, which one side in 200 is, than written so. Upright sides are taken as normal about the usual strength of
// `agreeing`, those upside down about its negative; where the two overlap no side is turned.
double clear_against(const std::vector<double>& agreeing, bool a3) {
  constexpr std::size_t kEnough = 6;
  constexpr double kClearA3 = 0.8;  // two faces of writing; generated ones reach 0.5 to 2.2
  constexpr double kClearA4 = 1.0;
  constexpr double kLeast = 0.35;
  constexpr double kLeastShareA4 = 0.6;
  constexpr double kLeastSpread = 0.25;
  constexpr double kApart = 1.6;  // spreads from 0
  constexpr double kMadOfNormal = 1.4826;
  constexpr double kLogOdds = 5.3;  // ln 200
  if (agreeing.size() < kEnough) return a3 ? kClearA3 : kClearA4;
  std::vector<double> strengths;
  for (const double value : agreeing) strengths.push_back(std::abs(value));
  const double usual = median(strengths);
  for (double& strength : strengths) strength = std::abs(strength - usual);
  const double spread = std::max(kLeastSpread, kMadOfNormal * median(strengths));
  if (usual < kApart * spread) return std::numeric_limits<double>::infinity();
  // A single face may hold little writing, which then says little either way: no sign of a side fed upside down.
  const double least = a3 ? kLeast : std::max(kLeast, kLeastShareA4 * usual);
  return std::max(least, kLogOdds * spread * spread / (2 * usual));
}

// How the sides with headers lie; fronts without header lie the same way.
int rotation_of_fronts(const std::vector<SurveyedSide>& sides) {
  int balance = 0;
  for (const SurveyedSide& side : sides)
    if (has_header(side)) balance += side.halves.front().face.rotation == 0 ? 1 : -1;
  return balance < 0 ? 180 : 0;
}

void turn(SurveyedSide& side, int rotation) {
  for (auto& half : side.halves) half.face.rotation = rotation;
}

}  // namespace

bool has_header(const SurveyedSide& side) {
  return std::any_of(side.halves.begin(), side.halves.end(), [](const auto& half) { return half.face.header; });
}

void mark_headers(std::vector<SurveyedSide>& sides) {
  std::vector<double> chance;
  for (const SurveyedSide& side : sides)
    for (const auto& half : side.halves) chance.push_back(std::min(half.top.score, half.bottom.score));
  const double threshold = header_threshold(chance);
  constexpr double kNear = 0.08;
  for (SurveyedSide& side : sides) {
    SurveyedSide::Half* best = nullptr;
    for (auto& half : side.halves) {
      half.face.header_score = std::max(half.top.score, half.bottom.score);
      if (best == nullptr || half.face.header_score > best->face.header_score) best = &half;
    }
    if (best == nullptr) continue;
    if (std::abs(best->face.header_score - threshold) < kNear) best->face.flags.emplace_back("header_uncertain");
    if (best->face.header_score < threshold) continue;
    const bool upright = best->top.score >= best->bottom.score;
    best->face.header = true;
    best->face.form = upright ? best->top.form : best->bottom.form;
    turn(side, upright ? 0 : 180);
  }
}

Imposition imposition_of(const std::vector<SurveyedSide>& sides) {
  int right = 0;
  int left = 0;
  for (const SurveyedSide& side : sides)
    for (const auto& half : side.halves) {
      if (!half.face.header || half.face.half == Half::full) continue;
      ((half.face.half == Half::right) == (half.face.rotation == 0) ? right : left) += 1;
    }
  return left > right ? Imposition::plain : Imposition::booklet;
}

int turn_versos(std::vector<SurveyedSide>& sides, std::optional<int> forced, bool singly) {
  constexpr double kMost = 1;  // one side's say in the rule
  constexpr double kDoubtful = 0.1;
  const std::vector<bool> backs = backs_of(sides);
  double sum = 0;
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (backs[i]) sum += std::clamp(standing(sides[i]), -kMost, kMost);
  const int rule = forced.value_or(sum < 0 ? 180 : 0);
  const int fronts = rotation_of_fronts(sides);
  const double clear_a3 = clear_against(agreement(sides, backs, rule, true), true);
  const double clear_a4 = clear_against(agreement(sides, backs, rule, false), false);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    SurveyedSide& side = sides[i];
    if (has_header(side) || side.halves.empty()) continue;
    const int expected = backs[i] ? rule : fronts;
    const double upright = standing(side);
    const double agrees = expected == 0 ? upright : -upright;
    const bool bound = forced && backs[i];
    const bool against = singly && !bound && agrees < -(side.is_a3() ? clear_a3 : clear_a4);
    turn(side, against ? 180 - expected : expected);
    if (against)
      side.halves.front().face.flags.emplace_back("turned");
    else if (upright != 0 && agrees < kDoubtful)
      side.halves.front().face.flags.emplace_back("rotation_uncertain");
  }
  return rule;
}

}  // namespace korrigo::scans
