#include "students/names.h"

#include <fmt/format.h>
#include <utf8proc.h>
#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "students/wording.h"

namespace korrigo::students {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Blocks of the Unicode script Latin that hold letters of living languages.
constexpr std::array<Range, 6> kLatin = {
    {{U'A', U'Z'}, {U'a', U'z'}, {0x00C0, 0x02AF}, {0x1E00, 0x1EFF}, {0x2C60, 0x2C7F}, {0xA720, 0xA7FF}}};
constexpr Range kCombiningAccents = {0x0300, 0x036F};

bool within(char32_t point, Range range) {
  return point >= range.first && point <= range.last;
}

bool is_upper(char32_t point) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool is_lower(char32_t point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(point)) == UTF8PROC_CATEGORY_LL;
}

bool is_latin_letter(char32_t point) {
  return std::any_of(kLatin.begin(), kLatin.end(), [&](Range range) { return within(point, range); }) &&
         (is_upper(point) || is_lower(point));
}

bool is_hyphen(char32_t point) {
  return point == U'-' || point == U'\u2010' || point == U'\u2011';
}

bool is_apostrophe(char32_t point) {
  return point == U'\'' || point == U'\u2019' || point == U'\u02BC';
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

enum class Word { capitals, initial, particle, other };

bool is_particle(std::string_view word) {
  constexpr std::array<std::string_view, 38> kParticles = {
      "DE",    "DU",    "DES", "D",   "LA",  "LE", "LES", "L",   "VAN", "VON",  "DER", "DEN", "DEM",
      "TEN",   "TER",   "ZU",  "ZUR", "ZUM", "DA", "DAS", "DO",  "DOS", "DI",   "DAL", "DEL", "DELLA",
      "DELLO", "DEGLI", "DEI", "AF",  "AV",  "EL", "AL",  "BEN", "IBN", "BINT", "BOU", "T"};
  return std::find(kParticles.begin(), kParticles.end(), fold_name(word)) != kParticles.end();
}

// Words that join two last names.
bool is_link(std::string_view word) {
  constexpr std::array<std::string_view, 9> kLinks = {"DIT", "DITE", "ET", "Y", "I", "E", "EPOUSE", "EP", "NEE"};
  return std::find(kLinks.begin(), kLinks.end(), fold_name(word)) != kLinks.end();
}

// "d'ORMESSON", "McDONALD": what stands before the capitals is part of the name.
std::size_t prefix_length(const std::vector<char32_t>& part) {
  const auto lower_at = [&](std::size_t i, char32_t letter) {
    return i < part.size() && (part[i] == letter || part[i] == letter - 32);
  };
  if (part.size() > 2 && is_apostrophe(part[1]) && (lower_at(0, U'd') || lower_at(0, U'l'))) return 2;
  if (part.size() > 3 && part[0] == U'M' && part[1] == U'c') return 2;
  if (part.size() > 4 && part[0] == U'M' && part[1] == U'a' && part[2] == U'c') return 3;
  return 0;
}

struct Letters {
  std::size_t upper = 0;
  std::size_t lower = 0;
};

Letters letters_of(const std::vector<char32_t>& points, std::size_t from = 0) {
  Letters letters;
  for (std::size_t i = from; i < points.size(); ++i) {
    if (is_upper(points[i])) ++letters.upper;
    if (is_lower(points[i]) && points[i] != U'\u00DF') ++letters.lower;  // ß is kept in words in capitals
  }
  return letters;
}

Word kind_of(std::string_view word) {
  std::vector<char32_t> points = code_points(word);
  std::replace_if(points.begin(), points.end(), is_hyphen, U'-');
  std::size_t upper = 0;
  bool capitals = true;
  for (auto start = points.begin();;) {
    const auto end = std::find(start, points.end(), U'-');
    const std::vector<char32_t> part(start, end);
    const Letters letters = letters_of(part, prefix_length(part));
    if (letters.lower > 0) capitals = false;
    upper += letters.upper;
    if (end == points.end()) break;
    start = end + 1;
  }
  if (capitals && upper >= 2) return Word::capitals;
  if (capitals && upper == 1) return Word::initial;
  return is_particle(word) ? Word::particle : Word::other;
}

std::string joined(const std::vector<std::string_view>& words, std::size_t first, std::size_t end) {
  std::string text;
  for (std::size_t i = first; i < end; ++i) text += (i == first ? "" : " ") + std::string(words[i]);
  return text;
}

struct Run {
  std::size_t first = 0;
  std::size_t end = 0;
};

// The words of the last name: capitals with what leads to them or stands between them.
std::vector<Run> capital_runs(const std::vector<std::string_view>& words, const std::vector<Word>& kinds) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool leading_initial =
        kinds[i] == Word::initial && i == 0 && words.size() > 1 && kinds[1] == Word::capitals;  // "O BRIEN"
    if (kinds[i] != Word::capitals && !leading_initial) continue;
    std::size_t first = i;
    const std::size_t earliest = runs.empty() ? 0 : runs.back().end;
    while (first > earliest && kinds[first - 1] == Word::particle) --first;
    if (!runs.empty() && first == runs.back().end + 1 && is_link(words[first - 1])) first = runs.back().end;
    if (!runs.empty() && first == runs.back().end)
      runs.back().end = i + 1;
    else
      runs.push_back({first, i + 1});
  }
  return runs;
}

}  // namespace

std::optional<std::string> fault_of_name(std::string_view name) {
  const std::vector<char32_t> points = code_points(name);
  bool any_letter = false;
  char32_t before = 0;
  for (const char32_t point : points) {
    const bool accent =
        within(point, kCombiningAccents) && (is_latin_letter(before) || within(before, kCombiningAccents));
    if (is_latin_letter(point))
      any_letter = true;
    else if (point != U' ' && !is_hyphen(point) && !is_apostrophe(point) && !accent)
      return fmt::format("holds {}; only letters of the Latin alphabet, spaces, hyphens and apostrophes are accepted",
                         shown(point));
    before = point;
  }
  if (!any_letter) return "holds no letter";
  if (points.size() > kMaxNameLetters)
    return fmt::format("has {} characters; {} at most are accepted", points.size(), kMaxNameLetters);
  return std::nullopt;
}

tl::expected<FullName, std::string> split_full_name(std::string_view cell) {
  const auto refused = [&](std::string_view why) {
    return tl::unexpected(fmt::format("{} cannot be split into last and first name: {}", cited(cell), why));
  };
  const std::vector<std::string_view> words = split(cell, ' ');
  std::vector<Word> kinds;
  for (const std::string_view word : words) kinds.push_back(kind_of(word));
  const auto all = letters_of(code_points(cell));
  if (all.lower == 0 && all.upper > 0)
    return refused("it is all in capitals; write the last name in capitals and the first name in small letters.");
  const std::vector<Run> runs = capital_runs(words, kinds);
  if (runs.empty()) return refused("no word of it is in capitals; write the last name in capitals.");
  const Run run = runs.front();
  if (runs.size() > 1 || (run.first > 0 && run.end < words.size()))
    return refused("its words in capitals must stand together, before or after the first name.");
  if (run.first == 0 && run.end == words.size()) return refused("no first name can be told from it.");
  const bool leads = run.first == 0;
  return FullName{.nom = joined(words, run.first, run.end),
                  .prenom = leads ? joined(words, run.end, words.size()) : joined(words, 0, run.first)};
}

}  // namespace korrigo::students
