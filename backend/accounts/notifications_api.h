/// Routes of the bell.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "http/router.h"
#include "http/websocket.h"

namespace korrigo::accounts {

/// /api/notifications/, /api/notifications/{notification_id}/read/.
std::vector<http::Route> notification_routes(const Context& context);
/// /ws/notifications/: what the user is told from now on. Whoever forwards the bus's kNotificationTopic to the hub
/// makes it speak.
http::SocketRoute notification_socket();

}  // namespace korrigo::accounts
