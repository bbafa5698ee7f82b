#include "identification/stranger.h"

#include <algorithm>

#include "identification/french_names.h"

namespace korrigo::identification {
namespace {

constexpr std::size_t kLetters = 26;
constexpr std::size_t kEnd = 26;  // after the last letter, and before the first

// Share of strangers whose name is a common one; first names are far fewer than last names.
constexpr double kCommonLast = 0.25;
constexpr double kCommonFirst = 0.7;

// Which letter follows which, learned from the common names themselves, smoothed by the letters' own frequencies.
struct Bigrams {
  std::array<std::array<double, kLetters + 1>, kLetters + 1> next{};
};

Bigrams learn(const std::vector<std::string_view>& names) {
  constexpr double kSmoothing = 8;
  std::array<std::array<double, kLetters + 1>, kLetters + 1> count{};
  std::array<double, kLetters + 1> single{};
  single.fill(1);
  for (const auto name : names) {
    std::size_t before = kEnd;
    for (const char c : name) {
      const std::size_t letter = ocr::alphabet_index(c);
      ++count[before][letter];
      ++single[letter];
      before = letter;
    }
    ++count[before][kEnd];
    ++single[kEnd];
  }
  double all = 0;
  for (const double value : single) all += value;
  Bigrams model;
  for (std::size_t from = 0; from <= kLetters; ++from) {
    double sum = 0;
    for (const double value : count[from]) sum += value;
    for (std::size_t to = 0; to <= kLetters; ++to)
      model.next[from][to] = (count[from][to] + kSmoothing * single[to] / all) / (sum + kSmoothing);
  }
  return model;
}

struct NameModel {
  const std::vector<std::string_view>& common;
  Bigrams bigrams;
  double share_of_common;
};

const NameModel& model_of(NamePart part) {
  static const NameModel last{common_last_names(), learn(common_last_names()), kCommonLast};
  static const NameModel first{common_first_names(), learn(common_first_names()), kCommonFirst};
  return part == NamePart::last ? last : first;
}

// As Channel::suffixes, for any word of the bigram model. Lost letters need no case of their own: what is left is a
// word too.
std::vector<double> any_word_suffixes(const Channel& channel, const Bigrams& model, std::size_t quality) {
  const double keep = 1 - channel.lost(quality);
  std::vector<double> suffix(channel.length() + 1);
  std::array<double, kLetters + 1> after{};
  for (std::size_t y = 0; y <= kLetters; ++y) after[y] = keep * model.next[y][kEnd];
  suffix[channel.length()] = after[kEnd];
  for (std::size_t t = channel.length(); t-- > 0;) {
    std::array<double, kLetters> written{};
    for (std::size_t x = 0; x < kLetters; ++x) written[x] = keep * channel.emission(quality, x, t) * after[x];
    for (std::size_t y = 0; y <= kLetters; ++y) {
      double sum = channel.spurious(quality, t) * after[y];
      for (std::size_t x = 0; x < kLetters; ++x) sum += model.next[y][x] * written[x];
      after[y] = sum;
    }
    suffix[t] = after[kEnd];
  }
  return suffix;
}

std::vector<double> any_word_prefixes(const Channel& channel, const Bigrams& model, std::size_t quality) {
  const double keep = 1 - channel.lost(quality);
  std::vector<double> prefix(channel.length() + 1);
  std::array<double, kLetters + 1> before{};
  before[kEnd] = 1;
  const auto ended = [&] {
    double sum = 0;
    for (std::size_t y = 0; y <= kLetters; ++y) sum += before[y] * model.next[y][kEnd];
    return sum;
  };
  prefix[0] = ended();
  for (std::size_t t = 0; t < channel.length(); ++t) {
    std::array<double, kLetters + 1> now{};
    for (std::size_t x = 0; x < kLetters; ++x) {
      double sum = 0;
      for (std::size_t y = 0; y <= kLetters; ++y) sum += before[y] * model.next[y][x];
      now[x] = keep * channel.emission(quality, x, t) * sum;
    }
    for (std::size_t y = 0; y <= kLetters; ++y) now[y] += channel.spurious(quality, t) * before[y];
    before = now;
    prefix[t + 1] = ended();
  }
  return prefix;
}

template <class OneWord>
std::vector<double> mixed(const NameModel& model, std::vector<double> any_word, const OneWord& one_word) {
  const double each = model.share_of_common / static_cast<double>(model.common.size());
  for (double& value : any_word) value *= 1 - model.share_of_common;
  for (const auto name : model.common) {
    const auto values = one_word(name);
    for (std::size_t t = 0; t < values.size(); ++t) any_word[t] += each * values[t];
  }
  return any_word;
}

std::vector<double> mixed_suffixes(const Channel& channel, const NameModel& model, std::size_t quality) {
  return mixed(model, any_word_suffixes(channel, model.bigrams, quality),
               [&](std::string_view name) { return channel.suffixes(name, quality); });
}

// Day, month and year of any pupil's or candidate's birth, digit by digit.
Channel::Profile any_birth_date() {
  Channel::Profile digits(8);
  const auto set = [&](std::size_t place, std::initializer_list<std::pair<int, double>> shares) {
    for (const auto& [digit, share] : shares) digits[place][static_cast<std::size_t>(26 + digit)] = share;
  };
  const auto spread = [&](std::size_t place) {
    for (std::size_t digit = 0; digit < 10; ++digit) digits[place][26 + digit] = 0.1;
  };
  set(0, {{0, 0.30}, {1, 0.33}, {2, 0.32}, {3, 0.05}});
  spread(1);
  set(2, {{0, 0.75}, {1, 0.25}});
  spread(3);
  set(4, {{1, 0.1}, {2, 0.9}});
  set(5, {{0, 0.9}, {9, 0.1}});
  set(6, {{0, 0.75}, {1, 0.15}, {8, 0.03}, {9, 0.07}});
  spread(7);
  return digits;
}

Channel::Profile without_century(Channel::Profile digits) {
  digits.erase(digits.begin() + 4, digits.begin() + 6);
  return digits;
}

}  // namespace

std::array<double, kQualities> stranger_name(const Channel& channel, NamePart part) {
  std::array<double, kQualities> out{};
  for (std::size_t q = 0; q < kQualities; ++q) out[q] = mixed_suffixes(channel, model_of(part), q)[0];
  return out;
}

StrangerHalves stranger_halves(const Channel& channel, NamePart part) {
  StrangerHalves out;
  const NameModel& model = model_of(part);
  for (std::size_t q = 0; q < kQualities; ++q) {
    out.suffix[q] = mixed_suffixes(channel, model, q);
    out.prefix[q] = mixed(model, any_word_prefixes(channel, model.bigrams, q),
                          [&](std::string_view name) { return channel.prefixes(name, q); });
  }
  return out;
}

std::array<double, kQualities> stranger_date(const Channel& channel) {
  static const auto long_year = any_birth_date();
  static const auto short_year = without_century(long_year);
  std::array<double, kQualities> out{};
  for (std::size_t q = 0; q < kQualities; ++q)
    out[q] = (1 - kYearOfTwoDigits) * channel.whole(long_year, q) + kYearOfTwoDigits * channel.whole(short_year, q);
  return out;
}

}  // namespace korrigo::identification
