#include "http/security_headers.h"

#include <algorithm>

namespace korrigo::http {
namespace {

void set_default(Response& response, std::string_view name, std::string_view value) {
  if (!response.headers.has(name)) response.headers.add(std::string(name), std::string(value));
}

bool is_allowed(std::string_view origin, const SecurityPolicy& policy) {
  return std::find(policy.allowed_origins.begin(), policy.allowed_origins.end(), origin) !=
         policy.allowed_origins.end();
}

/// "school.example:443" of an https page is "school.example".
std::string_view without_default_port(std::string_view host, bool tls) {
  const std::string_view port = tls ? ":443" : ":80";
  return host.ends_with(port) ? host.substr(0, host.size() - port.size()) : host;
}

}  // namespace

void add_security_headers(Response& response, const Request& request, const SecurityPolicy& policy) {
  set_default(response, "Content-Security-Policy", policy.content_security_policy);
  set_default(response, "X-Content-Type-Options", "nosniff");
  set_default(response, "X-Frame-Options", "DENY");
  set_default(response, "Referrer-Policy", "same-origin");
  set_default(response, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  set_default(response, "Cross-Origin-Opener-Policy", "same-origin");
  set_default(response, "Cross-Origin-Resource-Policy", "same-origin");
  set_default(response, "Cache-Control", "no-store");
  if (policy.tls_in_front) set_default(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  add_cors_headers(response, request, policy);
}

void add_cors_headers(Response& response, const Request& request, const SecurityPolicy& policy) {
  if (policy.allowed_origins.empty()) return;
  response.headers.add("Vary", "Origin");
  const auto origin = request.header("Origin");
  if (!origin || !is_allowed(*origin, policy)) return;
  response.headers.set("Access-Control-Allow-Origin", std::string(*origin));
  response.headers.set("Access-Control-Allow-Credentials", "true");
  response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  response.headers.set("Access-Control-Expose-Headers",
                       "ETag, Location, X-Request-ID, Retry-After, Content-Disposition, Upload-Offset, Upload-Length, "
                       "Upload-Metadata, Upload-Expires, Tus-Resumable");
  if (request.method != Method::options || !request.headers.has("Access-Control-Request-Method")) return;
  response.headers.set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
  response.headers.set("Access-Control-Allow-Headers",
                       "Authorization, Content-Type, If-None-Match, X-CSRFToken, X-Lock-Token, X-Request-ID, "
                       "Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata");
  response.headers.set("Access-Control-Max-Age", "600");
}

bool is_foreign_origin(const Request& request, const SecurityPolicy& policy) {
  const auto origin = request.header("Origin");
  if (!origin) return false;  // not a browser, which never omits it
  if (is_allowed(*origin, policy)) return false;
  const std::size_t scheme = origin->find("://");
  if (scheme == std::string_view::npos) return true;
  const bool tls = equal_ignoring_case(origin->substr(0, scheme), "https");
  const std::string_view host = without_default_port(origin->substr(scheme + 3), tls);
  return !equal_ignoring_case(host, without_default_port(request.host, tls));
}

}  // namespace korrigo::http
