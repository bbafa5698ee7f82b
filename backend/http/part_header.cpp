#include "http/part_header.h"

#include <algorithm>

#include "base/text.h"
#include "http/headers.h"
#include "http/multipart.h"
#include "http/url.h"

namespace korrigo::http {
namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxBoundary = 200;  // RFC 2046 says 70; some clients make longer ones

/// Reads a token or a quoted string at the front of `rest`.
std::optional<std::string> read_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    value = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    return value;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    const bool escape = rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    value += rest[escape ? ++i : i];
  }
  return std::nullopt;
}

/// Browsers write these three characters of a name so (HTML, multipart/form-data encoding algorithm).
std::string unescape_form_name(std::string text) {
  for (const auto& [escaped, plain] : {std::pair{"%22", "\""}, std::pair{"%0D", "\r"}, std::pair{"%0A", "\n"}}) {
    for (std::size_t at = text.find(escaped); at != std::string::npos; at = text.find(escaped, at + 1)) {
      text.replace(at, 3, plain);
    }
  }
  return text;
}

/// filename*=UTF-8''r%C3%A9sum%C3%A9.pdf (RFC 8187)
std::optional<std::string> extended_value(std::string_view value) {
  const std::size_t language = value.find('\'');
  const std::size_t text = language == std::string_view::npos ? language : value.find('\'', language + 1);
  if (text == std::string_view::npos || !equal_ignoring_case(value.substr(0, language), "UTF-8")) return std::nullopt;
  return percent_decode(value.substr(text + 1));
}

Result<void> read_disposition(std::string_view value, PartHeader& header) {
  const std::string_view type = trimmed(value.substr(0, value.find(';')));
  if (!equal_ignoring_case(type, "form-data")) return refuse(ErrorKind::malformed, "form.part_header", {});
  const auto name = header_parameter(value, "name");
  if (!name || name->empty() || !is_utf8(*name)) return refuse(ErrorKind::malformed, "form.part_name", {});
  header.name = unescape_form_name(*name);
  if (const auto plain = header_parameter(value, "filename")) header.filename = unescape_form_name(*plain);
  if (const auto extended = header_parameter(value, "filename*")) {
    if (auto decoded = extended_value(*extended)) header.filename = std::move(*decoded);
  }
  return {};
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view value, std::string_view name) {
  std::string_view rest = value;
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  while (rest.starts_with(';')) {
    rest.remove_prefix(1);
    const std::size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view key = trimmed(rest.substr(0, equals));
    const bool has_value = rest[equals] == '=';
    rest.remove_prefix(equals);
    if (!has_value) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    auto read = read_value(rest);
    if (!read) return std::nullopt;
    if (equal_ignoring_case(key, name)) return read;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return std::nullopt;
}

Result<PartHeader> parse_part_header(std::string_view block) {
  PartHeader header;
  bool named = false;
  while (!block.empty()) {
    const std::size_t end = std::min(block.find("\r\n"), block.size());
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(std::min(end + 2, block.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.find('\0') != std::string_view::npos) {
      return refuse(ErrorKind::malformed, "form.part_header", {});
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equal_ignoring_case(name, "Content-Type")) header.content_type = value;
    if (!equal_ignoring_case(name, "Content-Disposition")) continue;
    if (auto read = read_disposition(value, header); !read) return tl::unexpected(read.error());
    named = true;
  }
  if (!named) return refuse(ErrorKind::malformed, "form.part_name", {});
  return header;
}

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!equal_ignoring_case(type, "multipart/form-data")) return std::nullopt;
  auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMaxBoundary) return std::nullopt;
  const bool usable = std::all_of(boundary->begin(), boundary->end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return usable ? boundary : std::nullopt;
}

std::string harmless_filename(std::string_view name) {
  std::string text = is_utf8(name) ? std::string(name) : from_windows_1252(name).value_or("file");
  const std::size_t separator = text.find_last_of("/\\");
  if (separator != std::string::npos) text.erase(0, separator + 1);
  std::string kept;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view character = std::string_view(text).substr(i, length);
    i += length;
    const char32_t point = code_points(character).front();
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    const bool invisible = (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
                           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
    if (control || invisible || (kept.empty() && (point == '.' || point == ' '))) continue;
    if (kept.size() + character.size() > kMaxNameBytes) break;
    kept += character;
  }
  return kept.empty() ? "file" : kept;
}

}  // namespace korrigo::http
