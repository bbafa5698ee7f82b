/// What every answer says to browsers about what they may do with it.
#pragma once

#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace korrigo::http {

struct SecurityPolicy {
  /// No 'unsafe-inline' anywhere. blob: for pictures and workers that the application makes itself; WebAssembly for
  /// PDF.js's picture decoders.
  std::string content_security_policy =
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
      "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
      "form-action 'self'; frame-ancestors 'none'";
  bool tls_in_front = false;                 // HSTS is sent; every request counts as secure
  std::vector<std::string> allowed_origins;  // "https://portal.example": CORS and WebSockets from elsewhere
};

/// Adds what the response has not set itself.
void add_security_headers(Response& response, const Request& request, const SecurityPolicy& policy);

/// Lets pages of the allowed origins read the answer; to a preflight, says what they may send.
void add_cors_headers(Response& response, const Request& request, const SecurityPolicy& policy);

/// Whether a browser page of another site is asking: an Origin that is neither the request's own host nor allowed.
bool is_foreign_origin(const Request& request, const SecurityPolicy& policy);

}  // namespace korrigo::http
