/// Surveyed sides made by hand for the tests of this folder: what the survey and the header prints would say of them is
/// set, not measured.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "scans/batch.h"

namespace korrigo::scans::made {

inline constexpr double kHeaderScore = 0.6;
inline constexpr double kOtherScore = 0.05;
inline constexpr double kClearStanding = 1.5;  // of well written faces

/// Writing of one face, unlike any other's.
inline imaging::GrayImage texture(Random& random) {
  imaging::GrayImage thumb(30, 42);
  for (std::uint8_t& tone : thumb.pixels()) tone = static_cast<std::uint8_t>(random.integer(60, 200));
  return thumb;
}

/// Makes sides in scanner order. `turned`: the side lies on its head.
class SideMaker {
 public:
  explicit SideMaker(std::uint64_t seed = 1) : random_(seed) {}

  /// A3, no header, written upright or on its head.
  SurveyedSide a3(bool turned = false) { return side({half(Half::left, turned), half(Half::right, turned)}); }
  /// A3 with the header on the given half as scanned.
  SurveyedSide a3_header(Half where, bool turned = false) {
    SurveyedSide made = a3(turned);
    put_header(made.halves[where == Half::left ? 0 : 1], turned);
    return made;
  }
  /// Recto of a folded sheet: the header on the right when it stands upright.
  SurveyedSide recto(bool turned = false) { return a3_header(turned ? Half::left : Half::right, turned); }
  /// Recto of a plain sheet: the header on the left when it stands upright.
  SurveyedSide plain_recto(bool turned = false) { return a3_header(turned ? Half::right : Half::left, turned); }
  SurveyedSide a4(bool turned = false) { return side({half(Half::full, turned)}); }
  SurveyedSide a4_header(bool turned = false) {
    SurveyedSide made = a4(turned);
    put_header(made.halves.front(), turned);
    return made;
  }
  static SurveyedSide unreadable() {
    SurveyedSide made;
    made.problem = "This page cannot be decoded.";
    return made;
  }

  /// The same side scanned again: a little noise, and `turned` against the first time if asked for.
  SurveyedSide again(const SurveyedSide& first, bool turned = false) {
    SurveyedSide made = first;
    if (turned) std::reverse(made.halves.begin(), made.halves.end());
    for (std::size_t i = 0; i < made.halves.size(); ++i) {
      auto& half = made.halves[i];
      half.face.half = first.halves[i].face.half;
      if (turned) {
        std::swap(half.top, half.bottom);
        std::reverse(half.thumb.pixels().begin(), half.thumb.pixels().end());
        half.standing = -half.standing;
      }
      for (std::uint8_t& tone : half.thumb.pixels()) tone = static_cast<std::uint8_t>(tone + random_.integer(-30, 30));
    }
    return made;
  }

 private:
  SurveyedSide::Half half(Half where, bool turned) {
    SurveyedSide::Half half;
    half.face.half = where;
    half.top = {kOtherScore, 0, 0, 0};
    half.bottom = {kOtherScore, 0, 0, 0};
    half.thumb = texture(random_);
    half.standing = turned ? -kClearStanding : kClearStanding;
    return half;
  }
  static void put_header(SurveyedSide::Half& half, bool turned) {
    (turned ? half.bottom : half.top).score = kHeaderScore;
  }
  static SurveyedSide side(std::vector<SurveyedSide::Half> halves) {
    SurveyedSide side;
    side.halves = std::move(halves);
    return side;
  }

  Random random_;
};

inline SurveyedSide blank(SurveyedSide side) {
  for (auto& half : side.halves) {
    half.face.blank = true;
    half.standing = 0;
    std::fill(half.thumb.pixels().begin(), half.thumb.pixels().end(), std::uint8_t{128});
  }
  return side;
}

/// Written, but too little to tell which way up.
inline SurveyedSide doubtful(SurveyedSide side) {
  for (auto& half : side.halves) half.standing = 0;
  return side;
}

/// The sides of one source, numbered as its pages.
inline std::vector<SurveyedSide> source(int number, std::vector<SurveyedSide> sides) {
  for (std::size_t i = 0; i < sides.size(); ++i) {
    sides[i].source = number;
    sides[i].side = static_cast<int>(i);
    for (auto& half : sides[i].halves) {
      half.face.source = number;
      half.face.side = static_cast<int>(i);
    }
  }
  return sides;
}
inline std::vector<SurveyedSide> stack(std::vector<SurveyedSide> sides) {
  return source(0, std::move(sides));
}

/// "page half" of every face in order, pages from 1 as people count: "1R 2L 2R 1L"; F for a full A4 side.
inline std::string named(int side, Half half) {
  return std::to_string(side + 1) + (half == Half::full ? "F" : half == Half::left ? "L" : "R");
}
inline std::string in_words(const std::vector<Face>& faces) {
  std::string words;
  for (const Face& face : faces) words += (words.empty() ? "" : " ") + named(face.side, face.half);
  return words;
}
inline std::vector<std::string> in_words(const std::vector<Booklet>& booklets) {
  std::vector<std::string> words;
  for (const Booklet& booklet : booklets) words.push_back(in_words(booklet.faces));
  return words;
}
inline std::string in_words(const std::vector<UnplacedFace>& unplaced) {
  std::string words;
  for (const UnplacedFace& face : unplaced) words += (words.empty() ? "" : " ") + named(face.side, face.half);
  return words;
}

}  // namespace korrigo::scans::made
