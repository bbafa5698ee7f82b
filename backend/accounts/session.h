/// Log-ins of browsers. The cookie holds a random secret, the row its digest; who reads the table cannot use it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/caller.h"
#include "base/clock.h"
#include "storage/database.h"

namespace korrigo::accounts {

/// How long a session lives without a request.
constexpr std::chrono::hours kStaffIdle{8};
constexpr std::chrono::hours kStudentIdle{2};

/// Where a request comes from, as far as sessions and limits care.
struct Visit {
  std::string address;
  std::string user_agent = {};
  std::string request_id = {};
  std::string csrf = {};                        // digest of the cookie csrftoken; empty when there was none
  bool in_english = false;                      // for mails until the next log-in
  std::optional<std::string> old_session = {};  // digest of the session secret that came along; ends at log-in
};

/// Makes a session; returns its secret, which is nowhere else.
std::string open_session(storage::Transaction& transaction, UserId user, Role role, const Visit& visit, UtcTime now);

struct SessionFound {
  Caller caller;
  std::string csrf;  // digest of the cookie csrftoken this session belongs with
  UtcTime last_seen{};
};
/// Of a session that has not ended, of a user who is active.
std::optional<SessionFound> find_session(storage::Transaction& transaction, std::string_view token_hash, UtcTime now);

/// Begins the idle time anew.
void keep_alive(storage::Transaction& transaction, std::string_view token_hash, Role role, UtcTime now);
void bind_csrf(storage::Transaction& transaction, std::string_view token_hash, std::string_view csrf);

/// Told on this topic and the user's id when sessions of a user end or the role changes, so that what they hold open is
/// looked at again.
inline constexpr std::string_view kRightsChanged = "rights_changed/";
void tell_rights_changed(storage::Transaction& transaction, UserId user);

/// Nothing happens when it is not there.
void end_session(storage::Transaction& transaction, std::string_view token_hash);
void end_sessions_of(storage::Transaction& transaction, UserId user);
/// Removes the rows of sessions that are over. Returns how many.
std::int64_t remove_ended_sessions(storage::Transaction& transaction, UtcTime now);

}  // namespace korrigo::accounts
