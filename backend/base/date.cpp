#include "base/date.h"

#include <fmt/format.h>
#include <array>
#include <charconv>
#include <chrono>

namespace korrigo {

std::optional<Date> Date::make(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Date{year, month, day};
}

std::optional<Date> Date::parse(std::string_view text) {
  std::array<int, 3> parts{};
  std::array<std::size_t, 3> lengths{};
  char separator = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
    lengths[i] = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || lengths[i] == 0 || lengths[i] > 4 || parts[i] < 0) return std::nullopt;
    text.remove_prefix(lengths[i]);
    if (i == 2) break;
    if (text.empty() || (separator != 0 && text.front() != separator)) return std::nullopt;
    separator = text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) return std::nullopt;
  if (separator == '-' && lengths[0] == 4) return make(parts[0], parts[1], parts[2]);
  if ((separator != '/' && separator != '-' && separator != '.') || lengths[2] != 4) return std::nullopt;
  return make(parts[2], parts[1], parts[0]);
}

std::string Date::iso() const {
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string Date::french() const {
  return fmt::format("{:02}/{:02}/{:04}", day, month, year);
}

}  // namespace korrigo
