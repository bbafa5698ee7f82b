/// The routes of webhooks.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "accounts/sealing.h"
#include "http/router.h"

namespace korrigo::accounts {

/// GET and POST /api/webhooks/, DELETE /api/webhooks/{webhook_id}/. What the arguments refer to outlives the routes.
std::vector<http::Route> webhook_routes(const Context& context, const Sealer& sealer);

}  // namespace korrigo::accounts
