#include "scans/sheets.h"

#include <algorithm>
#include <span>

#include "scans/orientation.h"

namespace korrigo::scans {
namespace {

const Face& upright_half(const SurveyedSide& side, bool left) {
  const bool turned = side.halves.front().face.rotation == 180;
  return side.halves[left != turned ? 0 : 1].face;
}

// The sides of one source under one belief about which side of a sheet comes first.
class Pairing {
 public:
  Pairing(std::span<const SurveyedSide> sides, bool verso_first) : sides_(sides), verso_first_(verso_first) {
    for (std::size_t i = 0; i < sides_.size();) i += take(i);
  }

  int strays() const { return strays_; }
  std::vector<Sheet> sheets() && { return std::move(sheets_); }

 private:
  // Adds the sheet that begins at side i and returns how many sides it used.
  std::size_t take(std::size_t i) {
    const SurveyedSide& first = sides_[i];
    if (!can_be_a3(i)) {
      add({&first}, {});
      return 1;
    }
    if (i + 1 == sides_.size() || !can_be_a3(i + 1)) return alone(first);
    const SurveyedSide& second = sides_[i + 1];
    const SurveyedSide& recto = verso_first_ ? second : first;
    const SurveyedSide& verso = verso_first_ ? first : second;
    // A header where a verso should be belongs to another sheet: this side lost its partner.
    if (has_header(verso)) return alone(first);
    // The second side is the verso of the header behind it: the first lost its partner.
    if (verso_first_ && !has_header(recto) && i + 2 < sides_.size() && has_header(sides_[i + 2])) return alone(first);
    add({&recto, &verso}, {});
    return 2;
  }

  // An unreadable side stands for the A3 side it would have been when its neighbours are A3.
  bool can_be_a3(std::size_t i) const {
    if (!sides_[i].problem.empty()) {
      const bool before = i > 0 && sides_[i - 1].is_a3();
      const bool after = i + 1 < sides_.size() && sides_[i + 1].is_a3();
      return before || after;
    }
    return sides_[i].is_a3();
  }

  std::size_t alone(const SurveyedSide& side) {
    ++strays_;
    add({&side}, side.problem.empty() ? "The other side of this sheet is missing from the scan." : "");
    return 1;
  }

  void add(std::vector<const SurveyedSide*> sides, std::string warning) {
    Sheet sheet;
    sheet.header = has_header(*sides.front());
    sheet.header_side_lost = sides.size() == 2 && !sides.front()->problem.empty();
    sheet.sides = std::move(sides);
    sheet.warning = std::move(warning);
    sheets_.push_back(std::move(sheet));
  }

  std::span<const SurveyedSide> sides_;
  bool verso_first_;
  int strays_ = 0;
  std::vector<Sheet> sheets_;
};

// The belief that leaves fewer sides without a partner; which page the headers fall on proves nothing once a side is
// missing. Rectos come first when both leave as many.
std::vector<Sheet> pair_source(std::span<const SurveyedSide> sides) {
  Pairing recto_first(sides, false);
  Pairing verso_first(sides, true);
  return std::move(verso_first.strays() < recto_first.strays() ? verso_first : recto_first).sheets();
}

}  // namespace

int face_count(const Sheet& sheet) {
  int count = 0;
  for (const SurveyedSide* side : sheet.sides) count += static_cast<int>(side->halves.size());
  return count;
}

std::vector<Sheet> pair_sides(const std::vector<SurveyedSide>& sides) {
  std::vector<Sheet> sheets;
  for (auto first = sides.begin(); first != sides.end();) {
    const auto end = std::find_if(first, sides.end(), [&](const auto& side) { return side.source != first->source; });
    for (Sheet& sheet : pair_source({first, end})) sheets.push_back(std::move(sheet));
    first = end;
  }
  return sheets;
}

std::vector<Face> faces_in_order(const Sheet& sheet, Imposition imposition) {
  std::vector<Face> faces;
  const auto put = [&](std::size_t side, bool left) {
    if (side < sheet.sides.size() && sheet.sides[side]->is_a3())
      faces.push_back(upright_half(*sheet.sides[side], left));
  };
  const SurveyedSide& first = *sheet.sides.front();
  if (first.halves.size() == 1) return {first.halves.front().face};
  const bool stray_verso = sheet.sides.size() == 1 && !sheet.header;
  if (imposition == Imposition::plain || stray_verso) {
    put(0, true);
    put(0, false);
    put(1, true);
    put(1, false);
  } else {
    put(0, false);
    put(1, true);
    put(1, false);
    put(0, true);
  }
  return faces;
}

}  // namespace korrigo::scans
