// Log-in, log-out and one's own password (behaviours 1-7, 15-23, 38-42, 58).
#include "accounts/login.h"

#include <thread>

#include "accounts/school_tests.h"
#include "accounts/secrets.h"
#include "accounts/settings.h"
#include "accounts/token.h"
#include "base/guarded.h"
#include "events/bus.h"

namespace korrigo::accounts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using storage::Transaction;

class LogIn : public School {
 protected:
  std::optional<SessionFound> session(const std::string& secret) {
    return database().read([&](Transaction& t) { return find_session(t, digest_of(secret), clock_.now()); });
  }
  std::string hash_of(UserId user) {
    constexpr storage::Statement kHash{"test.hash", "SELECT password_hash FROM \"user\" WHERE id = $1"};
    return database().read([&](Transaction& t) { return t.row(kHash, user)->get<std::string>(0); });
  }
  void set_hash(UserId user, std::string_view hash) {
    constexpr storage::Statement kSet{"test.set_hash", "UPDATE \"user\" SET password_hash = $2 WHERE id = $1"};
    database().write([&](Transaction& t) { t.execute(kSet, user, hash); });
  }
  tl::expected<std::string, Denied> change(UserId user, std::string_view current, std::string_view wanted) {
    return change_own_password(context(), user, std::string(current), std::string(wanted), {.address = "192.0.2.1"},
                               {.user = user});
  }
  void ask_students_for(StudentLogin way) {
    ASSERT_TRUE(change_settings(database(), {{"student_login", name_of(way)}}, {}, clock_.now()));
  }
};
KORRIGO_ON_BOTH_ENGINES(LogIn);

TEST_P(LogIn, b001_b002_b003_takes_user_name_or_address_in_any_case) {
  const User marie = add("marie");
  for (const char* login : {"marie", "MARIE", " marie ", "marie@lycee.example.org", "Marie@Lycee.Example.ORG"}) {
    const auto entered = enter(login);
    ASSERT_TRUE(entered) << login;
    EXPECT_EQ(entered->profile.user.id, marie.id);
    EXPECT_EQ(session(entered->session_secret)->caller.role, Role::teacher);
  }
  add("office", Role::admin);
  EXPECT_EQ(enter("office")->profile.user.role, Role::admin);
}

TEST_P(LogIn, b004_b005_b006_gives_one_answer_to_everybody_it_does_not_let_in) {
  add("marie");
  const User dormant = add("dormant");
  ASSERT_TRUE(change_user(context(), dormant.id, {.is_active = false}, {}));
  const auto wrong = enter("marie", "not-the-password");
  for (const auto& refused : {enter("nobody", "not-the-password"), enter("dormant"), enter("marie", ""), wrong}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().error.code, "auth.invalid_credentials");
    EXPECT_EQ(refused.error().error.message, wrong.error().error.message);
  }
  EXPECT_EQ(sessions(), 0);
}

TEST_P(LogIn, b005_works_as_hard_for_an_unknown_name) {
  add("marie");
  const User dormant = add("dormant");
  ASSERT_TRUE(change_user(context(), dormant.id, {.is_active = false}, {}));
  const auto work = [&](const std::string& login, std::string_view password) {
    const std::uint64_t before = hasher_.hashed();
    enter(login, password);
    return hasher_.hashed() - before;
  };
  const std::uint64_t of_known = work("marie", "not-the-password");
  EXPECT_GT(of_known, 0U);
  EXPECT_EQ(work("nobody", "not-the-password"), of_known);
  EXPECT_EQ(work("dormant", kGoodPassword), of_known);
  EXPECT_EQ(work("dormant", "not-the-password"), of_known);
}

TEST_P(LogIn, b007_sends_a_student_with_the_right_password_to_the_other_door) {
  const StudentId zoe = add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  const NewStudentAccount account{zoe, "zoe@lycee.example.org", hasher_.hash(kGoodPassword)};
  database().write([&](Transaction& t) { create_student_accounts(t, {&account, 1}, clock_.now()); });
  EXPECT_EQ(code_of(enter("zoe@lycee.example.org")), "auth.wrong_portal");
  EXPECT_EQ(code_of(enter("zoe@lycee.example.org", "wrong")), "auth.invalid_credentials");
  EXPECT_EQ(sessions(), 0);
}

TEST_P(LogIn, makes_a_new_session_and_ends_the_one_that_came_along) {
  add("marie");
  const auto first = enter("marie");
  const auto second = log_in(context(), {"marie", std::string(kGoodPassword)},
                             {.address = "192.0.2.1", .old_session = digest_of(first->session_secret)});
  EXPECT_NE(first->session_secret, second->session_secret);
  EXPECT_FALSE(session(first->session_secret));
  EXPECT_TRUE(session(second->session_secret));
}

TEST_P(LogIn, keeps_only_digests_of_session_secrets) {
  add("marie");
  const auto entered = enter("marie");
  constexpr storage::Statement kKept{"test.kept", "SELECT token_hash FROM session"};
  const auto kept = database().read([&](Transaction& t) { return t.row(kKept)->get<std::string>(0); });
  EXPECT_EQ(kept, digest_of(entered->session_secret));
  EXPECT_NE(kept, entered->session_secret);
}

TEST_P(LogIn, lets_sessions_idle_for_eight_hours_and_a_student_s_for_two) {
  add("marie");
  add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  const auto marie = enter("marie")->session_secret;
  const auto zoe = enter_by_birth_date("zoe@lycee.example.org", "15/05/2008")->session_secret;
  clock_.advance(hours(2) - minutes(1));
  EXPECT_TRUE(session(zoe));
  database().write([&](Transaction& t) { keep_alive(t, digest_of(zoe), Role::student, clock_.now()); });
  clock_.advance(hours(2) - minutes(1));
  EXPECT_TRUE(session(zoe));
  clock_.advance(minutes(1));
  EXPECT_FALSE(session(zoe));
  EXPECT_TRUE(session(marie));
  clock_.advance(hours(4) + minutes(1));
  EXPECT_FALSE(session(marie));
  EXPECT_EQ(remove_expired(database(), clock_.now()), 2);
  EXPECT_EQ(sessions(), 0);
}

TEST_P(LogIn, b009_ends_with_log_out) {
  const User marie = add("marie");
  const auto secret = enter("marie")->session_secret;
  log_out(context(), digest_of(secret), {.user = marie.id});
  EXPECT_FALSE(session(secret));
  EXPECT_EQ(audited("session.login"), 1);
  EXPECT_EQ(audited("session.logout"), 1);
}

TEST_P(LogIn, tells_those_who_hold_something_open_that_their_rights_have_changed) {
  events::Bus bus(database());
  Guarded<std::vector<std::string>> told;
  const auto subscription = bus.subscribe_prefix(
      std::string(kRightsChanged), [&](std::string_view topic, std::string_view) { told.lock()->emplace_back(topic); });
  const auto awaited = [&](std::size_t count) {
    for (int i = 0; i < 10'000 && told.lock()->size() < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    auto lock = told.lock();
    return *lock;
  };
  const User marie = add("marie"), paul = add("paul");
  const std::string of_marie = std::string(kRightsChanged) + std::to_string(marie.id.value);
  const std::string of_paul = std::string(kRightsChanged) + std::to_string(paul.id.value);
  const auto secret = enter("marie")->session_secret;
  log_out(context(), digest_of(secret), {.user = marie.id});
  EXPECT_EQ(awaited(1), std::vector{of_marie});
  log_out(context(), digest_of(secret), {.user = marie.id});
  enter("paul");
  ASSERT_TRUE(reset_password(context(), paul.id, {}));
  EXPECT_EQ(awaited(2), (std::vector{of_marie, of_paul}));
  ASSERT_TRUE(change_user(context(), marie.id, {.role = Role::admin}, {}));
  EXPECT_EQ(awaited(3), (std::vector{of_marie, of_paul, of_marie}));
}

TEST_P(LogIn, b020_b021_b023_is_limited_after_five_failures_whatever_name_was_used) {
  add("forgetful");
  add("mindful");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(code_of(enter("forgetful", "wrong")), "auth.invalid_credentials");
  EXPECT_TRUE(enter("forgetful")) << "a good log-in below the threshold is never limited";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code_of(enter("forgetful", "wrong")), "auth.invalid_credentials");
  for (const char* login : {"forgetful", "FORGETFUL", "forgetful@lycee.example.org"}) {
    const auto limited = enter(login);
    ASSERT_FALSE(limited);
    EXPECT_EQ(limited.error().error.code, "limits.too_many_attempts");
    EXPECT_EQ(limited.error().retry_after, std::chrono::seconds(15 * 60));
  }
  EXPECT_TRUE(enter("mindful"));
  EXPECT_TRUE(enter("forgetful", kGoodPassword, "192.0.2.2"));
  EXPECT_EQ(audited("session.locked"), 1);
  clock_.advance(minutes(15));
  EXPECT_TRUE(enter("forgetful"));
}

TEST_P(LogIn, b020_limits_an_unknown_name_like_a_known_one_and_without_hashing) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code_of(enter("no-such-person", "x")), "auth.invalid_credentials");
  const std::uint64_t before = hasher_.hashed();
  EXPECT_EQ(code_of(enter("No-Such-Person", "x")), "limits.too_many_attempts");
  EXPECT_EQ(hasher_.hashed(), before);
}

TEST_P(LogIn, takes_a_password_of_django_and_keeps_it_as_argon2id) {
  const User old = add("old");
  set_hash(old.id, "pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY=");
  EXPECT_FALSE(enter("old", "letmein"));
  EXPECT_TRUE(hash_of(old.id).starts_with("pbkdf2"));
  EXPECT_TRUE(enter("old", "lètmein"));
  EXPECT_TRUE(hash_of(old.id).starts_with("$argon2id$"));
  EXPECT_TRUE(enter("old", "lètmein"));
}

TEST_P(LogIn, b015_b018_b019_changes_one_s_own_password) {
  const User marie = add("marie", Role::teacher, true);
  const auto here = enter("marie")->session_secret;
  const auto elsewhere = enter("marie")->session_secret;
  EXPECT_TRUE(session(here)->caller.must_change_password);
  const auto changed = change(marie.id, kGoodPassword, "lantern-orchard-29");
  ASSERT_TRUE(changed);
  EXPECT_FALSE(session(here));
  EXPECT_FALSE(session(elsewhere));
  EXPECT_FALSE(session(*changed)->caller.must_change_password);
  EXPECT_EQ(code_of(enter("marie")), "auth.invalid_credentials");
  EXPECT_TRUE(enter("marie", "lantern-orchard-29"));
}

TEST_P(LogIn, b016_b017_b019_refuses_a_weak_new_password_and_a_wrong_current_one) {
  const User marie = add("marie");
  for (const char* weak : {"short-1", "123456789012", "password1234", "mariemarie12"}) {
    const auto refused = change(marie.id, kGoodPassword, weak);
    ASSERT_FALSE(refused) << weak;
    EXPECT_EQ(refused.error().error.code, "password.weak");
    EXPECT_FALSE(refused.error().error.details.empty());
  }
  EXPECT_EQ(change(marie.id, kGoodPassword, kGoodPassword).error().error.code, "password.weak");
  EXPECT_EQ(change(marie.id, "something-else-77", "lantern-orchard-29").error().error.code, "password.wrong_current");
  EXPECT_TRUE(enter("marie"));
}

TEST_P(LogIn, limits_guesses_at_the_current_password_too) {
  const User marie = add("marie");
  for (int i = 0; i < 5; ++i) change(marie.id, "guess", "lantern-orchard-29");
  EXPECT_EQ(change(marie.id, kGoodPassword, "lantern-orchard-29").error().error.code, "limits.too_many_attempts");
}

TEST_P(LogIn, b038_lets_a_student_in_by_birth_date_and_makes_the_account) {
  add_student("MARTIN", "Zoe@lycee.example.org", "2008-05-15");
  const auto entered = enter_by_birth_date("zoe@LYCEE.example.org", "15/05/2008");
  ASSERT_TRUE(entered);
  EXPECT_EQ(entered->profile.user.role, Role::student);
  ASSERT_TRUE(entered->profile.student);
  EXPECT_EQ(entered->profile.student->last_name, "MARTIN");
  EXPECT_EQ(entered->profile.student->user_id, entered->profile.user.id);
  const auto again = enter_by_birth_date("zoe@lycee.example.org", "2008-05-15");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->profile.user.id, entered->profile.user.id);
  EXPECT_EQ(session(again->session_secret)->caller.student, entered->profile.student->id);
}

TEST_P(LogIn, b039_b041_refuses_wrong_dates_unknown_addresses_and_staff_alike) {
  add("marie");
  add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  for (const auto& refused : {enter_by_birth_date("zoe@lycee.example.org", "2008-05-16"),
                              enter_by_birth_date("nobody@lycee.example.org", "2008-05-15"),
                              enter_by_birth_date("marie@lycee.example.org", "2008-05-15")}) {
    EXPECT_EQ(code_of(refused), "auth.invalid_credentials");
  }
  EXPECT_EQ(sessions(), 0);
}

TEST_P(LogIn, never_takes_a_student_for_the_staff_member_of_that_address) {
  add("marie");
  add_student("MARTIN", "marie@lycee.example.org", "2008-05-15");
  EXPECT_EQ(code_of(enter_by_birth_date("marie@lycee.example.org", "2008-05-15")), "auth.invalid_credentials");
}

TEST_P(LogIn, limits_guesses_at_a_birth_date_longest_and_from_everywhere) {
  add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  for (int i = 1; i <= 5; ++i) enter_by_birth_date("zoe@lycee.example.org", fmt::format("2008-04-{:02}", i));
  const auto limited = enter_by_birth_date("zoe@lycee.example.org", "2008-05-15");
  EXPECT_EQ(code_of(limited), "limits.too_many_attempts");
  EXPECT_EQ(limited.error().retry_after, std::chrono::seconds(3600));
  for (int i = 1; i <= 15; ++i) {
    enter_by_birth_date("zoe@lycee.example.org", "2008-03-01", "198.51.100." + std::to_string(i));
  }
  EXPECT_EQ(code_of(enter_by_birth_date("zoe@lycee.example.org", "2008-05-15", "203.0.113.1")),
            "limits.too_many_attempts");
}

TEST_P(LogIn, b042_b058_lets_students_in_by_password_where_the_school_chose_that) {
  const StudentId zoe = add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  const NewStudentAccount account{zoe, "zoe@lycee.example.org", hasher_.hash("k7xm-p3qd-w9ht-z2bc")};
  const auto made = database().write([&](Transaction& t) {
    return create_student_accounts(t, {&account, 1}, clock_.now());
  });
  EXPECT_EQ(made, std::vector<std::string>{"zoe@lycee.example.org"});
  EXPECT_TRUE(database()
                  .write([&](Transaction& t) {
                    return create_student_accounts(t, {&account, 1}, clock_.now());
                  })
                  .empty());
  const StudentCredentials by_password{.email = "Zoe@lycee.example.org", .password = "k7xm-p3qd-w9ht-z2bc"};
  EXPECT_EQ(code_of(log_in_student(context(), by_password, {.address = "192.0.2.1"})), "auth.method_disabled");

  ask_students_for(StudentLogin::password);
  EXPECT_EQ(code_of(enter_by_birth_date("zoe@lycee.example.org", "2008-05-15")), "auth.method_disabled");
  const auto entered = log_in_student(context(), by_password, {.address = "192.0.2.1"});
  ASSERT_TRUE(entered);
  EXPECT_TRUE(entered->profile.user.must_change_password);
  const UserId user = entered->profile.user.id;
  EXPECT_EQ(change(user, "wrong-one-22222", "violet-mountain-3").error().error.code, "password.wrong_current");
  ASSERT_TRUE(change(user, *by_password.password, "violet-mountain-3"));
  EXPECT_FALSE(log_in_student(context(), by_password, {.address = "192.0.2.1"}));
  const auto again = log_in_student(context(), {.email = by_password.email, .password = "violet-mountain-3"},
                                    {.address = "192.0.2.1"});
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->profile.user.must_change_password);
}

TEST_P(LogIn, works_as_hard_for_an_unknown_student) {
  ask_students_for(StudentLogin::password);
  add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  const std::uint64_t before = hasher_.hashed();
  log_in_student(context(), {.email = "zoe@lycee.example.org", .password = "x"}, {.address = "192.0.2.1"});
  const std::uint64_t of_known = hasher_.hashed() - before;
  log_in_student(context(), {.email = "nobody@lycee.example.org", .password = "x"}, {.address = "192.0.2.1"});
  EXPECT_EQ(hasher_.hashed() - before, 2 * of_known);
  EXPECT_EQ(of_known, 1U);
}

}  // namespace
}  // namespace korrigo::accounts
