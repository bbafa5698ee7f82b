#include "accounts/login.h"

#include "accounts/account_key.h"
#include "accounts/password_reset.h"
#include "accounts/password_rules.h"
#include "accounts/settings.h"
#include "accounts/user_fields.h"
#include "accounts/user_store.h"

namespace korrigo::accounts {
namespace {

using storage::Transaction;

/// Who is trying, as far as the rows know.
struct Attempt {
  Door door;
  std::optional<store::UserSecret> account;
  std::optional<StudentProfile> student;
  std::optional<std::chrono::seconds> wait;
};

tl::unexpected<Denied> denied(ErrorKind kind, std::string code, std::string message,
                              std::chrono::seconds retry_after = std::chrono::seconds(0)) {
  return tl::unexpected(Denied{Error{kind, std::move(code), std::move(message)}, retry_after});
}

auto invalid_credentials() {
  return denied(ErrorKind::unauthenticated, "auth.invalid_credentials", "Invalid credentials.");
}

auto too_many(std::chrono::seconds wait) {
  return denied(ErrorKind::limited, "limits.too_many_attempts",
                fmt::format("Too many attempts. Try again in {} s.", wait.count()), wait);
}

/// Counts the failure, and writes down that it closed the door.
void fail(const Context& context, const LoginRule& rule, const Attempt& attempt, const Visit& visit) {
  const UtcTime now = context.clock.now();
  context.database.write_contended([&](Transaction& transaction) {
    record_failure(transaction, attempt.door, now);
    const auto wait = wait_at(transaction, context.limits, rule, attempt.door, now);
    if (!wait) return;
    const auto id = attempt.account ? std::to_string(attempt.account->user.id.value) : std::string();
    audit::append(transaction,
                  {{{}, visit.address, visit.request_id}, "session.locked", "user", id, {{"seconds", wait->count()}}},
                  now);
  });
}

/// The rows of a good log-in.
LoggedIn enter(Transaction& transaction, Profile profile, const Door& door, const Visit& visit, UtcTime now) {
  const UserId user = profile.user.id;
  forget_failures(transaction, door);
  std::string secret = open_session(transaction, user, profile.user.role, visit, now);
  store::set_last_login(transaction, user, visit.in_english ? "en" : "fr", now);
  profile.user.last_login_at = now;
  audit::append(transaction,
                {{user, visit.address, visit.request_id}, "session.login", "user", std::to_string(user.value)}, now);
  return {std::move(profile), std::move(secret)};
}

Attempt staff_attempt(Transaction& transaction, const Context& context, const StaffCredentials& credentials,
                      const Visit& visit) {
  Attempt attempt;
  attempt.account = store::find_by_login(transaction, credentials.login);
  attempt.door = {attempt.account ? account_key(attempt.account->user.id) : unknown_account_key(credentials.login),
                  visit.address};
  attempt.wait = wait_at(transaction, context.limits, context.limits.staff, attempt.door, context.clock.now());
  return attempt;
}

/// The log-in by a password that was right.
LogInResult enter_with_password(const Context& context, const Attempt& attempt, const std::string& password,
                                const Visit& visit) {
  const store::UserSecret& account = *attempt.account;
  std::optional<std::string> renewed;
  if (context.hasher.outdated(*account.password_hash)) renewed = context.hasher.hash(password);
  return context.database.write_contended([&](Transaction& transaction) -> LogInResult {
    auto profile = profile_of(transaction, account.user.id);
    if (!profile || !profile->user.is_active) return invalid_credentials();
    if (renewed) store::upgrade_password(transaction, account.user.id, *account.password_hash, *renewed);
    return enter(transaction, std::move(*profile), attempt.door, visit, context.clock.now());
  });
}

std::optional<std::string> hash_of(const Attempt& attempt) {
  return attempt.account ? attempt.account->password_hash : std::nullopt;
}

bool may_enter(const Attempt& attempt) {
  return attempt.account && attempt.account->user.is_active;
}

Attempt student_attempt(Transaction& transaction, const Context& context, const StudentCredentials& credentials,
                        const Visit& visit) {
  Attempt attempt;
  attempt.student = student_with_email(transaction, credentials.email);
  const auto user = attempt.student ? attempt.student->user_id : std::nullopt;
  attempt.account = store::find_secret(transaction, user.value_or(UserId{}));  // always asked: the same work for all
  attempt.door = {user              ? account_key(*user)
                  : attempt.student ? account_key(attempt.student->id)
                                    : unknown_account_key(credentials.email),
                  visit.address};
  attempt.wait = wait_at(transaction, context.limits, context.limits.student, attempt.door, context.clock.now());
  return attempt;
}

LogInResult enter_with_birth_date(const Context& context, const Attempt& attempt, const Visit& visit) {
  const UtcTime now = context.clock.now();
  return context.database.write_contended([&](Transaction& transaction) -> LogInResult {
    const auto user = account_of_student(transaction, *attempt.student, now);
    if (!user) return invalid_credentials();
    auto profile = profile_of(transaction, *user);
    if (!profile || !profile->user.is_active) return invalid_credentials();
    return enter(transaction, std::move(*profile), attempt.door, visit, now);
  });
}

}  // namespace

Result<Profile> profile_of(Transaction& transaction, UserId user) {
  auto found = find_user(transaction, user);
  if (!found) return tl::unexpected(found.error());
  Profile profile{std::move(*found), std::nullopt};
  if (profile.user.role == Role::student) profile.student = student_of_user(transaction, user);
  return profile;
}

LogInResult log_in(const Context& context, const StaffCredentials& credentials, const Visit& visit) {
  const Attempt attempt = context.database.read(
      [&](Transaction& transaction) { return staff_attempt(transaction, context, credentials, visit); });
  if (attempt.wait) return too_many(*attempt.wait);
  const bool right = context.hasher.verify(hash_of(attempt), credentials.password);
  if (!right || !may_enter(attempt)) {
    fail(context, context.limits.staff, attempt, visit);
    return invalid_credentials();
  }
  if (attempt.account->user.role == Role::student) {
    return denied(ErrorKind::forbidden, "auth.wrong_portal", "This is a student's account: use the student portal.");
  }
  return enter_with_password(context, attempt, credentials.password, visit);
}

LogInResult log_in_student(const Context& context, const StudentCredentials& credentials, const Visit& visit) {
  StudentLogin way = StudentLogin::birth_date;
  const Attempt attempt = context.database.read([&](Transaction& transaction) {
    way = settings(transaction).student_login;
    return student_attempt(transaction, context, credentials, visit);
  });
  const bool by_password = way == StudentLogin::password;
  if (by_password ? !credentials.password : !credentials.birth_date) {
    return denied(ErrorKind::forbidden, "auth.method_disabled", "The school has chosen another way to log in.");
  }
  if (attempt.wait) return too_many(*attempt.wait);
  const bool right = by_password ? context.hasher.verify(hash_of(attempt), *credentials.password)
                                 : attempt.student && attempt.student->date_naissance == *credentials.birth_date;
  const bool active = by_password ? may_enter(attempt) : !attempt.account || attempt.account->user.is_active;
  if (!right || !active) {
    fail(context, context.limits.student, attempt, visit);
    return invalid_credentials();
  }
  return by_password ? enter_with_password(context, attempt, *credentials.password, visit)
                     : enter_with_birth_date(context, attempt, visit);
}

void log_out(const Context& context, const std::string& session, const audit::Actor& actor) {
  const UtcTime now = context.clock.now();
  context.database.write_contended([&](Transaction& transaction) {
    end_session(transaction, session);
    const auto user = actor.user ? std::to_string(actor.user->value) : std::string();
    audit::append(transaction, {actor, "session.logout", "user", user}, now);
  });
}

tl::expected<std::string, Denied> change_own_password(const Context& context, UserId user, const std::string& current,
                                                      const std::string& wanted, const Visit& visit,
                                                      const audit::Actor& actor) {
  Attempt attempt;
  context.database.read([&](Transaction& transaction) {
    attempt.account = store::find_secret(transaction, user);
    attempt.door = {account_key(user), visit.address};
    attempt.wait = wait_at(transaction, context.limits, context.limits.staff, attempt.door, context.clock.now());
  });
  if (attempt.wait) return too_many(*attempt.wait);
  if (!context.hasher.verify(hash_of(attempt), current)) {
    fail(context, context.limits.staff, attempt, visit);
    Error error{ErrorKind::invalid_input, "password.wrong_current", "The current password is wrong."};
    error.field = "current_password";
    return tl::unexpected(Denied{std::move(error)});
  }
  if (wanted == current) {
    Error error{ErrorKind::invalid_input, "password.weak", "This password is too weak."};
    error.field = "new_password";
    error.details = {"The new password must not be the current one."};
    return tl::unexpected(Denied{std::move(error)});
  }
  if (auto good = check_password(wanted, names_of(attempt.account->user), "new_password"); !good) {
    return tl::unexpected(Denied{good.error()});
  }
  const std::string hash = context.hasher.hash(wanted);
  const UtcTime now = context.clock.now();
  return context.database.write_contended([&](Transaction& transaction) {
    store::set_password(transaction, user, hash, false);
    forget_failures(transaction, attempt.door);
    end_sessions_of(transaction, user);
    std::string secret = open_session(transaction, user, attempt.account->user.role, visit, now);
    audit::append(transaction, {actor, "user.change_password", "user", std::to_string(user.value)}, now);
    return secret;
  });
}

std::int64_t remove_expired(storage::Database& database, UtcTime now) {
  return database.write([&](Transaction& transaction) {
    return remove_ended_sessions(transaction, now) + remove_old_failures(transaction, now) +
           remove_old_resets(transaction, now);
  });
}

}  // namespace korrigo::accounts
