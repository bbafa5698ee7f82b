#include "base/clock.h"

#include <charconv>

namespace korrigo {
namespace {

using std::chrono::milliseconds;

// Reads exactly `digits` decimal digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || text.front() == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

UtcTime SystemClock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

std::string to_iso(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<UtcTime> parse_iso(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool date_so_far = year && take(text, '-');
  const auto month = date_so_far ? take_number(text, 2) : std::nullopt;
  const auto day = month && take(text, '-') ? take_number(text, 2) : std::nullopt;
  const auto hour = day && take(text, 'T') ? take_number(text, 2) : std::nullopt;
  const auto minute = hour && take(text, ':') ? take_number(text, 2) : std::nullopt;
  const auto second = minute && take(text, ':') ? take_number(text, 2) : std::nullopt;
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  int thousandths = 0;
  if (take(text, '.')) {
    const auto fraction = take_number(text, 3);
    if (!fraction) return std::nullopt;
    thousandths = *fraction;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || text != "Z") return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + milliseconds(thousandths);
}

}  // namespace korrigo
