/// The routes that make the first admin of a school.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "http/router.h"

namespace korrigo::accounts {

/// GET and POST /api/setup/. What `context` refers to outlives the routes.
std::vector<http::Route> setup_routes(const Context& context);

}  // namespace korrigo::accounts
