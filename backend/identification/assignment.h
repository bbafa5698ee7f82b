/// All ways of giving copies to students at once: a student has at most one copy, a copy at most one student.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace korrigo::identification {

/// A student whom a copy may belong to.
struct Edge {
  std::size_t student = 0;
  double log_weight = 0;  // ln of how many times likelier than that the copy is nobody's; finite
};

/// For each copy its possible students, each at most once; nobody is always possible, with log weight 0.
using Claims = std::vector<std::vector<Edge>>;

struct Assignment {
  /// Probability of each edge of the claims, in their order, over all one-to-one assignments weighed by the product of
  /// their edges.
  std::vector<std::vector<double>> marginals;
  std::vector<double> nobody;                         // per copy; with its row of marginals sums to 1
  std::vector<std::optional<std::size_t>> likeliest;  // the student of each copy in the likeliest assignment
  std::vector<bool> exact;                            // per copy: summed exactly, else by belief propagation
};

struct AssignmentLimits {
  /// A connected component is summed exactly while its smaller side and the work fit; 0 forces belief propagation.
  std::size_t exact_side = 16;
};

/// Exact sums by dynamic programming over the subsets of a component's smaller side, in larger components belief
/// propagation for matchings (Bayati, Gamarnik, Katz, Nair, Tetali 2007), which always converges. The likeliest
/// assignment by minimum-cost flow (LEMON's network simplex).
Assignment assign(const Claims& claims, const AssignmentLimits& limits = {});

}  // namespace korrigo::identification
