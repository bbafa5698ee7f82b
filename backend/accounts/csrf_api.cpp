#include "accounts/csrf_api.h"

#include "accounts/secrets.h"

namespace korrigo::accounts {

std::optional<std::string> csrf_secret_of(const http::Request& request) {
  constexpr std::size_t kSecretDigits = 64;
  const auto cookie = request.cookie(kCsrfCookie);
  if (!cookie || cookie->size() != kSecretDigits) return std::nullopt;
  const bool hexadecimal =
      std::ranges::all_of(*cookie, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!hexadecimal) return std::nullopt;
  return std::string(*cookie);
}

std::string csrf_secret_of_session(std::string_view session_secret) {
  return digest_of(fmt::format("korrigo csrf secret {}", session_secret));
}

std::string csrf_token_of(std::string_view csrf_secret) {
  return digest_of(fmt::format("korrigo csrf token {}", csrf_secret));
}

bool csrf_holds(const http::Request& request, std::string_view session_csrf) {
  const auto secret = csrf_secret_of(request);
  const auto token = request.header(kCsrfHeader);
  return secret && token && same_secret(*token, csrf_token_of(*secret)) &&
         same_secret(digest_of(*secret), session_csrf);
}

bool comes_from_own_page(const http::Request& request, const std::vector<std::string>& allowed) {
  const auto origin = request.header("Origin");
  if (!origin) return true;
  if (std::ranges::find(allowed, *origin) != allowed.end()) return true;
  // Without the scheme: a proxy may end TLS without saying so.
  const std::size_t scheme_end = origin->find("://");
  return scheme_end != std::string_view::npos &&
         http::equal_ignoring_case(origin->substr(scheme_end + 3), request.host);
}

}  // namespace korrigo::accounts
