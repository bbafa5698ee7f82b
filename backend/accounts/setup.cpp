#include "accounts/setup.h"

#include "accounts/secrets.h"
#include "accounts/user_store.h"

namespace korrigo::accounts {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kAnyAdmin{"setup.any_admin",
                              "SELECT 1 FROM \"user\" WHERE role = 'ADMIN' AND is_active = 1 LIMIT 1"};
// A row of `setting` that no setting has the name of: settings never show it.
constexpr Statement kOffer{"setup.offer", R"(
  INSERT INTO setting (key, value, updated_at) VALUES ('setup secret', $1, $2)
  ON CONFLICT (key) DO UPDATE SET value = $1, updated_at = $2)"};
constexpr Statement kTake{"setup.take", "DELETE FROM setting WHERE key = 'setup secret' AND value = $1"};

std::string stored(std::string_view secret) {
  return '"' + digest_of(secret) + '"';
}

}  // namespace

Result<bool> ensure_admin(const Context& context, const std::string& username, const std::optional<std::string>& email,
                          const std::string& password) {
  const bool there = context.database.read(
      [&](Transaction& transaction) { return store::username_taken(transaction, username, std::nullopt); });
  if (there) return false;
  const auto made = create_user(
      context,
      {.username = username, .email = email, .role = Role::admin, .password = password, .must_change_password = true},
      {});
  if (!made && made.error().code == "user.username_taken") return false;
  if (!made) return tl::unexpected(made.error());
  return true;
}

Result<std::string> reset_user(const Context& context, std::string_view login) {
  const auto user = context.database.read([&](Transaction& transaction) { return user_named(transaction, login); });
  if (!user) return refuse(ErrorKind::not_found, "user.not_found", "There is no such user.");
  if (!user->is_active) {
    if (auto active = change_user(context, user->id, {.is_active = true}, {}); !active) {
      return tl::unexpected(active.error());
    }
  }
  return reset_password(context, user->id, {});
}

bool has_admin(Transaction& transaction) {
  return transaction.row(kAnyAdmin).has_value();
}

std::optional<std::string> offer_setup(const Context& context) {
  std::string secret = new_secret();
  const bool offered = context.database.write([&](Transaction& transaction) {
    if (has_admin(transaction)) return false;
    transaction.execute(kOffer, stored(secret), context.clock.now());
    return true;
  });
  if (!offered) return std::nullopt;
  return secret;
}

Result<User> complete_setup(const Context& context, std::string_view secret, NewUser admin, const audit::Actor& actor) {
  const auto closed = [] {
    return refuse(ErrorKind::forbidden, "setup.closed", "The set-up is closed, or this is not its secret.");
  };
  // Taken first, so that of two at once one makes an admin; given back when the admin cannot be made.
  const bool taken = context.database.write([&](Transaction& transaction) {
    return !has_admin(transaction) && transaction.execute(kTake, stored(secret)) > 0;
  });
  if (!taken) return closed();
  admin.role = Role::admin;
  auto made = create_user(context, admin, actor);
  if (made) return std::move(made->user);
  context.database.write(
      [&](Transaction& transaction) { transaction.execute(kOffer, stored(secret), context.clock.now()); });
  return tl::unexpected(made.error());
}

}  // namespace korrigo::accounts
