/// A day of the civil (Gregorian) calendar, without time or zone: birth dates, exam dates.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace korrigo {

struct Date {
  int year = 0;   // 1..9999
  int month = 0;  // 1..12
  int day = 0;    // 1..31, within the month

  /// Nothing when no such day exists (31 April, 29 February of a common year).
  static std::optional<Date> make(int year, int month, int day);
  /// DD/MM/YYYY, DD-MM-YYYY, DD.MM.YYYY or YYYY-MM-DD; one-digit days and months are accepted.
  static std::optional<Date> parse(std::string_view text);

  std::string iso() const;     // 2008-05-15
  std::string french() const;  // 15/05/2008

  auto operator<=>(const Date&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 means the 0 inside
};

}  // namespace korrigo
