/// What a generated batch really holds, for programs that check.
#pragma once

#include <string>

#include "samples/plan.h"

namespace korrigo::samples {

/// The roster as CSV, sorted by name.
std::string roster_csv(const BatchPlan& plan);

/// docs/formats/sample-truth.md.
std::string truth_json(const BatchPlan& plan, const Options& options);

}  // namespace korrigo::samples
