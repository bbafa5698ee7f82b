/// Routes of accounts of staff: list, make, change, remove, reset.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "http/router.h"

namespace korrigo::accounts {

/// What `context` refers to outlives the routes.
std::vector<http::Route> user_routes(const Context& context);

}  // namespace korrigo::accounts
