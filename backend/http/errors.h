/// The one table from refusals to statuses, and the body of an error (api.md):
///   {"error": sentence, "code": stable, "field"?: name, "details"?: [{"message": ...}], "request_id": id}
#pragma once

#include <boost/json/array.hpp>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace korrigo::http {

/// A route's exceptions to the table: {{ErrorKind::too_large, 400}}.
using StatusOverrides = std::vector<std::pair<ErrorKind, int>>;

///   malformed 400  invalid_input 422  not_found 404  forbidden 403  unauthenticated 401  conflict 409
///   too_large 413  limited 429  too_busy 503
int status_of(ErrorKind kind, const StatusOverrides& overrides = {});

/// `error` in the asker's language (Request::translate). limited and too_busy carry Retry-After (60 s and 2 s;
/// set_retry_after changes it).
Response refusal(const Request& request, const Error& error, const StatusOverrides& overrides = {});
/// The same with a status of the caller's choice, and details of any shape in place of error.details.
Response refusal(const Request& request, int status, const Error& error, boost::json::array details = {});

}  // namespace korrigo::http
