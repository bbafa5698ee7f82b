#include "accounts/user.h"

#include <boost/json/array.hpp>

#include "accounts/account_key.h"
#include "accounts/new_user.h"
#include "accounts/password_rules.h"
#include "accounts/secrets.h"
#include "accounts/session.h"
#include "accounts/token.h"
#include "accounts/user_fields.h"
#include "accounts/user_store.h"

namespace korrigo::accounts {
namespace {

using storage::DatabaseError;
using storage::Fault;
using storage::Transaction;

audit::NewEntry entry_of(const audit::Actor& actor, std::string action, UserId id, boost::json::object details = {}) {
  return {actor, std::move(action), "user", std::to_string(id.value), std::move(details)};
}

tl::unexpected<Error> about_field(std::string code, std::string message, std::string field) {
  return tl::unexpected(Error{ErrorKind::invalid_input, std::move(code), std::move(message), {}, std::move(field)});
}

auto username_taken(std::string_view name) {
  return about_field("user.username_taken", fmt::format("The user name “{}” is taken.", name), "username");
}
auto email_taken(std::string_view address) {
  return about_field("user.email_taken", fmt::format("The address “{}” is taken.", address), "email");
}
auto own_account() {
  return refuse(ErrorKind::invalid_input, "user.self", "This is not possible for your own account.");
}
auto not_there() {
  return refuse(ErrorKind::not_found, "user.not_found", "There is no such user.");
}

Result<void> check_free(Transaction& transaction, const User& user, std::optional<UserId> except) {
  if (store::username_taken(transaction, user.username, except)) return username_taken(user.username);
  if (user.email && store::email_taken(transaction, *user.email, except)) return email_taken(*user.email);
  return {};
}

User with(User user, const UserChange& change) {
  if (change.username) user.username = *change.username;
  if (change.email) user.email = *change.email;
  if (change.first_name) user.first_name = *change.first_name;
  if (change.last_name) user.last_name = *change.last_name;
  if (change.role) user.role = *change.role;
  if (change.is_active) user.is_active = *change.is_active;
  return user;
}

/// Names of the fields in which the two differ: what the audit log may say.
boost::json::array changed_fields(const User& before, const User& after) {
  boost::json::array names;
  if (before.username != after.username) names.emplace_back("username");
  if (before.email != after.email) names.emplace_back("email");
  if (before.first_name != after.first_name) names.emplace_back("first_name");
  if (before.last_name != after.last_name) names.emplace_back("last_name");
  if (before.role != after.role) names.emplace_back("role");
  if (before.is_active != after.is_active) names.emplace_back("is_active");
  return names;
}

bool is_working_admin(const User& user) {
  return user.role == Role::admin && user.is_active;
}

Result<void> check_change(Transaction& transaction, const User& before, const User& after, const audit::Actor& actor) {
  const bool loses_rights = before.role != after.role || (before.is_active && !after.is_active);
  if (loses_rights && actor.user == before.id) return own_account();
  if ((before.role == Role::student) != (after.role == Role::student)) {
    return tl::unexpected(wrong_field("role", "a student's account stays one"));
  }
  if (is_working_admin(before) && !is_working_admin(after) && !store::other_admin_exists(transaction, before.id)) {
    return refuse(ErrorKind::conflict, "user.last_admin", "This is the last active admin.");
  }
  return check_free(transaction, after, before.id);
}

}  // namespace

Result<PreparedUser> prepare_user(const PasswordHasher& hasher, const NewUser& wanted, UtcTime now) {
  User user{.id = {},
            .username = wanted.username,
            .email = wanted.email,
            .first_name = wanted.first_name,
            .last_name = wanted.last_name,
            .role = wanted.role,
            .is_active = true,
            .must_change_password = wanted.must_change_password.value_or(!wanted.password),
            .created_at = now,
            .last_login_at = {}};
  if (auto valid = check_fields(user); !valid) return tl::unexpected(valid.error());
  if (wanted.role == Role::student) return tl::unexpected(wrong_field("role", "must be ADMIN or TEACHER"));
  if (!wanted.password) {
    std::string password = temporary_password();
    std::string hash = hasher.hash(password);
    return PreparedUser{std::move(user), std::move(hash), std::move(password)};
  }
  if (auto good = check_password(*wanted.password, names_of(user)); !good) return tl::unexpected(good.error());
  return PreparedUser{std::move(user), hasher.hash(*wanted.password), std::nullopt};
}

Result<User> insert_user(Transaction& transaction, const PreparedUser& prepared) {
  if (auto free = check_free(transaction, prepared.user, {}); !free) return tl::unexpected(free.error());
  const auto id = store::insert(transaction, prepared.user, prepared.password_hash);
  if (!id) return username_taken(prepared.user.username);
  User user = prepared.user;
  user.id = *id;
  return user;
}

Result<CreatedUser> create_user(const Context& context, const NewUser& wanted, const audit::Actor& actor) {
  const auto prepared = prepare_user(context.hasher, wanted, context.clock.now());
  if (!prepared) return tl::unexpected(prepared.error());
  return context.database.write([&](Transaction& transaction) -> Result<CreatedUser> {
    const auto user = insert_user(transaction, *prepared);
    if (!user) return tl::unexpected(user.error());
    audit::append(transaction, entry_of(actor, "user.create", user->id, {{"role", name_of(user->role)}}),
                  user->created_at);
    return CreatedUser{*user, prepared->temporary_password};
  });
}

Result<User> change_user(const Context& context, UserId id, const UserChange& change, const audit::Actor& actor) {
  try {
    return context.database.write([&](Transaction& transaction) -> Result<User> {
      const auto before = store::find(transaction, id);
      if (!before) return not_there();
      const User after = with(*before, change);
      if (auto valid = check_fields(after); !valid) return tl::unexpected(valid.error());
      if (auto allowed = check_change(transaction, *before, after, actor); !allowed) {
        return tl::unexpected(allowed.error());
      }
      if (after == *before) return after;
      store::update(transaction, after);
      if (!after.is_active) end_sessions_of(transaction, id);
      if (after.email != before->email) store::void_password_resets(transaction, id);
      if (after.role != before->role) tell_rights_changed(transaction, id);
      audit::append(transaction, entry_of(actor, "user.change", id, {{"fields", changed_fields(*before, after)}}),
                    context.clock.now());
      return after;
    });
  } catch (const DatabaseError& error) {
    // Somebody else took the name between our look and our write.
    if (error.fault() != Fault::unique) throw;
    if (error.constraint().find("email") != std::string::npos) return email_taken(change.email.value_or(""));
    return username_taken(change.username.value_or(""));
  }
}

Result<void> delete_user(const Context& context, UserId id, const audit::Actor& actor) {
  try {
    return context.database.write([&](Transaction& transaction) -> Result<void> {
      const auto user = store::find(transaction, id);
      if (!user) return not_there();
      if (actor.user == id) return own_account();
      if (is_working_admin(*user) && !store::other_admin_exists(transaction, id)) {
        return refuse(ErrorKind::conflict, "user.last_admin", "This is the last active admin.");
      }
      store::remove(transaction, id);
      forget_failures_of(transaction, account_key(id));
      audit::append(transaction, entry_of(actor, "user.delete", id, {{"role", name_of(user->role)}}),
                    context.clock.now());
      return {};
    });
  } catch (const DatabaseError& error) {
    if (error.fault() != Fault::foreign_key) throw;
    return refuse(ErrorKind::conflict, "user.has_history", "This user has marked copies: deactivate the account.");
  }
}

Result<std::string> reset_password(const Context& context, UserId id, const audit::Actor& actor) {
  if (actor.user == id) return own_account();
  const std::string password = temporary_password();
  const std::string hash = context.hasher.hash(password);
  return context.database.write([&](Transaction& transaction) -> Result<std::string> {
    if (!store::find(transaction, id)) return not_there();
    const UtcTime now = context.clock.now();
    store::set_password(transaction, id, hash, true);
    end_sessions_of(transaction, id);
    revoke_tokens_of(transaction, id, now);
    forget_failures_of(transaction, account_key(id));
    audit::append(transaction, entry_of(actor, "user.reset_password", id), now);
    return password;
  });
}

Result<User> find_user(Transaction& transaction, UserId id) {
  auto user = store::find(transaction, id);
  if (!user) return not_there();
  return std::move(*user);
}

std::optional<User> user_named(Transaction& transaction, std::string_view login) {
  auto found = store::find_by_login(transaction, login);
  if (!found) return std::nullopt;
  return std::move(found->user);
}

}  // namespace korrigo::accounts
