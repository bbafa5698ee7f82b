#include "http/errors.h"

#include <boost/json/object.hpp>

#include "http/wording.h"

namespace korrigo::http {
namespace {

constexpr std::chrono::seconds kRetryWhenLimited{60};
constexpr std::chrono::seconds kRetryWhenBusy{2};

}  // namespace

int status_of(ErrorKind kind, const StatusOverrides& overrides) {
  for (const auto& [overridden, status] : overrides) {
    if (overridden == kind) return status;
  }
  switch (kind) {
    case ErrorKind::malformed:
      return 400;
    case ErrorKind::invalid_input:
      return 422;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::unauthenticated:
      return 401;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::limited:
      return 429;
    case ErrorKind::too_busy:
      return 503;
  }
  return 500;
}

Response refusal(const Request& request, const Error& error, const StatusOverrides& overrides) {
  return refusal(request, status_of(error.kind, overrides), error);
}

Response refusal(const Request& request, int status, const Error& error, boost::json::array details) {
  if (details.empty()) {
    for (const std::string& sentence : error.details) details.push_back(boost::json::object{{"message", sentence}});
  }
  boost::json::object body;
  body["error"] = sentence_of(request, error);
  body["code"] = error.code;
  if (!error.field.empty()) body["field"] = error.field;
  if (!details.empty()) body["details"] = std::move(details);
  body["request_id"] = request.request_id;
  Response response = json(status, body);
  response.headers.add("Cache-Control", "no-store");
  if (error.kind == ErrorKind::limited) set_retry_after(response, kRetryWhenLimited);
  if (error.kind == ErrorKind::too_busy) set_retry_after(response, kRetryWhenBusy);
  return response;
}

}  // namespace korrigo::http
