/// The texts of a request line and of cookies, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace korrigo::http {

/// Nothing when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
/// Everything but unreserved characters (RFC 3986) as %XX.
std::string percent_encode(std::string_view text);

/// "a=1&b=%20x" decoded. Nothing when it is malformed, no UTF-8, or has more than 1000 names.
std::optional<Pairs> parse_urlencoded(std::string_view text);

struct Target {
  std::string path;                   // decoded
  std::vector<std::string> segments;  // decoded; "/a/b/" and "/a/b" are both {"a", "b"}
  Pairs query;
};
/// A request target in origin form ("/a/b?c=d") or absolute form. Refuses with malformed "request.target": bad escapes,
/// control characters, no UTF-8, "." or ".." segments however they are spelt, backslashes.
Result<Target> parse_target(std::string_view target);

/// The names and values of one Cookie field; what is malformed is left out.
Pairs parse_cookies(std::string_view field);

/// The one the client prefers; French when it says nothing of either.
Language preferred_language(std::string_view accept_language);

/// The weight of `token` in a list such as "gzip;q=0.5, br": 0..1; 0 when it is not named (nor by "*").
double weight_of(std::string_view list, std::string_view token);

}  // namespace korrigo::http
