#include "identification/hand_line.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "imaging/components.h"
#include "imaging/geometry.h"
#include "ocr/hand.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using ocr::LetterReading;

constexpr int kLeastPixels = 24;       // less is a speck
constexpr double kBoxHeight = 1.4;     // of a printed box, in heights of a letter: what the network was trained with
constexpr double kWidest = 1.4;        // the rest in heights of a letter
constexpr double kWide = 1.1;          // wider parts are cut
constexpr double kNarrowest = 0.25;    // between two cuts
constexpr double kGap = 0.15;          // within a letter
constexpr double kTall = 0.7;          // higher parts may be letters
constexpr double kSmall = 0.4;         // lower parts are dots, accents, hyphens
constexpr std::size_t kMostParts = 3;  // of a letter
constexpr std::size_t kLongest = 100;  // parts of a line; what has more is no writing

std::vector<PixelRect> strokes_of(const GrayImage& ink) {
  std::vector<PixelRect> strokes;
  for (const imaging::Component& component : imaging::find_components(ink))
    if (component.pixels >= kLeastPixels) strokes.push_back(component.box);
  return strokes;
}

// Of capitals: a third of the strokes are at least as high, for many are parts of letters.
int letter_height(const std::vector<PixelRect>& strokes) {
  std::vector<int> heights;
  for (const PixelRect& stroke : strokes) heights.push_back(stroke.height);
  const auto third = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 3);
  std::nth_element(heights.begin(), third, heights.end(), std::greater<>());
  return *third;
}

// Strokes above one another are one part.
std::vector<PixelRect> joined(std::vector<PixelRect> strokes, int height) {
  std::sort(strokes.begin(), strokes.end(), [](const PixelRect& a, const PixelRect& b) { return a.x < b.x; });
  std::vector<PixelRect> parts;
  for (const PixelRect& stroke : strokes) {
    if (!parts.empty()) {
      PixelRect& last = parts.back();
      const int narrower = std::min(last.width, stroke.width);
      const double shared = std::min(last.right(), stroke.right()) - stroke.x;
      const bool both_tall = std::min(last.height, stroke.height) > kTall * height;
      if (shared >= (both_tall ? 0.8 : 0.5) * narrower) {
        last = last.united(stroke);
        continue;
      }
    }
    parts.push_back(stroke);
  }
  return parts;
}

// Where a wide part may be two letters or more: columns with the least ink among those near them, and little of it.
std::vector<int> cuts_of(const GrayImage& ink, const PixelRect& part, int height) {
  std::vector<int> column(static_cast<std::size_t>(part.width), 0);
  for (int y = part.y; y < part.bottom(); ++y)
    for (int x = 0; x < part.width; ++x) column[static_cast<std::size_t>(x)] += ink.at(part.x + x, y) == 0;
  const int reach = std::max(2, static_cast<int>(kNarrowest * height));
  std::vector<int> cuts;
  for (int x = reach; x + reach < part.width; ++x) {
    const auto here = column.begin() + x;
    if (*here > height / 3 || *std::min_element(here - reach, here + reach + 1) < *here) continue;
    if (cuts.empty() || x - cuts.back() >= reach) cuts.push_back(x);
  }
  return cuts;
}

struct Part {
  PixelRect box;
  bool is_cut = false;  // from the part before, of one stroke with it
};

std::vector<Part> parts_of(const GrayImage& ink, int* height) {
  const std::vector<PixelRect> strokes = strokes_of(ink);
  if (strokes.empty()) return {};
  *height = letter_height(strokes);
  std::vector<Part> parts;
  for (const PixelRect& part : joined(strokes, *height)) {
    int from = 0;
    if (part.width > kWide * *height)
      for (const int cut : cuts_of(ink, part, *height)) {
        parts.push_back({{part.x + from, part.y, cut - from, part.height}, from > 0});
        from = cut;
      }
    parts.push_back({{part.x + from, part.y, part.width - from, part.height}, from > 0});
  }
  return parts;
}

// One or several parts beside one another, as a letter.
struct Guess {
  std::size_t first = 0;
  std::size_t count = 1;
  PixelRect place;
  LetterReading reading = {};
  bool is_small = false;
  int joins = 0;  // of strokes as high as letters, which rarely are parts of one
};

std::vector<Guess> guesses_of(const std::vector<Part>& parts, int height) {
  std::vector<Guess> guesses;
  for (std::size_t first = 0; first < parts.size(); ++first) {
    PixelRect place = parts[first].box;
    int joins = 0;
    guesses.push_back({first, 1, place, {}, place.height < kSmall * height});
    for (std::size_t count = 2; count <= kMostParts && first + count <= parts.size(); ++count) {
      const Part& next = parts[first + count - 1];
      if (next.box.x - place.right() > kGap * height) break;
      const int lower = std::min(parts[first + count - 2].box.height, next.box.height);
      joins += !next.is_cut && lower > kTall * height ? 1 : 0;
      place = place.united(next.box);
      if (place.width > kWidest * height) break;
      guesses.push_back({first, count, place, {}, place.height < kSmall * height, joins});
    }
  }
  return guesses;
}

void read(const GrayImage& line, const GrayImage& ink, std::vector<Guess>& guesses, int height, bool digits) {
  std::vector<ocr::HandLetter> letters;
  for (const Guess& guess : guesses) {
    // Cut parts are as high as what they were cut from: to the extent of their own ink.
    PixelRect own;
    for (int y = guess.place.y; y < guess.place.bottom(); ++y)
      for (int x = guess.place.x; x < guess.place.right(); ++x)
        if (ink.at(x, y) == 0) own = own.united({x, y, 1, 1});
    letters.push_back(
        {ocr::letter_picture(imaging::cropped(line, own), static_cast<int>(kBoxHeight * height)), digits});
  }
  const std::vector<LetterReading> readings = ocr::Hand::built_in().read(letters);
  for (std::size_t i = 0; i < guesses.size(); ++i) guesses[i].reading = readings[i];
}

double surest(const LetterReading& reading) {
  return *std::max_element(reading.probability.begin(), reading.probability.end());
}

// What may stand on the line: of letters any number, of a date DD/MM/YYYY with or without its strokes.
struct Pattern {
  std::string_view places;  // 'D' for a digit, '/' for a stroke; empty: letters
  std::size_t states() const { return places.size() + 1; }
};

// A guess as one of the things that may come next.
struct Move {
  std::size_t to = 0;  // state
  double score = 0;
  bool is_letter = false;
};

std::vector<Move> moves_of(const Guess& guess, const Pattern& pattern, std::size_t state, int height) {
  constexpr double kDropped = 0.5;  // a dot or an accent that is no letter's
  constexpr double kStroke = 0.9;   // between day, month and year: as high as digits or higher
  constexpr double kOddStroke = 0.02;
  constexpr double kNoStroke = 0.1;
  constexpr double kLeast = 1e-4;
  constexpr double kJoined = 0.6;
  std::vector<Move> moves;
  if (guess.is_small) moves.push_back({state, std::log(kDropped), false});
  // Each part counts once, so that few letters are not preferred to many.
  const double letter = static_cast<double>(guess.count) * std::log(std::max(kLeast, surest(guess.reading))) +
                        guess.joins * std::log(kJoined);
  if (pattern.places.empty()) {
    if (!guess.is_small) moves.push_back({state, letter, true});
    return moves;
  }
  if (state == pattern.places.size()) return moves;
  const bool before_stroke = pattern.places[state] == '/';
  if (before_stroke && guess.count == 1) {
    const bool is_like = guess.is_small || guess.place.height > 0.85 * height;
    moves.push_back({state + 1, std::log(is_like ? kStroke : kOddStroke), false});
  }
  if (!guess.is_small && before_stroke) moves.push_back({state + 2, letter + std::log(kNoStroke), true});
  if (!guess.is_small && !before_stroke) moves.push_back({state + 1, letter, true});
  return moves;
}

// The surest way through all parts to the pattern's end; empty when none leads there.
std::vector<LetterReading> surest_way(const std::vector<Guess>& guesses, std::size_t parts, const Pattern& pattern,
                                      int height) {
  struct Reached {
    double score = -1e9;
    const Guess* guess = nullptr;
    std::size_t from = 0;
    bool is_letter = false;
  };
  std::vector<std::vector<Reached>> reached(parts + 1, std::vector<Reached>(pattern.states()));
  reached[0][0].score = 0;
  for (const Guess& guess : guesses)  // in the order of their first part
    for (std::size_t state = 0; state < pattern.states(); ++state) {
      const double before = reached[guess.first][state].score;
      if (before < -1e8) continue;
      for (const Move& move : moves_of(guess, pattern, state, height)) {
        Reached& end = reached[guess.first + guess.count][move.to];
        if (before + move.score > end.score) end = {before + move.score, &guess, state, move.is_letter};
      }
    }
  std::vector<LetterReading> letters;
  std::size_t part = parts;
  std::size_t state = pattern.states() - 1;
  for (const Reached* at = &reached[part][state]; at->guess != nullptr; at = &reached[part][state]) {
    if (at->is_letter) letters.push_back(at->guess->reading);
    part = at->guess->first;
    state = at->from;
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

}  // namespace

std::vector<LetterReading> letters_of_line_by_hand(const GrayImage& line, ocr::FieldKind kind) {
  const bool digits = kind == ocr::FieldKind::birth_date || kind == ocr::FieldKind::candidate_number;
  const GrayImage ink = imaging::binarised(line, 31, 0.2, 24);
  int height = 0;
  const std::vector<Part> parts = parts_of(ink, &height);
  if (parts.size() > kLongest) return {};
  std::vector<Guess> guesses = guesses_of(parts, height);
  read(line, ink, guesses, height, digits);
  if (kind == ocr::FieldKind::birth_date)
    if (auto date = surest_way(guesses, parts.size(), {"DD/DD/DDDD"}, height); !date.empty()) return date;
  return surest_way(guesses, parts.size(), {}, height);
}

}  // namespace korrigo::identification
