/// Routes of one's own personal tokens.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "http/router.h"

namespace korrigo::accounts {

/// What `context` refers to outlives the routes.
std::vector<http::Route> token_routes(const Context& context);

}  // namespace korrigo::accounts
