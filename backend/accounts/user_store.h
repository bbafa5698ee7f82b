/// The SQL of user rows.
#pragma once

#include "accounts/user.h"

namespace korrigo::accounts::store {

/// A user with what a log-in needs.
struct UserSecret {
  User user;
  std::optional<std::string> password_hash;
};

std::optional<User> find(storage::Transaction& transaction, UserId id);
/// The user name wins where one account's name is another's address.
std::optional<UserSecret> find_by_login(storage::Transaction& transaction, std::string_view login);
std::optional<UserSecret> find_secret(storage::Transaction& transaction, UserId id);

/// Nothing when the name or the address is taken.
std::optional<UserId> insert(storage::Transaction& transaction, const User& user,
                             const std::optional<std::string>& password_hash);
/// All of the row but password, role of origin and times. Name and address must be free.
void update(storage::Transaction& transaction, const User& user);
void remove(storage::Transaction& transaction, UserId id);

/// Whether another account than `except` has it.
bool username_taken(storage::Transaction& transaction, std::string_view username, std::optional<UserId> except);
bool email_taken(storage::Transaction& transaction, std::string_view email, std::optional<UserId> except);

/// Links to choose another are void from then on.
void set_password(storage::Transaction& transaction, UserId id, const std::string& hash, bool must_change);
/// Links to choose a new password that lie in a mailbox.
void void_password_resets(storage::Transaction& transaction, UserId id);
/// The same password under a new hash, unless it was changed meanwhile.
void upgrade_password(storage::Transaction& transaction, UserId id, const std::string& old_hash,
                      const std::string& new_hash);
void set_last_login(storage::Transaction& transaction, UserId id, std::string_view language, UtcTime now);

/// Active admins beside `except`. Whoever asks holds them until the commit, so that two cannot go at once.
bool other_admin_exists(storage::Transaction& transaction, UserId except);

}  // namespace korrigo::accounts::store
