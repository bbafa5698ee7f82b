#include "identification/channel.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace korrigo::identification {
namespace {

using ocr::alphabet_index;
using ocr::kAlphabetSize;

// Share of readings that say nothing reliable. Chosen together with kQualityPrior and kTemper by simulation; see
// README.
constexpr std::array<double, kQualities> kUnreliable = {0.03, 0.15, 0.45};
// Of an unreliable reading, the part that still points to a look-alike of the letter written.
constexpr double kLookAlike = 0.5;
// Letters lost or invented, per letter. A letter box makes both rare.
constexpr std::array<double, kQualities> kLostInBoxes = {0.006, 0.015, 0.04};
constexpr std::array<double, kQualities> kLostOnLine = {0.03, 0.06, 0.10};
// A word space leaves no reading, or one of an empty box, a hyphen or an apostrophe.
constexpr double kSpaceLeavesReading = 0.15;
// How often a reader calls an arbitrary place empty; turns its posterior into a likelihood.
constexpr double kNothingPrior = 0.1;
// The boxes end before the name does: per possible length, from this many readings on.
constexpr double kCutOff = 0.004;
constexpr std::size_t kFewestBoxes = 8;

constexpr std::size_t kLetters = 26;
constexpr std::size_t kDigits = 10;

// Letters that hands and readers confuse, in both directions.
constexpr std::array<std::string_view, 22> kConfused = {"IJ", "IL", "IT", "LT", "UV", "NM", "NH", "OQ",
                                                        "OD", "OC", "CG", "EF", "BR", "PR", "VY", "XY",
                                                        "KX", "MW", "NW", "AR", "HK", "SZ"};
// The digit first, then the letters it looks like, the likeliest first.
constexpr std::array<std::string_view, kDigits> kDigitLetters = {"0ODQ", "1ILJ", "2ZR",  "3EB",  "4AHY",
                                                                 "5SJ",  "6GCB", "7TYZ", "8BSR", "9GPQ"};
constexpr std::array<std::string_view, 8> kConfusedDigits = {"17", "49", "08", "06", "38", "35", "56", "27"};

using Distribution = std::array<double, kAlphabetSize>;

struct LookAlikes {
  // to[y]: what was written when y was read wrongly; rows sum to 1. For names over letters, for dates over digits.
  std::array<Distribution, kAlphabetSize> in_names{};
  std::array<Distribution, kAlphabetSize> in_dates{};
};

void normalise(Distribution& row, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (const double value : row) sum += value;
  for (std::size_t i = begin; i < end; ++i)
    row[i] =
        sum > 0 ? 0.8 * row[i] / sum + 0.2 / static_cast<double>(end - begin) : 1.0 / static_cast<double>(end - begin);
}

LookAlikes make_look_alikes() {
  LookAlikes table;
  const auto link = [](auto& rows, char a, char b, double weight) {
    rows[alphabet_index(a)][alphabet_index(b)] += weight;
  };
  for (const auto pair : kConfused)
    link(table.in_names, pair[0], pair[1], 1), link(table.in_names, pair[1], pair[0], 1);
  for (const auto pair : kConfusedDigits)
    link(table.in_dates, pair[0], pair[1], 1), link(table.in_dates, pair[1], pair[0], 1);
  for (const auto digit : kDigitLetters) {
    double weight = 4;
    for (const char letter : digit.substr(1)) {
      link(table.in_names, digit[0], letter, weight);
      link(table.in_dates, letter, digit[0], weight);
      weight /= 2;
    }
  }
  for (auto& row : table.in_names) normalise(row, 0, kLetters);
  for (auto& row : table.in_dates) normalise(row, kLetters, kAlphabetSize);
  return table;
}

const LookAlikes& look_alikes() {
  static const LookAlikes table = make_look_alikes();
  return table;
}

struct CleanLetter {
  Distribution symbol{};  // over the expected class alone
  double nothing = 0;
};

// A proper distribution whatever the engine delivered, the other class moved onto its look-alikes.
CleanLetter clean(const ocr::LetterReading& reading, bool digits) {
  const auto positive = [](float value) {
    return std::isfinite(value) && value > 0 ? static_cast<double>(value) : 0.0;
  };
  const std::size_t begin = digits ? kLetters : 0;
  const std::size_t end = digits ? kAlphabetSize : kLetters;
  const auto& moved = digits ? look_alikes().in_dates : look_alikes().in_names;
  CleanLetter out;
  double sum = positive(reading.nothing);
  for (const float value : reading.probability) sum += positive(value);
  if (sum <= 0) {
    std::fill(out.symbol.begin() + static_cast<std::ptrdiff_t>(begin),
              out.symbol.begin() + static_cast<std::ptrdiff_t>(end), 1.0 / static_cast<double>(end - begin));
    return out;
  }
  out.nothing = positive(reading.nothing) / sum;
  for (std::size_t y = 0; y < kAlphabetSize; ++y) {
    const double p = positive(reading.probability[y]) / sum;
    if (y >= begin && y < end) {
      out.symbol[y] += p;
    } else if (p > 0) {
      for (std::size_t x = begin; x < end; ++x) out.symbol[x] += p * moved[y][x];
    }
  }
  return out;
}

}  // namespace

Channel::Channel(const ocr::FieldReading& field, bool digits)
    : boxed_(field.boxed), length_(std::min(field.letters.size(), kLongestField)), junk_(length_) {
  const std::size_t begin = digits ? kLetters : 0;
  const std::size_t end = digits ? kAlphabetSize : kLetters;
  const auto size = static_cast<double>(end - begin);
  const auto& table = digits ? look_alikes().in_dates : look_alikes().in_names;
  for (auto& rows : emission_) rows.resize(kAlphabetSize * length_);
  for (std::size_t t = 0; t < length_; ++t) {
    const CleanLetter letter = clean(field.letters[t], digits);
    junk_[t] = 0.5 * letter.nothing / kNothingPrior + 0.5 * (1 - letter.nothing);
    Distribution similar{};
    for (std::size_t y = begin; y < end; ++y)
      for (std::size_t x = begin; x < end; ++x) similar[x] += letter.symbol[y] * table[y][x];
    for (std::size_t q = 0; q < kQualities; ++q) {
      const double wrong = kUnreliable[q];
      for (std::size_t x = 0; x < kAlphabetSize; ++x)
        emission_[q][x * length_ + t] =
            size * (1 - wrong) * letter.symbol[x] + wrong * kLookAlike * size * similar[x] + wrong * (1 - kLookAlike);
    }
  }
}

double Channel::lost(std::size_t quality) const {
  return boxed_ ? kLostInBoxes[quality] : kLostOnLine[quality];
}

double Channel::kept(std::size_t quality) const {
  return 1 - 2 * lost(quality);
}

double Channel::spurious(std::size_t quality, std::size_t t) const {
  return lost(quality) * junk_[t];
}

std::vector<const double*> Channel::rows_of(std::string_view text, std::size_t quality) const {
  std::vector<const double*> rows;
  rows.reserve(text.size());
  for (const char c : text) {
    const std::size_t symbol = alphabet_index(c);
    rows.push_back(symbol < kAlphabetSize ? &emission_[quality][symbol * length_] : nullptr);
  }
  return rows;
}

// `rows` holds for each symbol its emissions along the readings; nullptr for a word space.
std::vector<double> Channel::suffixes_of(std::span<const double* const> rows, std::size_t quality) const {
  const double lose = lost(quality);
  const double keep = kept(quality);
  const auto invent = [&](std::vector<double>& from) {
    for (std::size_t t = length_; t-- > 0;) from[t] += lose * junk_[t] * from[t + 1];
  };
  std::vector<double> after(length_ + 1, 0.0);
  std::vector<double> now(length_ + 1);
  after[length_] = 1 - lose;
  invent(after);
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (rows[i] == nullptr) {
      now[length_] = after[length_];
      for (std::size_t t = 0; t < length_; ++t)
        now[t] = (1 - kSpaceLeavesReading) * after[t] + kSpaceLeavesReading * junk_[t] * after[t + 1];
    } else {
      now[length_] = lose * after[length_];
      for (std::size_t t = 0; t < length_; ++t) now[t] = lose * after[t] + keep * rows[i][t] * after[t + 1];
    }
    if (boxed_ && length_ >= kFewestBoxes && i >= kFewestBoxes - 1) now[length_] += kCutOff;
    invent(now);
    std::swap(now, after);
  }
  return after;
}

std::vector<double> Channel::suffixes(std::string_view text, std::size_t quality) const {
  return suffixes_of(rows_of(text, quality), quality);
}

double Channel::whole(const Profile& text, std::size_t quality) const {
  std::vector<double> mixed(text.size() * length_, 0.0);
  std::vector<const double*> rows;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::size_t x = 0; x < kAlphabetSize; ++x)
      for (std::size_t t = 0; text[i][x] > 0 && t < length_; ++t)
        mixed[i * length_ + t] += text[i][x] * emission(quality, x, t);
    rows.push_back(mixed.data() + i * length_);
  }
  return suffixes_of(rows, quality)[0];
}

std::vector<double> Channel::prefixes(std::string_view text, std::size_t quality) const {
  const double lose = lost(quality);
  const double keep = kept(quality);
  const auto invent = [&](std::vector<double>& to) {
    for (std::size_t t = 0; t < length_; ++t) to[t + 1] += lose * junk_[t] * to[t];
  };
  std::vector<double> before(length_ + 1, 0.0);
  std::vector<double> now(length_ + 1);
  before[0] = 1;
  invent(before);
  for (const double* row : rows_of(text, quality)) {
    now[0] = (row == nullptr ? 1 - kSpaceLeavesReading : lose) * before[0];
    for (std::size_t t = 0; t < length_; ++t)
      now[t + 1] = row == nullptr
                       ? (1 - kSpaceLeavesReading) * before[t + 1] + kSpaceLeavesReading * junk_[t] * before[t]
                       : lose * before[t + 1] + keep * row[t] * before[t];
    invent(now);
    std::swap(now, before);
  }
  return before;
}

double Channel::joined(std::span<const double> prefix, std::span<const double> suffix) const {
  double sum = 0;
  for (std::size_t t = 0; t <= length_; ++t) {
    sum += prefix[t] * (1 - kSpaceLeavesReading) * suffix[t];
    if (t < length_) sum += prefix[t] * kSpaceLeavesReading * junk_[t] * suffix[t + 1];
  }
  return sum;
}

}  // namespace korrigo::identification
