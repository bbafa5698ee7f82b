/// What one copy claims before the others are heard: its possible students with their prior weights.
#pragma once

#include <cstddef>
#include <vector>

#include "identification/likelihood.h"

namespace korrigo::identification {

/// Share of copies whose writer is not on the roster.
inline constexpr double kStrangers = 0.025;

struct Option {
  std::size_t student = 0;
  Fit fit;
  double log_weight = 0;  // ln of the odds, by this copy alone, that it is this student's rather than nobody's
};

struct Claim {
  std::vector<Option> options;  // likeliest first; hopeless ones left out
  double left_out = 0;          // their summed weight: so much likelier than it seems is "nobody"
  Legibility legible;
};

Claim claim_of(const CopyEvidence& evidence, const RosterTexts& roster);

}  // namespace korrigo::identification
