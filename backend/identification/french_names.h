/// Names that many people in French schools bear: what somebody who is not on the roster may well be called.
#pragma once

#include <string_view>
#include <vector>

namespace korrigo::identification {

/// Folded (base/text.h), in no order. General knowledge, no frequency attached: enough to know that LEA is a name and
/// not a misread LEO, and how French names are spelt.
const std::vector<std::string_view>& common_last_names();
const std::vector<std::string_view>& common_first_names();

}  // namespace korrigo::identification
