#include "base/text.h"

#include <utf8proc.h>
#include <array>
#include <cstdlib>
#include <memory>

namespace korrigo {
namespace {

// Bytes 0x80..0x9F of Windows-1252; 0 where undefined.
constexpr std::array<char16_t, 32> kWindows1252High = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append(std::string& out, char32_t point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::string mapped(std::string_view text, utf8proc_option_t options) {
  utf8proc_uint8_t* raw = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &raw, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
  if (length < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length));
}

bool is_space(char32_t point) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return category == UTF8PROC_CATEGORY_ZS || (point >= 9 && point <= 13);
}

bool separates_names(char32_t point) {
  if (is_space(point) || point == U'.' || point == U'_' || point == U'\'' || point == U'`' || point == U'\u00B4')
    return true;
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return category == UTF8PROC_CATEGORY_PD || category == UTF8PROC_CATEGORY_PI || category == UTF8PROC_CATEGORY_PF ||
         point == U'\u02BC';
}

// Letters that a decomposition does not open.
std::string_view opened(char32_t point) {
  switch (point) {
    case U'\u0152':
    case U'\u0153':
      return "OE";
    case U'\u00C6':
    case U'\u00E6':
      return "AE";
    case U'\u00DF':
    case U'\u1E9E':
      return "SS";
    case U'\u00D8':
    case U'\u00F8':
      return "O";
    case U'\u0110':
    case U'\u0111':
    case U'\u00D0':
    case U'\u00F0':
      return "D";
    case U'\u0141':
    case U'\u0142':
      return "L";
    case U'\u00DE':
    case U'\u00FE':
      return "TH";
    case U'\u0131':
      return "I";
    default:
      return {};
  }
}

std::string each(std::string_view text, utf8proc_int32_t (*change)(utf8proc_int32_t)) {
  std::string out;
  for (const char32_t point : code_points(text))
    append(out, static_cast<char32_t>(change(static_cast<utf8proc_int32_t>(point))));
  return out;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  utf8proc_int32_t point = 0;
  while (!bytes.empty()) {
    const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                       static_cast<utf8proc_ssize_t>(bytes.size()), &point);
    if (used <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(used));
  }
  return true;
}

std::optional<std::string> from_windows_1252(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    char32_t point = byte;
    if (byte >= 0x80 && byte < 0xA0) {
      point = kWindows1252High[byte - 0x80];
      if (point == 0) return std::nullopt;
    }
    append(out, point);
  }
  return out;
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (used <= 0) {
      point = 0xFFFD;
      used = 1;
    }
    points.push_back(static_cast<char32_t>(point));
    text.remove_prefix(static_cast<std::size_t>(used));
  }
  return points;
}

std::string normalise(std::string_view text) {
  std::string out;
  bool pending = false;
  for (const char32_t point :
       code_points(mapped(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE)))) {
    if (is_space(point)) {
      pending = !out.empty();
      continue;
    }
    if (pending) out.push_back(' ');
    pending = false;
    append(out, point);
  }
  return out;
}

std::string fold_name(std::string_view text) {
  std::string out;
  bool pending = false;
  const auto put = [&](std::string_view letters) {
    if (pending && !out.empty()) out.push_back(' ');
    pending = false;
    out += letters;
  };
  for (const char32_t point :
       code_points(mapped(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE)))) {
    const auto capital = static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(point)));
    if ((capital >= U'A' && capital <= U'Z') || (capital >= U'0' && capital <= U'9')) {
      const char letter = static_cast<char>(capital);
      put({&letter, 1});
    } else if (const auto letters = opened(point); !letters.empty()) {
      put(letters);
    } else if (separates_names(point)) {
      pending = true;
    }
  }
  return out;
}

std::string upper(std::string_view text) {
  return each(text, utf8proc_toupper);
}

std::string lower(std::string_view text) {
  return each(text, utf8proc_tolower);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

}  // namespace korrigo
