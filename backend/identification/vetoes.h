/// Why an answer that is likely enough must still wait for a person.
#pragma once

#include <string>
#include <vector>

#include "identification/claim.h"
#include "students/roster.h"

namespace korrigo::identification {

/// Everything known of the class when one copy is judged.
struct ClassView {
  const students::Roster& roster;
  const RosterTexts& texts;
  const std::vector<Claim>& claims;            // per copy
  const std::vector<bool>& confirmed_copy;     // decided by a person
  const std::vector<bool>& confirmed_student;  // whose copy a person has found
};

/// One sentence for each reason against giving `copy` to the student of `option` automatically, worst first.
/// `confidence` is the posterior of that, the class solved.
std::vector<std::string> objections(const ClassView& view, std::size_t copy, const Option& option, double confidence);

/// The copies whose readings, taken alone, strongly name a student whom another undecided copy strongly names too.
std::vector<bool> rival_copies(const ClassView& view);

/// The sentence for such a copy.
std::string rival_warning(const students::RosterStudent& student);

}  // namespace korrigo::identification
