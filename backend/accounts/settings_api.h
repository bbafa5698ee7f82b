/// Routes of the school's settings.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "http/router.h"

namespace korrigo::accounts {

/// What `context` refers to outlives the routes.
std::vector<http::Route> setting_routes(const Context& context);

}  // namespace korrigo::accounts
