/// Figures as they are written in French.
#pragma once

#include <cstdint>
#include <string>

namespace korrigo::publication {

/// 1575 -> "15,75", 1550 -> "15,5", 1500 -> "15".
std::string french_points(std::int64_t hundredths);
/// The same with its sign: "+1", "−0,5".
std::string signed_points(std::int64_t hundredths);
/// Always `decimals` of them, from a number of ten-to-the-minus-`decimals`: (1856, 2) -> "18,56".
std::string french_decimal(std::int64_t scaled, int decimals);

}  // namespace korrigo::publication
