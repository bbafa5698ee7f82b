/// Accounts. A user name and an e-mail address each belong to one account, in any case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/context.h"
#include "accounts/role.h"
#include "audit/audit.h"
#include "base/ids.h"
#include "base/result.h"

namespace korrigo::accounts {

struct User {
  UserId id;
  std::string username;              // 1-150 ASCII letters, digits and _ . @ + -; a student's is the e-mail address
  std::optional<std::string> email;  // as it was typed
  std::string first_name;
  std::string last_name;
  Role role = Role::teacher;
  bool is_active = true;
  bool must_change_password = false;
  UtcTime created_at{};
  std::optional<UtcTime> last_login_at;
  bool mail_notifications = true;  // what the bell shows is mailed too, where the school sends mail

  friend bool operator==(const User&, const User&) = default;
};

/// Of staff: students' accounts come from their roster (student_accounts.h).
struct NewUser {
  std::string username;
  std::optional<std::string> email = {};
  std::string first_name = {};
  std::string last_name = {};
  Role role = Role::teacher;
  std::optional<std::string> password = {};       // none: a temporary one is made up
  std::optional<bool> must_change_password = {};  // default: when the password is temporary
};

struct CreatedUser {
  User user;
  std::optional<std::string> temporary_password;  // to be shown once
};

/// The fields that are set are changed.
struct UserChange {
  std::optional<std::string> username = {};
  std::optional<std::string> email = {};
  std::optional<std::string> first_name = {};
  std::optional<std::string> last_name = {};
  std::optional<Role> role = {};
  std::optional<bool> is_active = {};
};

// Each of the following is one transaction with its audit entry, and refuses with
//   malformed     "request.invalid"      no user name or e-mail address, a role that cannot be (`field` set)
//   invalid_input "user.username_taken", "user.email_taken", "password.weak" (`field` set)
//   not_found     "user.not_found"
//   invalid_input "user.self"            what one cannot do to one's own account
//   conflict      "user.last_admin"      nobody could administer the school any more
// as far as they apply.

Result<CreatedUser> create_user(const Context& context, const NewUser& user, const audit::Actor& actor);

/// Deactivating ends all sessions. Role and activity of one's own account stay; a student's account stays one.
Result<User> change_user(const Context& context, UserId id, const UserChange& change, const audit::Actor& actor);

/// Also refuses with conflict "user.has_history": rows that must stay name the user.
Result<void> delete_user(const Context& context, UserId id, const audit::Actor& actor);

/// A temporary password that has to be changed at the next log-in. Ends all sessions, revokes all tokens, forgets
/// failed log-ins. Not for one's own account.
Result<std::string> reset_password(const Context& context, UserId id, const audit::Actor& actor);

Result<User> find_user(storage::Transaction& transaction, UserId id);
/// By user name or e-mail address, in any case.
std::optional<User> user_named(storage::Transaction& transaction, std::string_view login);

enum class UserOrder { username, email, role, created_at, last_login_at };

struct UserFilter {
  std::optional<Role> role = {};
  std::optional<bool> is_active = {};
  std::string search = {};  // part of user name, address or names; ASCII case does not count
  UserOrder order = UserOrder::username;
  bool descending = false;
  int page = 1;  // from 1
  int page_size = 50;
};

struct UserPage {
  std::vector<User> users;
  std::int64_t count = 0;  // over all pages
};

UserPage list_users(storage::Transaction& transaction, const UserFilter& filter);

}  // namespace korrigo::accounts
