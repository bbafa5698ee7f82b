#include "http/url.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace korrigo::http {
namespace {

constexpr std::size_t kMaxNames = 1000;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

tl::unexpected<Error> bad_target(std::string detail) {
  return refuse(ErrorKind::malformed, "request.target", {}, std::move(detail));
}

/// "http://host/path" is "/path"; a proxy may send it so (RFC 9112, 3.2.2).
std::string_view without_authority(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos || scheme > 5) return target;
  const std::size_t slash = target.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

/// The next piece of `rest` up to `separator`, which is consumed.
std::string_view next_piece(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

double quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = trimmed(next_piece(parameters, ';'));
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), value);
    return error == std::errc{} && value >= 0 && value <= 1 ? value : 0;
  }
  return 1;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::optional<Pairs> parse_urlencoded(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    std::string_view value = next_piece(text, '&');
    if (value.empty()) continue;
    const std::string_view key = next_piece(value, '=');
    auto name = percent_decode(key, true);
    auto decoded = percent_decode(value, true);
    if (!name || !decoded || !is_utf8(*name) || !is_utf8(*decoded) || pairs.size() >= kMaxNames) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*decoded));
  }
  return pairs;
}

Result<Target> parse_target(std::string_view target) {
  target = without_authority(target);
  if (!target.starts_with('/')) return bad_target("neither a path nor an address");
  std::string_view query = target.substr(0, target.find('#'));
  std::string_view path = next_piece(query, '?');
  Target parsed;
  auto pairs = parse_urlencoded(query);
  if (!pairs) return bad_target("query");
  parsed.query = std::move(*pairs);

  path.remove_prefix(1);
  parsed.path += '/';
  while (!path.empty()) {
    const bool slash_follows = path.find('/') != std::string_view::npos;
    const auto segment = percent_decode(next_piece(path, '/'));
    if (!segment || has_control(*segment) || !is_utf8(*segment)) return bad_target("escapes or characters");
    if (*segment == "." || *segment == ".." || segment->find('\\') != std::string::npos) return bad_target("segments");
    parsed.path += *segment;
    if (slash_follows) parsed.path += '/';
    parsed.segments.push_back(*segment);
  }
  return parsed;
}

Pairs parse_cookies(std::string_view field) {
  Pairs cookies;
  while (!field.empty() && cookies.size() < 100) {
    std::string_view value = trimmed(next_piece(field, ';'));
    const bool named = value.find('=') != std::string_view::npos;
    const std::string_view name = trimmed(next_piece(value, '='));
    if (!named || name.empty()) continue;
    value = trimmed(value);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    cookies.emplace_back(std::string(name), std::string(value));
  }
  return cookies;
}

Language preferred_language(std::string_view accept_language) {
  double french = 0;
  double english = 0;
  while (!accept_language.empty()) {
    std::string_view parameters = trimmed(next_piece(accept_language, ','));
    const std::string_view range = trimmed(next_piece(parameters, ';'));
    const std::string_view tag = range.substr(0, range.find('-'));
    const double weight = quality(parameters);
    if (equal_ignoring_case(tag, "fr")) french = std::max(french, weight);
    if (equal_ignoring_case(tag, "en")) english = std::max(english, weight);
  }
  return english > french ? Language::en : Language::fr;
}

double weight_of(std::string_view list, std::string_view token) {
  double any = 0;
  while (!list.empty()) {
    std::string_view parameters = trimmed(next_piece(list, ','));
    const std::string_view name = trimmed(next_piece(parameters, ';'));
    if (equal_ignoring_case(name, token)) return quality(parameters);
    if (name == "*") any = quality(parameters);
  }
  return any;
}

}  // namespace korrigo::http
