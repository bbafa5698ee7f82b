/// How copies are shared out. Internal to this module.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"

namespace korrigo::copies {

/// Which corrector each copy goes to: always one who has the fewest by then, among equals by lot. `loads` are what they
/// have before, and after.
std::vector<std::size_t> share_out(std::size_t copies, std::vector<std::int64_t>& loads, Random& random);

/// The same with copies that stay together: `groups` names that of each copy, "" is a copy on its own. The largest go
/// first.
std::vector<std::size_t> share_out_groups(const std::vector<std::string>& groups, std::vector<std::int64_t>& loads,
                                          Random& random);

}  // namespace korrigo::copies
