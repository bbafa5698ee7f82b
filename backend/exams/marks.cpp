#include "exams/marks.h"

#include <fmt/format.h>
#include <cmath>
#include <cstdlib>

namespace korrigo::exams {

namespace json = boost::json;

std::optional<std::int64_t> hundredths_of(const json::value& points) {
  if (!points.is_number()) return std::nullopt;
  const double scaled = points.to_number<double>() * 100;
  const double whole = std::round(scaled);
  if (!(std::abs(whole) <= static_cast<double>(kMaxHundredths)) || std::abs(scaled - whole) > 1e-6) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

json::value points_json(std::int64_t hundredths) {
  if (hundredths % 100 == 0) return hundredths / 100;
  return static_cast<double>(hundredths) / 100;
}

json::value points_json(std::optional<std::int64_t> hundredths) {
  return hundredths ? points_json(*hundredths) : json::value(nullptr);
}

std::string shown(std::int64_t hundredths) {
  const char* sign = hundredths < 0 ? "-" : "";
  return fmt::format("{}{}.{:02}", sign, std::abs(hundredths) / 100, std::abs(hundredths) % 100);
}

}  // namespace korrigo::exams
