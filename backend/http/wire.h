/// A response's header as bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/response.h"

namespace korrigo::http {

std::string_view reason_of(int status);

/// "Sat, 21 Nov 2026 09:26:12 GMT" (RFC 9110, 5.6.7).
std::string http_date(UtcTime time);

/// Status line to empty line, with Date, Content-Length and Connection. Control characters in values become spaces, so
/// that no text of anybody's can add a line.
std::string head_of(const Response& response, UtcTime now, bool keep_alive);

}  // namespace korrigo::http
