/// Routes of the session: CSRF token, log-in and log-out, who am I, a new password.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "accounts/context.h"
#include "accounts/login.h"
#include "http/router.h"

namespace korrigo::accounts {

/// What `context` refers to outlives the routes.
std::vector<http::Route> session_routes(const Context& context);

boost::json::object to_json(const User& user);
boost::json::object to_json(const StudentProfile& student);
/// As /api/me/ shows it.
boost::json::object to_json(const Profile& profile);

}  // namespace korrigo::accounts
