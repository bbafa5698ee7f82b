#include "copies/sharing_out.h"

#include <algorithm>
#include <map>

namespace korrigo::copies {
namespace {

std::size_t least_loaded(const std::vector<std::int64_t>& loads, Random& random) {
  const std::int64_t least = *std::ranges::min_element(loads);
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < loads.size(); ++i)
    if (loads[i] == least) candidates.push_back(i);
  return random.pick(std::span(candidates));
}

}  // namespace

std::vector<std::size_t> share_out(std::size_t copies, std::vector<std::int64_t>& loads, Random& random) {
  std::vector<std::size_t> to;
  for (std::size_t copy = 0; copy < copies; ++copy) {
    to.push_back(least_loaded(loads, random));
    ++loads[to.back()];
  }
  return to;
}

std::vector<std::size_t> share_out_groups(const std::vector<std::string>& groups, std::vector<std::int64_t>& loads,
                                          Random& random) {
  std::map<std::string, std::vector<std::size_t>> members;
  std::vector<std::vector<std::size_t>> lots;
  for (std::size_t copy = 0; copy < groups.size(); ++copy) {
    if (groups[copy].empty())
      lots.push_back({copy});
    else
      members[groups[copy]].push_back(copy);
  }
  for (auto& [name, copies] : members) lots.push_back(std::move(copies));
  std::ranges::stable_sort(lots, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::vector<std::size_t> to(groups.size());
  for (const auto& lot : lots) {
    const std::size_t corrector = least_loaded(loads, random);
    for (const std::size_t copy : lot) to[copy] = corrector;
    loads[corrector] += static_cast<std::int64_t>(lot.size());
  }
  return to;
}

}  // namespace korrigo::copies
