/// The guard of every route: who is asking, and whether this route is theirs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/caller.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "http/router.h"
#include "storage/database.h"

namespace korrigo::accounts {

/// Who may call a route; Route::rights and SocketRoute::rights hold one. Combined with |:
///   route.rights = kAdmin | kTeacher;
class Rights {
 public:
  constexpr explicit Rights(std::uint8_t roles) : roles_(roles) {}
  friend constexpr Rights operator|(Rights a, Rights b) {
    Rights both(static_cast<std::uint8_t>(a.roles_ | b.roles_));
    both.password_may_be_stale_ = a.password_may_be_stale_ && b.password_may_be_stale_;
    both.sessions_only_ = a.sessions_only_ || b.sessions_only_;
    return both;
  }
  /// Open to users who have to change their password first.
  constexpr Rights with_stale_password() const {
    Rights changed = *this;
    changed.password_may_be_stale_ = true;
    return changed;
  }
  /// Closed to personal tokens.
  constexpr Rights sessions_only() const {
    Rights changed = *this;
    changed.sessions_only_ = true;
    return changed;
  }
  /// Of a public route that answers while the database is away too: nobody is attached then.
  constexpr Rights even_without_database() const {
    Rights changed = *this;
    changed.needs_database_ = false;
    return changed;
  }

  constexpr bool is_public() const { return (roles_ & 0x80) != 0; }
  constexpr bool includes(Role role) const { return (roles_ & (1U << static_cast<unsigned>(role))) != 0; }
  constexpr bool password_may_be_stale() const { return password_may_be_stale_; }
  constexpr bool needs_session() const { return sessions_only_; }
  constexpr bool needs_database() const { return needs_database_; }

 private:
  std::uint8_t roles_ = 0;
  bool password_may_be_stale_ = false;
  bool sessions_only_ = false;
  bool needs_database_ = true;
};

inline constexpr Rights kAdmin{1U << static_cast<unsigned>(Role::admin)};
inline constexpr Rights kTeacher{1U << static_cast<unsigned>(Role::teacher)};
inline constexpr Rights kStudent{1U << static_cast<unsigned>(Role::student)};
inline constexpr Rights kAny = kAdmin | kTeacher | kStudent;  // whoever is logged in
inline constexpr Rights kPublic{0x80};                        // everybody; a caller is attached when there is one

struct GuardOptions {
  /// Origins beside the server's own whose pages may call it ("https://desk.example"), as CORS lists them.
  std::vector<std::string> allowed_origins = {};
};

/// Attaches a Caller to the request (Request::caller, Request::user_id) from `Authorization: Bearer` or the cookie
/// `sessionid`, keeps the session alive, and refuses in this order:
///   401 auth.required                  nobody is logged in, or the token is not valid
///   403 csrf.failed                    a session's unsafe method without the token of /api/csrf/, or any unsafe method
///                                      from a foreign page (Origin)
///   403 auth.forbidden                 another role, a token without the scope, a token where sessions_only()
///   403 auth.password_change_required  unless with_stale_password()
/// A route whose rights are no Rights throws std::logic_error: nothing is open by omission. `database` and `clock`
/// outlive the guard. Any thread.
http::Guard make_guard(storage::Database& database, const Clock& clock, const GuardOptions& options = {});

/// The caller of a route that is not public. Throws std::logic_error when the guard attached none.
const Caller& caller_of(const http::Request& request);
/// The caller, if there is one: for public routes.
const Caller* caller_if_any(const http::Request& request);
/// Who acts, for the audit log.
audit::Actor actor_of(const http::Request& request);

}  // namespace korrigo::accounts
