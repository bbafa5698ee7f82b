#include "students/wording.h"

#include <fmt/format.h>
#include <utf8proc.h>
#include <array>

#include "base/email_address.h"
#include "base/text.h"

namespace korrigo::students {

bool is_visible(char32_t point) {
  if (point == U' ') return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

namespace {

std::string visible(char32_t point) {
  if (!is_visible(point)) return fmt::format("U+{:04X}", static_cast<std::uint32_t>(point));
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
  return {bytes.begin(), bytes.begin() + length};
}

}  // namespace

std::string shortened(std::string_view text) {
  constexpr std::size_t kCharacters = 40;
  constexpr std::size_t kBytes = 4 * (kCharacters + 1);
  const auto points = code_points(text.substr(0, kBytes));
  std::string out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i == kCharacters) return out + "…";
    out += visible(points[i]);
  }
  return out;
}

std::string cited(std::string_view text) {
  return "“" + shortened(text) + "”";
}

std::string shown(char32_t point) {
  return is_visible(point) ? "“" + visible(point) + "”" : visible(point);
}

std::optional<std::string> fault_of_email(std::string_view address) {
  for (const char32_t point : code_points(address))
    if (point <= U' ' || point >= 0x7F)
      return fmt::format("{} is not an e-mail address: it holds {}.", cited(address),
                         point == U' ' ? "a space" : shown(point));
  if (is_email_address(address)) return std::nullopt;
  return fmt::format("{} is not an e-mail address such as jean.dupont@example.org.", cited(address));
}

}  // namespace korrigo::students
