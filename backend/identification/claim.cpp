#include "identification/claim.h"

#include <algorithm>
#include <cmath>

namespace korrigo::identification {
namespace {

// Options this far below the best, in nats, cannot matter: together they move no posterior by more than a millionth.
constexpr double kHopeless = 16;
// An illegible copy fits everybody; more options than this would only tie the class together.
constexpr std::size_t kMostOptions = 64;

}  // namespace

Claim claim_of(const CopyEvidence& evidence, const RosterTexts& roster) {
  Claim claim;
  claim.legible = legibility(evidence);
  if (!claim.legible.anything || roster.size() == 0) return claim;
  const auto fits = fit_roster(evidence, roster);
  const double prior = std::log((1 - kStrangers) / kStrangers / static_cast<double>(roster.size()));
  double best = 0;
  for (const Fit& fit : fits) best = std::max(best, fit.total() + prior);
  for (std::size_t s = 0; s < fits.size(); ++s) {
    const double log_weight = fits[s].total() + prior;
    if (log_weight > best - kHopeless)
      claim.options.push_back({s, fits[s], log_weight});
    else
      claim.left_out += std::exp(log_weight);
  }
  std::sort(claim.options.begin(), claim.options.end(), [](const Option& a, const Option& b) {
    return a.log_weight != b.log_weight ? a.log_weight > b.log_weight : a.student < b.student;
  });
  while (claim.options.size() > kMostOptions) {
    claim.left_out += std::exp(claim.options.back().log_weight);
    claim.options.pop_back();
  }
  return claim;
}

}  // namespace korrigo::identification
