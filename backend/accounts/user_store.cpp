#include "accounts/user_store.h"

#include "base/text.h"

namespace korrigo::accounts::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

#define KORRIGO_USER_COLUMNS                                                                                       \
  "id, username, email, first_name, last_name, role, is_active, must_change_password, created_at, last_login_at, " \
  "mail_notifications"

constexpr Statement kFind{"user.find", "SELECT " KORRIGO_USER_COLUMNS " FROM \"user\" WHERE id = $1"};
constexpr Statement kFindSecret{"user.find_secret",
                                "SELECT " KORRIGO_USER_COLUMNS ", password_hash FROM \"user\" WHERE id = $1"};
constexpr Statement kFindByLogin{"user.find_by_login",
                                 "SELECT " KORRIGO_USER_COLUMNS
                                 ", password_hash FROM \"user\" WHERE lower(username) = $1 OR lower(email) = $1 "
                                 "ORDER BY CASE WHEN lower(username) = $1 THEN 0 ELSE 1 END LIMIT 1"};
constexpr Statement kInsert{"user.insert", R"(
  INSERT INTO "user" (username, email, first_name, last_name, role, password_hash, must_change_password, is_active,
    created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT DO NOTHING RETURNING id)"};
constexpr Statement kUpdate{"user.update", R"(
  UPDATE "user" SET username = $2, email = $3, first_name = $4, last_name = $5, role = $6, is_active = $7
  WHERE id = $1)"};
constexpr Statement kRemove{"user.remove", "DELETE FROM \"user\" WHERE id = $1"};
constexpr Statement kUsernameTaken{"user.username_taken",
                                   "SELECT 1 FROM \"user\" WHERE lower(username) = $1 AND id <> $2"};
constexpr Statement kEmailTaken{"user.email_taken", "SELECT 1 FROM \"user\" WHERE lower(email) = $1 AND id <> $2"};
constexpr Statement kSetPassword{"user.set_password",
                                 "UPDATE \"user\" SET password_hash = $2, must_change_password = $3 WHERE id = $1"};
constexpr Statement kVoidResets{"user.void_password_resets", "DELETE FROM password_reset WHERE user_id = $1"};
constexpr Statement kUpgradePassword{"user.upgrade_password",
                                     "UPDATE \"user\" SET password_hash = $3 WHERE id = $1 AND password_hash = $2"};
constexpr Statement kSetLastLogin{"user.set_last_login",
                                  "UPDATE \"user\" SET last_login_at = $3, language = $2 WHERE id = $1"};
constexpr Statement kAdmins{"user.admins", "SELECT id FROM \"user\" WHERE role = 'ADMIN' AND is_active = 1",
                            "SELECT id FROM \"user\" WHERE role = 'ADMIN' AND is_active = 1 ORDER BY id FOR UPDATE"};

// $1 role, $2 activity, $3 pattern.
#define KORRIGO_USER_FILTER                                                                     \
  "(CAST($1 AS TEXT) IS NULL OR role = $1) AND (CAST($2 AS BIGINT) IS NULL OR is_active = $2) " \
  "AND ($3 = '%' OR lower(username) LIKE $3 ESCAPE '\\' OR lower(email) LIKE $3 ESCAPE '\\' "   \
  "OR lower(first_name) LIKE $3 ESCAPE '\\' OR lower(last_name) LIKE $3 ESCAPE '\\') "
#define KORRIGO_USER_LIST(order) \
  "SELECT " KORRIGO_USER_COLUMNS " FROM \"user\" WHERE " KORRIGO_USER_FILTER "ORDER BY " order " LIMIT $4 OFFSET $5"

constexpr Statement kCount{"user.count", "SELECT count(*) FROM \"user\" WHERE " KORRIGO_USER_FILTER};
// By UserOrder, ascending and descending. Users without a value come first in rising order on both engines.
constexpr std::array<std::array<Statement, 2>, 5> kLists{{
    {{{"user.by_username", KORRIGO_USER_LIST("username, id")},
      {"user.by_username_desc", KORRIGO_USER_LIST("username DESC, id DESC")}}},
    {{{"user.by_email", KORRIGO_USER_LIST("coalesce(lower(email), ''), id")},
      {"user.by_email_desc", KORRIGO_USER_LIST("coalesce(lower(email), '') DESC, id DESC")}}},
    {{{"user.by_role", KORRIGO_USER_LIST("role, username, id")},
      {"user.by_role_desc", KORRIGO_USER_LIST("role DESC, username DESC, id DESC")}}},
    {{{"user.by_creation", KORRIGO_USER_LIST("created_at, id")},
      {"user.by_creation_desc", KORRIGO_USER_LIST("created_at DESC, id DESC")}}},
    {{{"user.by_login", KORRIGO_USER_LIST("coalesce(last_login_at, 0), id")},
      {"user.by_login_desc", KORRIGO_USER_LIST("coalesce(last_login_at, 0) DESC, id DESC")}}},
}};

#undef KORRIGO_USER_LIST
#undef KORRIGO_USER_FILTER
#undef KORRIGO_USER_COLUMNS

constexpr std::size_t kUserColumns = 11;

User user_of(const Row& row) {
  User user;
  user.id = row.get<UserId>(0);
  user.username = row.get<std::string>(1);
  user.email = row.get<std::optional<std::string>>(2);
  user.first_name = row.get<std::string>(3);
  user.last_name = row.get<std::string>(4);
  user.role = role_named(row.get<std::string>(5)).value();
  user.is_active = row.get<bool>(6);
  user.must_change_password = row.get<bool>(7);
  user.created_at = row.get<UtcTime>(8);
  user.last_login_at = row.get<std::optional<UtcTime>>(9);
  user.mail_notifications = row.get<bool>(10);
  return user;
}

std::optional<UserSecret> secret_of(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return UserSecret{user_of(*row), row->get<std::optional<std::string>>(kUserColumns)};
}

/// A LIKE pattern for text that holds `part`; "%" for any.
std::string pattern_of(std::string_view part) {
  std::string pattern = "%";
  for (const char letter : lower(trimmed(part))) {
    if (letter == '%' || letter == '_' || letter == '\\') pattern += '\\';
    pattern += letter;
  }
  return pattern.size() == 1 ? pattern : pattern + "%";
}

}  // namespace

std::optional<User> find(Transaction& transaction, UserId id) {
  const auto row = transaction.row(kFind, id);
  if (!row) return std::nullopt;
  return user_of(*row);
}

std::optional<UserSecret> find_by_login(Transaction& transaction, std::string_view login) {
  return secret_of(transaction.row(kFindByLogin, lower(trimmed(login))));
}

std::optional<UserSecret> find_secret(Transaction& transaction, UserId id) {
  return secret_of(transaction.row(kFindSecret, id));
}

std::optional<UserId> insert(Transaction& transaction, const User& user,
                             const std::optional<std::string>& password_hash) {
  const auto row =
      transaction.row(kInsert, user.username, user.email, user.first_name, user.last_name, name_of(user.role),
                      password_hash, user.must_change_password, user.is_active, user.created_at);
  if (!row) return std::nullopt;
  return row->get<UserId>(0);
}

void update(Transaction& transaction, const User& user) {
  transaction.execute(kUpdate, user.id, user.username, user.email, user.first_name, user.last_name, name_of(user.role),
                      user.is_active);
}

void remove(Transaction& transaction, UserId id) {
  transaction.execute(kRemove, id);
}

bool username_taken(Transaction& transaction, std::string_view username, std::optional<UserId> except) {
  return transaction.row(kUsernameTaken, lower(username), except.value_or(UserId{}).value).has_value();
}

bool email_taken(Transaction& transaction, std::string_view email, std::optional<UserId> except) {
  return transaction.row(kEmailTaken, lower(email), except.value_or(UserId{}).value).has_value();
}

void set_password(Transaction& transaction, UserId id, const std::string& hash, bool must_change) {
  transaction.execute(kSetPassword, id, hash, must_change);
  void_password_resets(transaction, id);
}

void void_password_resets(Transaction& transaction, UserId id) {
  transaction.execute(kVoidResets, id);
}

void upgrade_password(Transaction& transaction, UserId id, const std::string& old_hash, const std::string& new_hash) {
  transaction.execute(kUpgradePassword, id, old_hash, new_hash);
}

void set_last_login(Transaction& transaction, UserId id, std::string_view language, UtcTime now) {
  transaction.execute(kSetLastLogin, id, language, now);
}

bool other_admin_exists(Transaction& transaction, UserId except) {
  const auto admins = transaction.rows(kAdmins);
  return std::ranges::any_of(admins, [&](const Row& row) { return row.get<UserId>(0) != except; });
}

}  // namespace korrigo::accounts::store

namespace korrigo::accounts {

UserPage list_users(storage::Transaction& transaction, const UserFilter& filter) {
  const auto role = filter.role ? std::optional(name_of(*filter.role)) : std::nullopt;
  const std::string pattern = store::pattern_of(filter.search);
  const storage::Statement& statement =
      store::kLists[static_cast<std::size_t>(filter.order)][filter.descending ? 1 : 0];
  const std::int64_t skipped = (static_cast<std::int64_t>(filter.page) - 1) * filter.page_size;
  UserPage page;
  for (const storage::Row& row :
       transaction.rows(statement, role, filter.is_active, pattern, filter.page_size, skipped)) {
    page.users.push_back(store::user_of(row));
  }
  page.count = transaction.row(store::kCount, role, filter.is_active, pattern).value().get<std::int64_t>(0);
  return page;
}

}  // namespace korrigo::accounts
