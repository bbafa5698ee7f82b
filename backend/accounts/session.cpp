#include "accounts/session.h"

#include "accounts/secrets.h"
#include "events/bus.h"

namespace korrigo::accounts {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kInsert{"session.insert", R"(
  INSERT INTO session (token_hash, user_id, csrf, address, user_agent, created_at, last_seen_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6, $7))"};
constexpr Statement kFind{"session.find", R"(
  SELECT u.id, u.role, u.must_change_password, st.id, s.csrf, s.last_seen_at
  FROM session s JOIN "user" u ON u.id = s.user_id LEFT JOIN student st ON st.user_id = u.id
  WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.is_active = 1)"};
constexpr Statement kKeepAlive{
    "session.keep_alive",
    "UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE token_hash = $1 AND last_seen_at < $2"};
constexpr Statement kBindCsrf{"session.bind_csrf", "UPDATE session SET csrf = $2 WHERE token_hash = $1"};
constexpr Statement kEnd{"session.end", "DELETE FROM session WHERE token_hash = $1 RETURNING user_id"};
constexpr Statement kEndOfUser{"session.end_of_user", "DELETE FROM session WHERE user_id = $1"};
constexpr Statement kRemoveEnded{"session.remove_ended", "DELETE FROM session WHERE expires_at <= $1"};

constexpr std::size_t kLongestUserAgent = 200;  // bytes kept

std::chrono::milliseconds idle_time(Role role) {
  return role == Role::student ? kStudentIdle : kStaffIdle;
}

/// Printable ASCII only: a field from outside, of which only the beginning is of interest.
std::string shortened(std::string_view user_agent) {
  std::string kept(user_agent.substr(0, kLongestUserAgent));
  std::ranges::replace_if(
      kept, [](char letter) { return letter < ' ' || letter > '~'; }, '?');
  return kept;
}

}  // namespace

void tell_rights_changed(Transaction& transaction, UserId user) {
  events::publish(transaction, fmt::format("{}{}", kRightsChanged, user.value), "{}");
}

std::string open_session(Transaction& transaction, UserId user, Role role, const Visit& visit, UtcTime now) {
  if (visit.old_session) end_session(transaction, *visit.old_session);
  std::string secret = new_secret();
  transaction.execute(kInsert, digest_of(secret), user, visit.csrf, visit.address, shortened(visit.user_agent), now,
                      now + idle_time(role));
  return secret;
}

std::optional<SessionFound> find_session(Transaction& transaction, std::string_view token_hash, UtcTime now) {
  const auto row = transaction.row(kFind, token_hash, now);
  if (!row) return std::nullopt;
  SessionFound found;
  found.caller.user = row->get<UserId>(0);
  found.caller.role = role_named(row->get<std::string>(1)).value();
  found.caller.must_change_password = row->get<bool>(2);
  found.caller.student = row->get<std::optional<StudentId>>(3);
  found.caller.session = token_hash;
  found.csrf = row->get<std::string>(4);
  found.last_seen = row->get<UtcTime>(5);
  return found;
}

void keep_alive(Transaction& transaction, std::string_view token_hash, Role role, UtcTime now) {
  transaction.execute(kKeepAlive, token_hash, now, now + idle_time(role));
}

void bind_csrf(Transaction& transaction, std::string_view token_hash, std::string_view csrf) {
  transaction.execute(kBindCsrf, token_hash, csrf);
}

void end_session(Transaction& transaction, std::string_view token_hash) {
  if (const auto row = transaction.row(kEnd, token_hash)) tell_rights_changed(transaction, row->get<UserId>(0));
}

void end_sessions_of(Transaction& transaction, UserId user) {
  if (transaction.execute(kEndOfUser, user) > 0) tell_rights_changed(transaction, user);
}

std::int64_t remove_ended_sessions(Transaction& transaction, UtcTime now) {
  return transaction.execute(kRemoveEnded, now);
}

}  // namespace korrigo::accounts
