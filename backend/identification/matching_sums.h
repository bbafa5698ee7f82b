/// Sums over all one-to-one assignments of one connected component, its students numbered 0..students-1.
#pragma once

#include "identification/assignment.h"

namespace korrigo::identification {

/// Whether the smaller side of the component has at most `side` members and the table of subsets stays small.
bool exact_is_affordable(const Claims& claims, std::size_t students, std::size_t side);

/// Marginal of every edge, exactly; O(2^smaller side x edges).
std::vector<std::vector<double>> exact_marginals(const Claims& claims, std::size_t students);

/// Marginal of every edge by damped belief propagation: exact on trees, close elsewhere.
std::vector<std::vector<double>> propagated_marginals(const Claims& claims, std::size_t students);

}  // namespace korrigo::identification
