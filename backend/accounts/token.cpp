#include "accounts/token.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "accounts/secrets.h"
#include "accounts/user_fields.h"

namespace korrigo::accounts {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kPrefix = "krg_";  // so that leaked tokens can be searched for

constexpr Statement kInsert{"token.insert", R"(
  INSERT INTO api_token (id, user_id, name, token_hash, scopes, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7))"};
constexpr Statement kRevoke{
    "token.revoke", "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL"};
constexpr Statement kRevokeOfUser{"token.revoke_of_user",
                                  "UPDATE api_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL"};
constexpr Statement kCount{"token.count", "SELECT count(*) FROM api_token WHERE user_id = $1 AND revoked_at IS NULL"};
constexpr Statement kList{"token.list", R"(
  SELECT id, name, scopes, created_at, last_used_at, expires_at FROM api_token
  WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3)"};
constexpr Statement kFind{"token.find", R"(
  SELECT u.id, u.role, u.must_change_password, t.id, t.scopes, t.last_used_at
  FROM api_token t JOIN "user" u ON u.id = t.user_id
  WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
    AND u.is_active = 1)"};
constexpr Statement kNoteUse{"token.note_use", "UPDATE api_token SET last_used_at = $2 WHERE id = $1"};

std::string stored(const std::vector<Scope>& scopes) {
  boost::json::array names;
  for (const Scope scope : scopes) names.emplace_back(name_of(scope));
  return boost::json::serialize(names);
}

std::vector<Scope> scopes_of(const std::string& stored) {
  std::vector<Scope> scopes;
  const boost::json::value names = boost::json::parse(stored);
  for (const boost::json::value& name : names.as_array()) {
    scopes.push_back(scope_named(name.as_string()).value());
  }
  return scopes;
}

audit::NewEntry entry_of(const audit::Actor& actor, std::string action, std::string_view id) {
  return {actor, std::move(action), "token", std::string(id)};
}

}  // namespace

Result<CreatedToken> create_token(const Context& context, UserId owner, const NewToken& token,
                                  const audit::Actor& actor) {
  const UtcTime now = context.clock.now();
  if (token.scopes.empty()) return tl::unexpected(wrong_field("scopes", "must not be empty"));
  if (token.expires_at && *token.expires_at <= now) return tl::unexpected(wrong_field("expires_at", "is past"));
  CreatedToken created{{make_uuid_v7(now), token.name, token.scopes, now, {}, token.expires_at},
                       std::string(kPrefix) + new_secret()};
  context.database.write([&](Transaction& transaction) {
    transaction.execute(kInsert, created.token.id, owner, token.name, digest_of(created.secret), stored(token.scopes),
                        now, token.expires_at);
    audit::append(transaction, entry_of(actor, "token.create", created.token.id), now);
  });
  return created;
}

Result<void> revoke_token(const Context& context, UserId owner, std::string_view id, const audit::Actor& actor) {
  const UtcTime now = context.clock.now();
  return context.database.write([&](Transaction& transaction) -> Result<void> {
    if (transaction.execute(kRevoke, id, owner, now) == 0) {
      return refuse(ErrorKind::not_found, "token.not_found", "There is no such token.");
    }
    audit::append(transaction, entry_of(actor, "token.revoke", id), now);
    return {};
  });
}

void revoke_tokens_of(Transaction& transaction, UserId owner, UtcTime now) {
  transaction.execute(kRevokeOfUser, owner, now);
}

TokenPage list_tokens(Transaction& transaction, UserId owner, int page, int page_size) {
  TokenPage found;
  found.count = transaction.row(kCount, owner).value().get<std::int64_t>(0);
  const std::int64_t skipped = (static_cast<std::int64_t>(page) - 1) * page_size;
  for (const Row& row : transaction.rows(kList, owner, page_size, skipped)) {
    found.tokens.push_back({row.get<std::string>(0), row.get<std::string>(1), scopes_of(row.get<std::string>(2)),
                            row.get<UtcTime>(3), row.get<std::optional<UtcTime>>(4),
                            row.get<std::optional<UtcTime>>(5)});
  }
  return found;
}

std::optional<TokenFound> find_token(Transaction& transaction, std::string_view secret, UtcTime now) {
  if (!secret.starts_with(kPrefix)) return std::nullopt;
  const auto row = transaction.row(kFind, digest_of(secret), now);
  if (!row) return std::nullopt;
  TokenFound found;
  found.caller.user = row->get<UserId>(0);
  found.caller.role = role_named(row->get<std::string>(1)).value();
  found.caller.must_change_password = row->get<bool>(2);
  found.caller.token = row->get<std::string>(3);
  found.caller.scopes = scopes_of(row->get<std::string>(4));
  found.last_used = row->get<std::optional<UtcTime>>(5);
  return found;
}

void note_use(Transaction& transaction, std::string_view id, UtcTime now) {
  transaction.execute(kNoteUse, id, now);
}

}  // namespace korrigo::accounts
