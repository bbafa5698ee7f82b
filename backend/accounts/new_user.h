/// The two halves of making an account: the slow one, hashing, and the rows.
#pragma once

#include "accounts/user.h"

namespace korrigo::accounts {

struct PreparedUser {
  User user;  // without id
  std::string password_hash;
  std::optional<std::string> temporary_password;
};

/// Checks the fields and hashes the password. Refuses as create_user does, but for what others have.
Result<PreparedUser> prepare_user(const PasswordHasher& hasher, const NewUser& wanted, UtcTime now);
/// Refuses with invalid_input "user.username_taken" or "user.email_taken"; nothing is written then.
Result<User> insert_user(storage::Transaction& transaction, const PreparedUser& prepared);

}  // namespace korrigo::accounts
