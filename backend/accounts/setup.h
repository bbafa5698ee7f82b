/// The first admin, and the shell's way in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/user.h"

namespace korrigo::accounts {

/// Makes an admin who has to change the password, when the school has no account of that name. Returns whether it made
/// one; an account that is there stays as it is. Refuses as create_user does.
Result<bool> ensure_admin(const Context& context, const std::string& username, const std::optional<std::string>& email,
                          const std::string& password);

/// `korrigo user reset NAME`: a temporary password for whoever has locked himself out; the account is active
/// afterwards. `login`: user name or e-mail address. Refuses with not_found "user.not_found".
Result<std::string> reset_user(const Context& context, std::string_view login);

/// Whether anybody can administer the school.
bool has_admin(storage::Transaction& transaction);

/// A secret that lets its holder make the first admin, once; any earlier one is void. Nothing when there is an admin.
/// The program shows it where only the operator sees it (the log of the first start).
std::optional<std::string> offer_setup(const Context& context);
/// Makes the first admin. Refuses with forbidden "setup.closed" when the secret is wrong or used, or there is an admin
/// already; otherwise as create_user does, and then the secret stays good.
Result<User> complete_setup(const Context& context, std::string_view secret, NewUser admin, const audit::Actor& actor);

}  // namespace korrigo::accounts
