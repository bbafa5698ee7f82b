/// Accounts as clients send them.
#pragma once

#include <boost/json/object.hpp>

#include "accounts/user.h"

namespace korrigo::accounts {

/// Both refuse with malformed "request.invalid", `field` set.
Result<NewUser> new_user_of(const boost::json::object& body);
/// `whole`: username, email, role and is_active must be there.
Result<UserChange> user_change_of(const boost::json::object& body, bool whole);

}  // namespace korrigo::accounts
