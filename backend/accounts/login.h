/// Log-in, log-out, and a new password for oneself.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "accounts/context.h"
#include "accounts/session.h"
#include "accounts/student_account.h"
#include "accounts/user.h"
#include "base/date.h"
#include "base/result.h"

namespace korrigo::accounts {

/// What /api/me/ shows.
struct Profile {
  User user;
  std::optional<StudentProfile> student;
};
Result<Profile> profile_of(storage::Transaction& transaction, UserId user);

struct LoggedIn {
  Profile profile;
  std::string session_secret;  // for the cookie
};

/// A refused log-in.
struct Denied {
  Error error;
  std::chrono::seconds retry_after{0};  // of limits.too_many_attempts
};
using LogInResult = tl::expected<LoggedIn, Denied>;

struct StaffCredentials {
  std::string login;  // user name or e-mail address, in any case
  std::string password;
};

/// Denies with
///   unauthenticated "auth.invalid_credentials"  unknown, wrong, not active: the same answer after the same work
///   forbidden       "auth.wrong_portal"         a student's account with its right password
///   limited         "limits.too_many_attempts"  before any work on the password
/// A good log-in ends the session that came along, makes a new one, forgets the failures, and renews an outdated hash.
LogInResult log_in(const Context& context, const StaffCredentials& credentials, const Visit& visit);

struct StudentCredentials {
  std::string email;
  std::optional<Date> birth_date = {};
  std::optional<std::string> password = {};
};

/// As above, but denies with forbidden "auth.method_disabled" when the school's setting student_login asks for the
/// other of the two. By birth date the account is made at the first log-in.
LogInResult log_in_student(const Context& context, const StudentCredentials& credentials, const Visit& visit);

void log_out(const Context& context, const std::string& session, const audit::Actor& actor);

/// Ends every session of the user and makes a new one in place of this one; returns its secret. Personal tokens stay.
/// Refuses with invalid_input "password.wrong_current" or "password.weak"; with limited "limits.too_many_attempts"
/// after failures as many as a log-in may have.
tl::expected<std::string, Denied> change_own_password(const Context& context, UserId user, const std::string& current,
                                                      const std::string& wanted, const Visit& visit,
                                                      const audit::Actor& actor);

/// Removes ended sessions, old failures and old links for a new password; for a periodic task. Returns how many rows.
std::int64_t remove_expired(storage::Database& database, UtcTime now);

}  // namespace korrigo::accounts
