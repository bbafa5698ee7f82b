#include "publication/french.h"

#include <fmt/format.h>
#include <cstdlib>

namespace korrigo::publication {

std::string french_decimal(std::int64_t scaled, int decimals) {
  std::int64_t unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;
  const std::int64_t size = std::abs(scaled);
  const std::string whole = fmt::format("{}{}", scaled < 0 ? "-" : "", size / unit);
  return decimals == 0 ? whole : fmt::format("{},{:0{}}", whole, size % unit, decimals);
}

std::string french_points(std::int64_t hundredths) {
  if (hundredths % 100 == 0) return std::to_string(hundredths / 100);
  if (hundredths % 10 == 0) return french_decimal(hundredths / 10, 1);
  return french_decimal(hundredths, 2);
}

std::string signed_points(std::int64_t hundredths) {
  return (hundredths < 0 ? "\u2212" : "+") + french_points(std::abs(hundredths));
}

}  // namespace korrigo::publication
