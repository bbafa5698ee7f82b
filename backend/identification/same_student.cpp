#include <algorithm>
#include <cmath>

#include "identification/channel.h"
#include "identification/claim.h"
#include "identification/decision.h"

namespace korrigo::identification {
namespace {

// Neighbouring headers of one student are the exception: most students write one.
constexpr double kSameBefore = 0.08;
// A stack lies in alphabetical order or as neighbours handed it in: the next sheet is rather that of a sibling or a
// near-namesake than chance over a large roster would have it.
constexpr std::size_t kNeighbours = 30;
// Sheets of one stranger agree with one another, but no roster vouches for the name read: a person should look.
constexpr double kStrangersMost = 0.9;

// The likeliest text of the fields of one kind, as if it stood on a roster.
std::string likeliest_text(const ocr::FieldReading& field) {
  std::string text;
  for (const auto& letter : field.letters) {
    const auto best = std::max_element(letter.probability.begin(), letter.probability.end());
    if (*best >= letter.nothing)
      text.push_back(ocr::kAlphabet[static_cast<std::size_t>(best - letter.probability.begin())]);
  }
  return text;
}

students::RosterStudent as_read(const CopyEvidence& evidence) {
  students::RosterStudent writer;
  for (const auto& reading : evidence.readings)
    for (const auto& field : reading.fields) {
      const std::string text = field.has_ink ? likeliest_text(field) : "";
      if (field.kind == ocr::FieldKind::last_name && writer.nom.empty()) writer.nom = text;
      if (field.kind == ocr::FieldKind::first_name && writer.prenom.empty()) writer.prenom = text;
      if (field.kind == ocr::FieldKind::birth_date && text.size() == 8 && writer.date_naissance.year == 0)
        writer.date_naissance =
            Date::parse(text.substr(0, 2) + "/" + text.substr(2, 2) + "/" + text.substr(4)).value_or(Date{});
    }
  return writer;
}

// How many times likelier the second sheet becomes by the first one's writer being its own, nobody being on the roster.
double one_stranger(const CopyEvidence& first, const CopyEvidence& second) {
  const double agreement =
      std::min(log_likelihood_ratio(second, as_read(first)), log_likelihood_ratio(first, as_read(second)));
  return std::exp(std::min(agreement, 20.0));
}

}  // namespace

double same_student(const students::Roster& roster, const CopyEvidence& first, const CopyEvidence& second) {
  const RosterTexts texts(roster.students);
  if (!legibility(first).anything || !legibility(second).anything) return kSameBefore;
  const auto first_fits = fit_roster(first, texts);
  const auto second_fits = fit_roster(second, texts);
  const double each =
      (1 - kStrangers) / static_cast<double>(std::max<std::size_t>(1, std::min(texts.size(), kNeighbours)));
  double one = 0;        // both by the same student of the roster
  double first_any = 0;  // the first by somebody of the roster
  double second_any = 0;
  double both_one = 0;  // by independent draws that happen to be one student
  for (std::size_t s = 0; s < texts.size(); ++s) {
    const double a = std::exp(first_fits[s].total());
    const double b = std::exp(second_fits[s].total());
    one += each * a * b;
    first_any += each * a;
    second_any += each * b;
    both_one += each * each * a * b;
  }
  const double different =
      std::max(0.0, first_any * second_any - both_one) + kStrangers * (first_any + second_any + kStrangers);
  const double strangers = kStrangers * one_stranger(first, second);
  const double odds = kSameBefore / (1 - kSameBefore);
  const double on_roster = odds * one / different;
  const double off_roster = odds * strangers / different;
  const double certain = on_roster / (1 + on_roster);
  return std::max(certain, std::min(kStrangersMost, (on_roster + off_roster) / (1 + on_roster + off_roster)));
}

}  // namespace korrigo::identification
