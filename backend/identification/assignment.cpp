#include "identification/assignment.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "identification/likeliest.h"
#include "identification/matching_sums.h"

namespace korrigo::identification {
namespace {

// Disjoint sets of copies that share students, directly or through others.
class Groups {
 public:
  explicit Groups(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<std::size_t> parent_;
};

std::vector<std::vector<std::size_t>> components(const Claims& claims) {
  Groups groups(claims.size());
  std::map<std::size_t, std::size_t> first_claimant;
  for (std::size_t copy = 0; copy < claims.size(); ++copy)
    for (const Edge& edge : claims[copy]) groups.join(copy, first_claimant.emplace(edge.student, copy).first->second);
  std::map<std::size_t, std::vector<std::size_t>> members;
  for (std::size_t copy = 0; copy < claims.size(); ++copy) members[groups.find(copy)].push_back(copy);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [root, copies] : members) out.push_back(std::move(copies));
  return out;
}

// A component by itself, its students numbered from 0.
struct Component {
  Claims claims;
  std::vector<std::size_t> students;
};

Component component_of(const Claims& claims, const std::vector<std::size_t>& copies) {
  Component part;
  std::map<std::size_t, std::size_t> number;
  for (const std::size_t copy : copies) {
    auto& row = part.claims.emplace_back();
    for (const Edge& edge : claims[copy]) {
      const auto [at, fresh] = number.emplace(edge.student, part.students.size());
      if (fresh) part.students.push_back(edge.student);
      row.push_back({at->second, edge.log_weight});
    }
  }
  return part;
}

}  // namespace

Assignment assign(const Claims& claims, const AssignmentLimits& limits) {
  Assignment out;
  out.marginals.resize(claims.size());
  out.nobody.assign(claims.size(), 1.0);
  out.likeliest.resize(claims.size());
  out.exact.assign(claims.size(), true);
  for (const auto& copies : components(claims)) {
    const Component part = component_of(claims, copies);
    const bool exact = exact_is_affordable(part.claims, part.students.size(), limits.exact_side);
    const auto marginals = exact ? exact_marginals(part.claims, part.students.size())
                                 : propagated_marginals(part.claims, part.students.size());
    const auto likeliest = likeliest_assignment(part.claims, part.students.size());
    for (std::size_t i = 0; i < copies.size(); ++i) {
      const std::size_t copy = copies[i];
      out.marginals[copy] = marginals[i];
      out.nobody[copy] = std::max(0.0, 1 - std::accumulate(marginals[i].begin(), marginals[i].end(), 0.0));
      if (likeliest[i]) out.likeliest[copy] = part.students[*likeliest[i]];
      out.exact[copy] = exact;
    }
  }
  return out;
}

}  // namespace korrigo::identification
