/// The CSRF token: derived from the secret in the cookie `csrftoken`, which scripts cannot read, and sent back in
/// X-CSRFToken. A session only takes the cookie it is bound to, so that a cookie planted by a neighbouring site is of
/// no use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace korrigo::accounts {

inline constexpr std::string_view kCsrfCookie = "csrftoken";
inline constexpr std::string_view kCsrfHeader = "X-CSRFToken";
inline constexpr std::string_view kSessionCookie = "sessionid";

/// The secret of the request's cookie; nothing when there is none of the form we make.
std::optional<std::string> csrf_secret_of(const http::Request& request);
/// The secret a session gets when it has none yet: always the same, so that two tabs asking at once agree.
std::string csrf_secret_of_session(std::string_view session_secret);
std::string csrf_token_of(std::string_view csrf_secret);

/// Whether the request's header fits its cookie, and the cookie the session's digest.
bool csrf_holds(const http::Request& request, std::string_view session_csrf);

/// False for a page of another site: Origin is there and names neither the request's host nor one of `allowed`.
bool comes_from_own_page(const http::Request& request, const std::vector<std::string>& allowed);

}  // namespace korrigo::accounts
