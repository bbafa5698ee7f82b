#include "identification/likelihood.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>

#include "identification/channel.h"
#include "identification/stranger.h"

namespace korrigo::identification {
namespace {

using ocr::FieldKind;
using students::RosterStudent;

// Letters of one hand are not independent; the sheets of one copy still less, and engines share their mistakes. The
// logarithms are weighed down accordingly: kTemper for one reading, n^-kSheets and n^-kEngines for each of several.
constexpr double kTemper = 0.8;
constexpr double kSheets = 0.3;
constexpr double kEngines = 0.75;
// How much more than another engine's its word counts, where several read one field.
constexpr double kTrustInHand = 3;
// The field holds something else than the student's name or date: a married name, a nickname, today's date, a bad cut.
constexpr double kOtherLast = 0.01;
constexpr double kOtherFirst = 0.02;
constexpr double kOtherDate = 0.03;
// A stranger happens to bear the student's last name, first name, birth date. They bound what agreement can prove.
constexpr double kSameLast = 0.002;
constexpr double kSameFirst = 0.008;
constexpr double kSameDate = 0.001;
// First name in the field of the last name and the other way round; first name first where one field holds both.
constexpr double kSwapped = 0.02;
constexpr double kFirstNameFirst = 0.25;
constexpr double kMonthFirst = 0.01;

double add_logs(double a, double b) {
  const double high = std::max(a, b);
  return high + std::log1p(std::exp(std::min(a, b) - high));
}

double safe_log(double p) {
  return std::log(std::max(p, 1e-300));
}

// The same field of one header reading, and what it weighs.
struct WeighedField {
  Channel channel;
  double weight = 1;

  double log_of(const std::array<double, kQualities>& per_quality) const {
    double sum = 0;
    for (std::size_t q = 0; q < kQualities; ++q) sum += kQualityPrior[q] * per_quality[q];
    return weight * safe_log(sum);
  }
};
using Fields = std::vector<WeighedField>;

bool usable(const ocr::FieldReading& field) {
  return field.has_ink && !field.letters.empty();
}

bool usable_kind(FieldKind kind) {
  return kind == FieldKind::last_name || kind == FieldKind::first_name || kind == FieldKind::full_name ||
         kind == FieldKind::birth_date;
}

const std::string& engine_of(const ocr::HeaderReading& reading, const ocr::FieldReading& field) {
  return field.engine.empty() ? reading.engine : field.engine;
}

double trust_in(const std::string& engine) {
  return engine == "korrigo-hand" ? kTrustInHand : 1;
}

std::map<FieldKind, Fields> fields_of(const CopyEvidence& evidence) {
  std::map<FieldKind, std::map<std::string, int>> sheets;  // that an engine read a field of
  const auto each = [&](const auto& seen) {
    for (const auto& reading : evidence.readings)
      for (const auto& field : reading.fields)
        if (usable_kind(field.kind) && usable(field)) seen(engine_of(reading, field), field);
  };
  each([&](const std::string& engine, const ocr::FieldReading& field) { ++sheets[field.kind][engine]; });
  std::map<FieldKind, Fields> fields;
  each([&](const std::string& engine, const ocr::FieldReading& field) {
    const auto& engines = sheets[field.kind];
    double all = 0;
    for (const auto& [name, count] : engines) all += trust_in(name);
    const double share = trust_in(engine) / all;
    const double weight = kTemper * std::pow(engines.at(engine), -kSheets) * share *
                          std::pow(static_cast<double>(engines.size()), 1 - kEngines);
    fields[field.kind].push_back({Channel(field, field.kind == FieldKind::birth_date), weight});
  });
  return fields;
}

// ln P(fields | each of `names` was written in them), weighed; a name without comparable letters is as likely as a
// stranger's.
std::vector<double> log_names(const Fields& fields, const std::vector<RosterTexts::Name>& names, double stranger) {
  std::vector<double> logs(names.size(), 0.0);
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const auto& field : fields) {
      std::array<double, kQualities> p{};
      for (const auto& spelling : names[i])
        for (std::size_t q = 0; q < kQualities; ++q)
          p[q] += spelling.share * field.channel.suffixes(spelling.text, q)[0];
      logs[i] += field.log_of(p);
    }
    if (names[i].empty()) logs[i] = stranger;
  }
  return logs;
}

double log_stranger(const Fields& fields, NamePart part) {
  double sum = 0;
  for (const auto& field : fields) sum += field.log_of(stranger_name(field.channel, part));
  return sum;
}

// Student against stranger in one field, given ln P of the readings under both.
double ratio(double student, double stranger, double other, double same) {
  return add_logs(std::log1p(-other) + student, std::log(other) + stranger) -
         add_logs(stranger, std::log(same) + student);
}

struct NameFit {
  double both = 0;
  double weaker = 0;
};

// The fields for last and first name: each name may stand in either.
class SplitNames {
 public:
  SplitNames(const Fields& last, const Fields& first, const RosterTexts& roster) {
    const double stranger_last = log_stranger(last, NamePart::last);
    const double stranger_first = log_stranger(first, NamePart::first);
    straight_last_ = ratios(last, roster.last_names(), stranger_last, kOtherLast, kSameLast);
    straight_first_ = ratios(first, roster.first_names(), stranger_first, kOtherFirst, kSameFirst);
    swapped_last_ = ratios(last, roster.first_names(), stranger_last, kOtherFirst, kSameFirst);
    swapped_first_ = ratios(first, roster.last_names(), stranger_first, kOtherLast, kSameLast);
  }

  NameFit of(const RosterTexts::Person& person) const {
    const double straight = straight_last_[person.last] + straight_first_[person.first];
    const double swapped = swapped_last_[person.first] + swapped_first_[person.last];
    return {add_logs(std::log1p(-kSwapped) + straight, std::log(kSwapped) + swapped),
            straight >= swapped ? std::min(straight_last_[person.last], straight_first_[person.first])
                                : std::min(swapped_last_[person.first], swapped_first_[person.last])};
  }

 private:
  static std::vector<double> ratios(const Fields& fields, const std::vector<RosterTexts::Name>& names, double stranger,
                                    double other, double same) {
    if (fields.empty()) return std::vector<double>(names.size(), 0.0);
    auto logs = log_names(fields, names, stranger);
    for (std::size_t i = 0; i < logs.size(); ++i)
      logs[i] = names[i].empty() ? 0 : ratio(logs[i], stranger, other, same);
    return logs;
  }

  std::vector<double> straight_last_, straight_first_, swapped_last_, swapped_first_;
};

// A field that holds the whole name: prefixes of one name meet suffixes of the other.
class WholeName {
 public:
  WholeName(const WeighedField& field, const RosterTexts& roster)
      : field_(field),
        last_(halves(roster.last_names())),
        first_(halves(roster.first_names())),
        any_last_(stranger_halves(field.channel, NamePart::last)),
        any_first_(stranger_halves(field.channel, NamePart::first)),
        stranger_(either_order(any_last_, any_first_)) {}

  NameFit of(const RosterTexts::Person& person) const {
    const auto& last = last_[person.last];
    const auto& first = first_[person.first];
    const double student = either_order(last, first);
    const double same_last = either_order(last, any_first_);
    const double same_first = either_order(any_last_, first);
    const double namesake = add_logs(std::log(kSameLast) + same_last, std::log(kSameFirst) + same_first);
    return {add_logs(std::log1p(-kOtherLast) + student, std::log(kOtherLast) + stranger_) -
                add_logs(add_logs(stranger_, namesake), std::log(kSameLast * kSameFirst) + student),
            student - std::max(same_last, same_first)};
  }

 private:
  std::vector<StrangerHalves> halves(const std::vector<RosterTexts::Name>& names) const {
    std::vector<StrangerHalves> out(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (std::size_t q = 0; q < kQualities; ++q) {
        out[i].prefix[q].assign(field_.channel.length() + 1, 0.0);
        out[i].suffix[q].assign(field_.channel.length() + 1, 0.0);
        for (const auto& spelling : names[i]) {
          const auto prefix = field_.channel.prefixes(spelling.text, q);
          const auto suffix = field_.channel.suffixes(spelling.text, q);
          for (std::size_t t = 0; t < prefix.size(); ++t) {
            out[i].prefix[q][t] += spelling.share * prefix[t];
            out[i].suffix[q][t] += spelling.share * suffix[t];
          }
        }
      }
    }
    return out;
  }

  double either_order(const StrangerHalves& last, const StrangerHalves& first) const {
    std::array<double, kQualities> p{};
    for (std::size_t q = 0; q < kQualities; ++q)
      p[q] = (1 - kFirstNameFirst) * field_.channel.joined(last.prefix[q], first.suffix[q]) +
             kFirstNameFirst * field_.channel.joined(first.prefix[q], last.suffix[q]);
    return field_.log_of(p);
  }

  const WeighedField& field_;
  std::vector<StrangerHalves> last_, first_;
  StrangerHalves any_last_, any_first_;
  double stranger_;
};

std::vector<double> date_ratios(const Fields& fields, const std::vector<Date>& dates) {
  std::vector<double> ratios(dates.size(), 0.0);
  if (fields.empty()) return ratios;
  double stranger = 0;
  for (const auto& field : fields) stranger += field.log_of(stranger_date(field.channel));
  for (std::size_t i = 0; i < dates.size(); ++i) {
    const Date& date = dates[i];
    if (date.year == 0) continue;
    const auto written = fmt::format("{:02}{:02}{:04}", date.day, date.month, date.year);
    const auto short_year = fmt::format("{:02}{:02}{:02}", date.day, date.month, date.year % 100);
    const auto month_first = fmt::format("{:02}{:02}{:04}", date.month, date.day, date.year);
    double student = 0;
    for (const auto& field : fields) {
      std::array<double, kQualities> p{};
      for (std::size_t q = 0; q < kQualities; ++q)
        p[q] = (1 - kYearOfTwoDigits - kMonthFirst) * field.channel.suffixes(written, q)[0] +
               kYearOfTwoDigits * field.channel.suffixes(short_year, q)[0] +
               kMonthFirst * field.channel.suffixes(month_first, q)[0];
      student += field.log_of(p);
    }
    ratios[i] = ratio(student, stranger, kOtherDate, kSameDate);
  }
  return ratios;
}

}  // namespace

std::vector<Fit> fit_roster(const CopyEvidence& evidence, const RosterTexts& roster) {
  auto fields = fields_of(evidence);
  const SplitNames split(fields[FieldKind::last_name], fields[FieldKind::first_name], roster);
  std::vector<WholeName> whole;
  for (const auto& field : fields[FieldKind::full_name]) whole.emplace_back(field, roster);
  const auto dates = date_ratios(fields[FieldKind::birth_date], roster.dates());
  std::vector<Fit> fits(roster.size());
  // What several fields repeat of a name must not prove more than that name, seen once, could.
  const double most = -std::log(kSameLast * kSameFirst);
  for (std::size_t s = 0; s < roster.size(); ++s) {
    const auto& person = roster.person(s);
    NameFit names = split.of(person);
    for (const auto& field : whole) {
      const NameFit more = field.of(person);
      names = {names.both + more.both, std::min(names.weaker, more.weaker)};
    }
    fits[s] = {std::min(names.both, most), dates[person.date], names.weaker};
  }
  return fits;
}

double log_likelihood_ratio(const CopyEvidence& evidence, const RosterStudent& student) {
  return fit_roster(evidence, RosterTexts({&student, 1}))[0].total();
}

Legibility legibility(const CopyEvidence& evidence) {
  constexpr float kConfident = 0.5F;
  Legibility out;
  for (const auto& reading : evidence.readings) {
    std::map<std::string, std::size_t> letters;  // by engine
    std::map<std::string, std::size_t> digits;
    for (const auto& field : reading.fields) {
      if (!usable_kind(field.kind) || !usable(field)) continue;
      out.anything = true;
      const auto clear = static_cast<std::size_t>(
          std::count_if(field.letters.begin(), field.letters.end(), [](const ocr::LetterReading& letter) {
            return *std::max_element(letter.probability.begin(), letter.probability.end()) >= kConfident;
          }));
      (field.kind == FieldKind::birth_date ? digits : letters)[engine_of(reading, field)] += clear;
    }
    for (const auto& [engine, count] : letters) out.name_letters = std::max(out.name_letters, count);
    for (const auto& [engine, count] : digits) out.date_digits = std::max(out.date_digits, count);
  }
  return out;
}

}  // namespace korrigo::identification
