#include "identification/decision.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "identification/assignment.h"
#include "identification/claim.h"
#include "identification/vetoes.h"

namespace korrigo::identification {
namespace {

constexpr std::size_t kMostCandidates = 5;
// Candidates below this are noise to a reader of the report.
constexpr double kLeastConfidence = 1e-4;

Decision confirmed_decision(const Confirmed& confirmed) {
  Decision decision;
  decision.mode = confirmed.student ? Mode::automatic : Mode::manual;
  decision.confidence = 1;
  decision.student = confirmed.student;
  decision.candidates = {{confirmed.student, 1.0}};
  return decision;
}

// The options of undecided copies, without the students whose copies people have found.
Claims open_claims(const ClassView& view) {
  Claims claims(view.claims.size());
  for (std::size_t copy = 0; copy < claims.size(); ++copy) {
    if (view.confirmed_copy[copy]) continue;
    const double nobody = std::log1p(view.claims[copy].left_out);
    for (const Option& option : view.claims[copy].options)
      if (!view.confirmed_student[option.student]) claims[copy].push_back({option.student, option.log_weight - nobody});
  }
  return claims;
}

std::vector<Candidate> candidates_of(const std::vector<Edge>& claim, const std::vector<double>& marginals,
                                     double nobody) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < claim.size(); ++i)
    if (marginals[i] >= kLeastConfidence) candidates.push_back({claim[i].student, marginals[i]});
  candidates.push_back({std::nullopt, nobody});
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.confidence > b.confidence; });
  if (candidates.size() > kMostCandidates) candidates.resize(kMostCandidates);
  return candidates;
}

// What belief propagation says is close, not exact: half the doubt is allowed.
double threshold_for(double automatic, bool exact) {
  return exact ? automatic : 1 - (1 - automatic) / 2;
}

Decision judge(const ClassView& view, std::size_t copy, std::vector<Candidate> candidates, const Assignment& assignment,
               bool rival, const Thresholds& thresholds) {
  Decision decision;
  decision.candidates = std::move(candidates);
  const Candidate best = decision.candidates.front();
  decision.confidence = best.confidence;
  const Claim& claim = view.claims[copy];
  if (rival) {
    const auto named = std::find_if(claim.options.begin(), claim.options.end(),
                                    [&](const Option& o) { return !view.confirmed_student[o.student]; });
    decision.warnings.push_back(rival_warning(view.roster.students[named->student]));
  }
  if (!best.student || best.confidence < thresholds.semi_automatic) return decision;
  decision.mode = Mode::semi_automatic;
  if (best.confidence < thresholds.automatic) return decision;
  const auto option = std::find_if(claim.options.begin(), claim.options.end(),
                                   [&](const Option& o) { return o.student == *best.student; });
  for (auto& objection : objections(view, copy, *option, best.confidence))
    decision.warnings.push_back(std::move(objection));
  if (decision.warnings.empty() && assignment.likeliest[copy] != best.student)
    decision.warnings.emplace_back("The likeliest way of giving out all copies gives this one to somebody else.");
  if (decision.warnings.empty() && best.confidence < threshold_for(thresholds.automatic, assignment.exact[copy]))
    decision.warnings.emplace_back("Too many unclear copies depend on one another to be sure of this one.");
  if (!decision.warnings.empty()) return decision;
  decision.mode = Mode::automatic;
  decision.student = best.student;
  return decision;
}

}  // namespace

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::automatic:
      return "AUTO";
    case Mode::semi_automatic:
      return "SEMI_AUTO";
    case Mode::manual:
      return "MANUAL";
  }
  return "MANUAL";
}

std::vector<Decision> decide(const students::Roster& roster, const std::vector<CopyEvidence>& copies,
                             const Thresholds& thresholds, const std::vector<Confirmed>& confirmed) {
  const RosterTexts texts(roster.students);
  std::vector<Claim> claims(copies.size());
  std::vector<bool> confirmed_copy(copies.size(), false);
  std::vector<bool> confirmed_student(roster.students.size(), false);
  std::vector<Decision> decisions(copies.size());
  for (const Confirmed& known : confirmed) {
    confirmed_copy.at(known.copy) = true;
    if (known.student) confirmed_student.at(*known.student) = true;
    decisions[known.copy] = confirmed_decision(known);
  }
  for (std::size_t copy = 0; copy < copies.size(); ++copy)
    if (!confirmed_copy[copy]) claims[copy] = claim_of(copies[copy], texts);
  const ClassView view{roster, texts, claims, confirmed_copy, confirmed_student};
  const Claims open = open_claims(view);
  const Assignment assignment = assign(open);
  const auto rivals = rival_copies(view);
  for (std::size_t copy = 0; copy < copies.size(); ++copy) {
    if (confirmed_copy[copy]) continue;
    if (!claims[copy].legible.anything) {
      decisions[copy].warnings.emplace_back("No name and no birth date could be read in the header.");
      continue;
    }
    const double nobody = assignment.nobody[copy] / (1 + claims[copy].left_out);
    decisions[copy] = judge(view, copy, candidates_of(open[copy], assignment.marginals[copy], nobody), assignment,
                            rivals[copy], thresholds);
  }
  return decisions;
}

}  // namespace korrigo::identification
