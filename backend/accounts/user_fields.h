/// What the fields of an account may hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/user.h"

namespace korrigo::accounts {

/// malformed "request.invalid", "<field>: <reason>".
Error wrong_field(std::string field, std::string_view reason);

/// Refuses with wrong_field: a user name that is none, an address that is none, names over 100 characters or with
/// control characters. A student's user name is the e-mail address and not looked at.
Result<void> check_fields(const User& user);

/// What the user's password must not consist of.
std::vector<std::string> names_of(const User& user);

}  // namespace korrigo::accounts
