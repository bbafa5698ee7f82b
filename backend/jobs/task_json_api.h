/// Tasks as the interface shows them (Task and TaskStatus of docs/openapi.yaml).
#pragma once

#include <boost/json/object.hpp>

#include "http/request.h"
#include "jobs/task_pages_api.h"

namespace korrigo::jobs {

/// With the error in the message's own words: for everybody who listens.
boost::json::object task_json(const ListedTask& listed);
/// With the error in the asker's language.
boost::json::object task_json(const http::Request& request, const ListedTask& listed);

/// status_json of task_status.h in the contract's words: a `result` is always an object, and says so when the task was
/// revoked.
boost::json::object contract_status(boost::json::object status);
/// With the error in the asker's language.
boost::json::object contract_status(const http::Request& request, boost::json::object status);

}  // namespace korrigo::jobs
