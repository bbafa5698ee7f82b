/// The route of many accounts at once, and the passwords that such tasks make up.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "accounts/sealing.h"
#include "http/router.h"
#include "jobs/queue.h"

namespace korrigo::accounts {

/// POST /api/users/bulk/. What the arguments refer to outlives the routes.
std::vector<http::Route> bulk_user_routes(const Context& context, jobs::Queue& queue, const Sealer& sealer);

/// The routes of jobs with GET /api/tasks/{task_id}/status/ showing made-up passwords in `result.passwords`, once, to
/// whoever started the task; what is sealed leaves the server in no other way.
std::vector<http::Route> showing_passwords_once(std::vector<http::Route> task_routes, storage::Database& database,
                                                const Sealer& sealer);

}  // namespace korrigo::accounts
