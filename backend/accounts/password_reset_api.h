/// The routes for who forgot the password.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "accounts/sealing.h"
#include "http/router.h"
#include "jobs/queue.h"

namespace korrigo::accounts {

/// GET and POST /api/password-reset/, POST /api/password-reset/confirm/. What the arguments refer to outlives the
/// routes. Without mail asking is refused with conflict "mail.not_set_up".
std::vector<http::Route> password_reset_routes(const Context& context, jobs::Queue& queue, const Sealer& sealer,
                                               bool mail_is_set_up);

}  // namespace korrigo::accounts
