#include "identification/assignment.h"

#include <gtest/gtest.h>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/random.h"

namespace korrigo::identification {
namespace {

Claims random_claims(Random& random, std::size_t copies, std::size_t students, double density, double spread) {
  Claims claims(copies);
  for (auto& row : claims)
    for (std::size_t s = 0; s < students; ++s)
      if (random.chance(density)) row.push_back({s, random.between(-spread, spread)});
  return claims;
}

struct Enumerated {
  std::vector<std::vector<double>> marginals;
  double best = 0;  // log weight of the likeliest assignment
};

Enumerated enumerate(const Claims& claims) {
  Enumerated out;
  double total = 0;
  for (const auto& row : claims) out.marginals.emplace_back(row.size(), 0.0);
  std::vector<int> chosen(claims.size(), -1);
  const std::function<void(std::size_t, double)> visit = [&](std::size_t copy, double log_weight) {
    if (copy == claims.size()) {
      total += std::exp(log_weight);
      out.best = std::max(out.best, log_weight);
      for (std::size_t c = 0; c < claims.size(); ++c)
        if (chosen[c] >= 0) out.marginals[c][static_cast<std::size_t>(chosen[c])] += std::exp(log_weight);
      return;
    }
    chosen[copy] = -1;
    visit(copy + 1, log_weight);
    for (std::size_t e = 0; e < claims[copy].size(); ++e) {
      bool taken = false;
      for (std::size_t c = 0; c < copy; ++c)
        taken = taken ||
                (chosen[c] >= 0 && claims[c][static_cast<std::size_t>(chosen[c])].student == claims[copy][e].student);
      if (taken) continue;
      chosen[copy] = static_cast<int>(e);
      visit(copy + 1, log_weight + claims[copy][e].log_weight);
    }
    chosen[copy] = -1;
  };
  visit(0, 0);
  for (auto& row : out.marginals)
    for (double& value : row) value /= total;
  return out;
}

double weight_of(const Claims& claims, const Assignment& assignment) {
  double sum = 0;
  for (std::size_t copy = 0; copy < claims.size(); ++copy)
    for (const Edge& edge : claims[copy])
      if (assignment.likeliest[copy] == edge.student) sum += edge.log_weight;
  return sum;
}

double furthest(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
  double most = 0;
  for (std::size_t copy = 0; copy < a.size(); ++copy)
    for (std::size_t e = 0; e < a[copy].size(); ++e) most = std::max(most, std::abs(a[copy][e] - b[copy][e]));
  return most;
}

TEST(Assignment, sums_over_all_assignments_as_enumeration_does) {
  Random random(11);
  for (int round = 0; round < 60; ++round) {
    const auto claims = random_claims(random, static_cast<std::size_t>(random.integer(1, 6)),
                                      static_cast<std::size_t>(random.integer(1, 6)), 0.6, 6);
    const auto truth = enumerate(claims);
    const auto result = assign(claims);
    EXPECT_LT(furthest(result.marginals, truth.marginals), 1e-9);
    EXPECT_NEAR(weight_of(claims, result), truth.best, 1e-5);
  }
}

TEST(Assignment, gives_no_student_two_copies) {
  Random random(12);
  const auto claims = random_claims(random, 30, 25, 0.4, 8);
  const auto result = assign(claims);
  std::vector<bool> taken(25, false);
  for (const auto& student : result.likeliest) {
    if (!student) continue;
    EXPECT_FALSE(taken[*student]);
    taken[*student] = true;
  }
}

TEST(Assignment, every_row_and_every_column_is_a_probability) {
  Random random(13);
  const auto claims = random_claims(random, 14, 12, 0.7, 15);
  const auto result = assign(claims);
  std::vector<double> column(12, 0.0);
  for (std::size_t copy = 0; copy < claims.size(); ++copy) {
    const double row = std::accumulate(result.marginals[copy].begin(), result.marginals[copy].end(), 0.0);
    EXPECT_NEAR(row + result.nobody[copy], 1, 1e-9);
    for (std::size_t e = 0; e < claims[copy].size(); ++e) column[claims[copy][e].student] += result.marginals[copy][e];
  }
  for (const double sum : column) EXPECT_LE(sum, 1 + 1e-9);
}

TEST(Assignment, belief_propagation_is_close_to_the_exact_sums) {
  Random random(14);
  for (int round = 0; round < 20; ++round) {
    // As classes are: one student stands out in most rows, a few rows could be anybody's.
    auto claims = random_claims(random, 12, 12, 0.5, 2);
    for (std::size_t copy = 0; copy < 10; ++copy)
      for (Edge& edge : claims[copy])
        edge.log_weight = edge.student == copy ? random.between(4, 12) : edge.log_weight - 6;
    const auto exact = assign(claims);
    const auto propagated = assign(claims, {.exact_side = 0});
    EXPECT_TRUE(exact.exact[0]);
    EXPECT_FALSE(propagated.exact[0]);
    EXPECT_LT(furthest(exact.marginals, propagated.marginals), 0.08);
  }
}

TEST(Assignment, belief_propagation_is_exact_on_a_chain) {
  const Claims chain = {{{0, 2.0}}, {{0, 1.5}, {1, 0.5}}, {{1, 1.0}, {2, -1.0}}};
  EXPECT_LT(furthest(assign(chain).marginals, assign(chain, {.exact_side = 0}).marginals), 1e-7);
}

TEST(Assignment, a_few_copies_among_many_students_are_summed_exactly) {
  Random random(15);
  const auto claims = random_claims(random, 3, 200, 1.0, 5);
  const auto result = assign(claims);
  EXPECT_TRUE(result.exact[0]);
  EXPECT_GT(std::accumulate(result.marginals[0].begin(), result.marginals[0].end(), 0.0), 0.9);
}

TEST(Assignment, accepts_no_copies_and_copies_without_students) {
  EXPECT_TRUE(assign({}).marginals.empty());
  const auto result = assign(Claims(2));
  EXPECT_DOUBLE_EQ(result.nobody[1], 1);
  EXPECT_FALSE(result.likeliest[1].has_value());
}

TEST(Assignment, stays_exact_when_the_weights_are_huge) {
  const Claims claims = {{{0, 300.0}, {1, 299.0}}, {{0, 300.0}}};
  const auto result = assign(claims);
  EXPECT_NEAR(result.marginals[0][1], 1, 1e-6);
  EXPECT_NEAR(result.marginals[1][0], 1, 1e-6);
}

}  // namespace
}  // namespace korrigo::identification
