/// A small school on an engine of the test's choice, for the tests of this module.
#pragma once

#include <gtest/gtest.h>

#include "accounts/context.h"
#include "accounts/login.h"
#include "accounts/user.h"
#include "base/clock.h"
#include "support/databases.h"

namespace korrigo::accounts {

inline const UtcTime kSchoolOpens{std::chrono::milliseconds(1'800'000'000'000)};
inline constexpr std::string_view kGoodPassword = "quiet-harbour-4711";

/// Passwords are hashed at libsodium's least cost: what is tested is who is let in.
class School : public test::AnyDatabase {
 protected:
  Context context() { return {database(), hasher_, clock_, limits_}; }

  User add(const std::string& name, Role role = Role::teacher, std::optional<bool> must_change = {}) {
    auto created = create_user(context(),
                               {.username = name,
                                .email = name + "@lycee.example.org",
                                .role = role,
                                .password = std::string(kGoodPassword),
                                .must_change_password = must_change},
                               {});
    if (!created) throw std::runtime_error(created.error().message);
    return created->user;
  }

  StudentId add_student(std::string_view last_name, std::string_view email, std::string_view born) {
    constexpr storage::Statement kInsert{"test.student", R"(
      INSERT INTO student (last_name, first_name, date_naissance, email, sort_name, created_at, updated_at)
      VALUES ($1, 'Zoé', $3, $2, $1, 0, 0) RETURNING id)"};
    return database().write(
        [&](storage::Transaction& t) { return t.row(kInsert, last_name, email, born)->get<StudentId>(0); });
  }

  LogInResult enter(std::string login, std::string_view password = kGoodPassword, std::string address = "192.0.2.1") {
    return log_in(context(), {std::move(login), std::string(password)}, {.address = std::move(address)});
  }
  LogInResult enter_by_birth_date(std::string email, std::string_view born, std::string address = "192.0.2.1") {
    return log_in_student(context(), {.email = std::move(email), .birth_date = Date::parse(born)},
                          {.address = std::move(address)});
  }

  std::int64_t number(const storage::Statement& statement) {
    return database().read([&](storage::Transaction& t) { return t.row(statement)->get<std::int64_t>(0); });
  }
  std::int64_t sessions() { return number({"test.sessions", "SELECT count(*) FROM session"}); }
  std::int64_t audited(std::string_view action) {
    constexpr storage::Statement kCount{"test.audited", "SELECT count(*) FROM audit_log WHERE action = $1"};
    return database().read([&](storage::Transaction& t) { return t.row(kCount, action)->get<std::int64_t>(0); });
  }

  PasswordHasher hasher_{{.passes = 1, .memory = 8192}};
  ManualClock clock_{kSchoolOpens};
  LoginLimits limits_;
};

inline std::string code_of(const LogInResult& result) {
  return result ? "entered" : result.error().error.code;
}
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "done" : result.error().code;
}

}  // namespace korrigo::accounts
