#include "identification/vetoes.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace korrigo::identification {
namespace {

// In nats. Errors are on the side of asking a person; see README for the simulations behind them.
constexpr double kEnoughEvidence = 5.5;  // for a student against a stranger, names and date together
constexpr double kEnoughName = 2.5;      // the same from the names alone
constexpr double kTellingDate = 3.0;     // between namesakes of different birth dates
constexpr double kClearLead = 4.5;       // over the next student
constexpr double kOwnLead = 2.0;         // the same where the copies of both, taken together, leave no doubt
constexpr double kNoDoubt = 0.998;       // of such a copy's posterior
constexpr double kContradiction = -1.0;  // a birth date that speaks against the student of the names
constexpr double kOtherName = 0.0;       // one of the two names speaks against the student of the other
constexpr double kStrongClaim = 4.0;     // a second copy for one student
constexpr std::size_t kEnoughLetters = 3;
constexpr std::size_t kEnoughDigits = 5;

std::string name_of(const students::RosterStudent& student) {
  return student.nom + " " + student.prenom;
}

const Option* leader(const Claim& claim, const std::vector<bool>& excluded) {
  for (const Option& option : claim.options)
    if (!excluded[option.student]) return &option;
  return nullptr;
}

const Option* option_for(const Claim& claim, std::size_t student) {
  const auto at = std::find_if(claim.options.begin(), claim.options.end(),
                               [&](const Option& option) { return option.student == student; });
  return at == claim.options.end() ? nullptr : &*at;
}

void object_to_namesakes(const ClassView& view, const Claim& claim, const Option& option,
                         std::vector<std::string>& out) {
  const auto& person = view.texts.person(option.student);
  const auto& student = view.roster.students[option.student];
  bool alike = false;
  bool unclear = false;
  for (std::size_t other = 0; other < view.texts.size(); ++other) {
    const auto& namesake = view.texts.person(other);
    if (other == option.student || namesake.last != person.last || namesake.first != person.first) continue;
    if (namesake.date == person.date) {
      alike = true;
    } else if (!view.confirmed_student[other]) {
      const Option* rival = option_for(claim, other);
      unclear = unclear || (rival != nullptr && option.fit.date - rival->fit.date < kTellingDate);
    }
  }
  if (alike)
    out.push_back(fmt::format("Several students are called {} and were born on {}: only a person can tell them apart.",
                              name_of(student), student.date_naissance.french()));
  if (unclear)
    out.push_back(fmt::format(
        "Several students are called {}, and the birth date was not read clearly enough to tell them apart.",
        name_of(student)));
}

// The readings of a twin's copy say something of this one's too, but never enough to do without its own.
void object_to_likeness(const ClassView& view, const Claim& claim, const Option& option, double confidence,
                        std::vector<std::string>& out) {
  const double lead = confidence >= kNoDoubt ? kOwnLead : kClearLead;
  for (const Option& other : claim.options) {
    if (other.log_weight < option.log_weight - lead) break;
    if (other.student == option.student) continue;
    const auto name = name_of(view.roster.students[other.student]);
    if (!view.confirmed_student[other.student]) {
      out.push_back(fmt::format("{} fits these readings nearly as well.", name));
      return;
    }
    if (other.log_weight >= option.log_weight) {
      out.push_back(fmt::format("These readings fit {}, whose copy was already confirmed.", name));
      return;
    }
  }
}

}  // namespace

std::vector<std::string> objections(const ClassView& view, std::size_t copy, const Option& option, double confidence) {
  std::vector<std::string> out;
  const Claim& claim = view.claims[copy];
  object_to_namesakes(view, claim, option, out);
  if (option.fit.names > 0 && option.fit.date < kContradiction && claim.legible.date_digits >= kEnoughDigits)
    out.push_back(fmt::format("The name reads as {}, but the birth date is not {}.",
                              name_of(view.roster.students[option.student]),
                              view.roster.students[option.student].date_naissance.french()));
  if (option.fit.weaker_name < kOtherName)
    out.push_back(fmt::format("Only one of the two names fits {}.", name_of(view.roster.students[option.student])));
  if (claim.legible.name_letters < kEnoughLetters || option.fit.names < kEnoughName)
    out.emplace_back("Too little of the name was read to be sure.");
  if (option.fit.total() < kEnoughEvidence)
    out.emplace_back("The readings are too weak to rule out somebody who is not on the roster.");
  if (out.empty()) object_to_likeness(view, claim, option, confidence, out);
  return out;
}

std::vector<bool> rival_copies(const ClassView& view) {
  std::map<std::size_t, std::vector<std::size_t>> claimants;
  for (std::size_t copy = 0; copy < view.claims.size(); ++copy) {
    if (view.confirmed_copy[copy]) continue;
    const Option* best = leader(view.claims[copy], view.confirmed_student);
    if (best != nullptr && best->fit.total() >= kStrongClaim && best->fit.weaker_name >= kOtherName)
      claimants[best->student].push_back(copy);
  }
  std::vector<bool> rivals(view.claims.size(), false);
  for (const auto& [student, copies] : claimants)
    for (const std::size_t copy : copies) rivals[copy] = copies.size() > 1;
  return rivals;
}

std::string rival_warning(const students::RosterStudent& student) {
  return fmt::format("More than one copy reads as {}.", name_of(student));
}

}  // namespace korrigo::identification
