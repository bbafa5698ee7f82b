#include "identification/matching_sums.h"

#include <algorithm>
#include <cmath>

namespace korrigo::identification {
namespace {

// The table of subsets may hold this many numbers.
constexpr std::size_t kLargestTable = std::size_t{1} << 21;

struct Link {
  std::size_t row = 0;     // of the longer side
  std::size_t column = 0;  // of the shorter side, a bit of the subset
  double weight = 0;
  std::size_t copy = 0, edge = 0;  // where it stands in the claims
};

// Rows are taken one after the other, subsets are those of the columns already taken.
struct Table {
  std::vector<std::vector<Link>> rows;
  std::size_t columns = 0;
};

Table table_of(const Claims& claims, std::size_t students) {
  const bool transposed = students > claims.size();
  Table table;
  table.columns = std::min(students, claims.size());
  table.rows.resize(std::max(students, claims.size()));
  for (std::size_t copy = 0; copy < claims.size(); ++copy)
    for (std::size_t e = 0; e < claims[copy].size(); ++e) {
      const Edge& edge = claims[copy][e];
      Link link{transposed ? edge.student : copy, transposed ? copy : edge.student, std::exp(edge.log_weight), copy, e};
      table.rows[link.row].push_back(link);
    }
  return table;
}

void scale(std::vector<double>& values) {
  const double most = *std::max_element(values.begin(), values.end());
  for (double& value : values) value /= most;
}

// Weight of all assignments of the rows from `row` on that leave the subset's columns alone, up to a factor per row.
std::vector<std::vector<double>> later_sums(const Table& table) {
  const std::size_t subsets = std::size_t{1} << table.columns;
  std::vector<std::vector<double>> sums(table.rows.size() + 1, std::vector<double>(subsets, 1.0));
  for (std::size_t row = table.rows.size(); row-- > 0;) {
    sums[row] = sums[row + 1];
    for (const Link& link : table.rows[row]) {
      const std::size_t bit = std::size_t{1} << link.column;
      for (std::size_t subset = 0; subset < subsets; ++subset)
        if ((subset & bit) == 0) sums[row][subset] += link.weight * sums[row + 1][subset | bit];
    }
    scale(sums[row]);
  }
  return sums;
}

}  // namespace

bool exact_is_affordable(const Claims& claims, std::size_t students, std::size_t side) {
  const std::size_t columns = std::min(students, claims.size());
  const std::size_t rows = std::max(students, claims.size());
  return columns <= side && ((rows + 1) << columns) <= kLargestTable;
}

std::vector<std::vector<double>> exact_marginals(const Claims& claims, std::size_t students) {
  const Table table = table_of(claims, students);
  const std::size_t subsets = std::size_t{1} << table.columns;
  const auto later = later_sums(table);
  std::vector<std::vector<double>> marginals(claims.size());
  for (std::size_t copy = 0; copy < claims.size(); ++copy) marginals[copy].resize(claims[copy].size());
  std::vector<double> earlier(subsets, 0.0);
  earlier[0] = 1;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    double all = 0;
    for (std::size_t subset = 0; subset < subsets; ++subset) all += earlier[subset] * later[row + 1][subset];
    auto next = earlier;
    std::vector<double> through(table.rows[row].size(), 0.0);
    for (std::size_t l = 0; l < table.rows[row].size(); ++l) {
      const Link& link = table.rows[row][l];
      const std::size_t bit = std::size_t{1} << link.column;
      for (std::size_t subset = 0; subset < subsets; ++subset) {
        if ((subset & bit) != 0 || earlier[subset] == 0) continue;
        const double weight = earlier[subset] * link.weight;
        through[l] += weight * later[row + 1][subset | bit];
        next[subset | bit] += weight;
      }
      all += through[l];
    }
    for (std::size_t l = 0; l < through.size(); ++l)
      marginals[table.rows[row][l].copy][table.rows[row][l].edge] = through[l] / all;
    earlier = std::move(next);
    scale(earlier);
  }
  return marginals;
}

// A message along an edge is the probability that its sender would stay unmatched if the edge were not there:
// 1 / (1 + sum of weight x message over the sender's other edges).
std::vector<std::vector<double>> propagated_marginals(const Claims& claims, std::size_t students) {
  constexpr int kMostRounds = 2000;
  constexpr double kDamping = 0.5;
  constexpr double kSettled = 1e-10;
  std::vector<std::vector<double>> weight(claims.size()), from_student(claims.size());
  for (std::size_t copy = 0; copy < claims.size(); ++copy) {
    for (const Edge& edge : claims[copy]) weight[copy].push_back(std::exp(edge.log_weight));
    from_student[copy].assign(claims[copy].size(), 1.0);
  }
  auto from_copy = from_student;
  const auto others = [](double sum, double own) { return 1 / (1 + std::max(0.0, sum - own)); };
  std::vector<double> sum(students);
  for (int round = 0; round < kMostRounds; ++round) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t copy = 0; copy < claims.size(); ++copy) {
      double row = 0;
      for (std::size_t e = 0; e < claims[copy].size(); ++e) row += weight[copy][e] * from_student[copy][e];
      for (std::size_t e = 0; e < claims[copy].size(); ++e) {
        from_copy[copy][e] = others(row, weight[copy][e] * from_student[copy][e]);
        sum[claims[copy][e].student] += weight[copy][e] * from_copy[copy][e];
      }
    }
    double change = 0;
    for (std::size_t copy = 0; copy < claims.size(); ++copy)
      for (std::size_t e = 0; e < claims[copy].size(); ++e) {
        const double fresh = others(sum[claims[copy][e].student], weight[copy][e] * from_copy[copy][e]);
        change = std::max(change, std::abs(fresh - from_student[copy][e]));
        from_student[copy][e] += (1 - kDamping) * (fresh - from_student[copy][e]);
      }
    if (change < kSettled) break;
  }
  for (std::size_t copy = 0; copy < claims.size(); ++copy) {
    double row = 1;
    for (std::size_t e = 0; e < claims[copy].size(); ++e) row += weight[copy][e] * from_student[copy][e];
    for (std::size_t e = 0; e < claims[copy].size(); ++e) weight[copy][e] *= from_student[copy][e] / row;
  }
  return weight;
}

}  // namespace korrigo::identification
