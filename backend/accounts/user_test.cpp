// Accounts of staff, settings, tokens, set-up (behaviours 24-37).
#include "accounts/user.h"

#include "accounts/school_tests.h"
#include "accounts/secrets.h"
#include "accounts/session.h"
#include "accounts/settings.h"
#include "accounts/setup.h"
#include "accounts/token.h"

namespace korrigo::accounts {
namespace {

using storage::Transaction;

class Users : public School {
 protected:
  UserPage listed(const UserFilter& filter) {
    return database().read([&](Transaction& t) { return list_users(t, filter); });
  }
  std::vector<std::string> names(const UserFilter& filter) {
    const UserPage page = listed(filter);
    std::vector<std::string> found;
    for (const User& user : page.users) found.push_back(user.username);
    return found;
  }
  std::optional<TokenFound> holder(const std::string& secret) {
    return database().read([&](Transaction& t) { return find_token(t, secret, clock_.now()); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Users);

TEST_P(Users, b024_are_listed_by_role_activity_and_search_in_pages) {
  for (const char* name : {"paul", "marie", "zoe", "anna"}) add(name);
  const User office = add("office", Role::admin);
  ASSERT_TRUE(change_user(context(), listed({.search = "zoe"}).users.at(0).id, {.is_active = false}, {}));
  EXPECT_EQ(names({.role = Role::teacher}), (std::vector<std::string>{"anna", "marie", "paul", "zoe"}));
  EXPECT_EQ(names({.role = Role::teacher, .is_active = true}), (std::vector<std::string>{"anna", "marie", "paul"}));
  EXPECT_EQ(names({.page = 2, .page_size = 2}), (std::vector<std::string>{"office", "paul"}));
  EXPECT_EQ(names({.order = UserOrder::role, .page_size = 1}), (std::vector<std::string>{"office"}));
  EXPECT_EQ(names({.order = UserOrder::email, .descending = true, .page_size = 1}), (std::vector<std::string>{"zoe"}));
  EXPECT_EQ(names({.search = "MARIE@"}), (std::vector<std::string>{"marie"}));
  EXPECT_EQ(names({.search = "a_na"}), (std::vector<std::string>{}));
  EXPECT_EQ(listed({.page_size = 1}).count, 5);
  EXPECT_EQ(listed({.role = Role::admin}).users.at(0), office);
}

TEST_P(Users, b025_b030_get_a_temporary_password_when_none_is_given) {
  const auto created = create_user(context(), {.username = "handed", .email = "handed@lycee.example.org"}, {});
  ASSERT_TRUE(created);
  EXPECT_TRUE(created->user.must_change_password);
  ASSERT_TRUE(created->temporary_password);
  EXPECT_TRUE(enter("handed", *created->temporary_password)->profile.user.must_change_password);
}

TEST_P(Users, b026_are_unique_by_name_and_address_in_any_case) {
  const User marie = add("marie");
  const User paul = add("paul");
  const auto make = [&](const std::string& name, const std::string& email) {
    return create_user(context(), {.username = name, .email = email, .password = std::string(kGoodPassword)}, {});
  };
  EXPECT_EQ(code_of(make("MARIE", "other@lycee.example.org")), "user.username_taken");
  EXPECT_EQ(code_of(make("other", "Marie@Lycee.example.org")), "user.email_taken");
  EXPECT_EQ(code_of(change_user(context(), paul.id, {.email = "marie@lycee.example.org"}, {})), "user.email_taken");
  EXPECT_EQ(code_of(change_user(context(), paul.id, {.username = "Marie"}, {})), "user.username_taken");
  EXPECT_EQ(code_of(change_user(context(), marie.id, {.username = "Marie"}, {})), "done")
      << "one's own in another case";
}

TEST_P(Users, b026_hold_only_what_a_name_and_an_address_can_be) {
  for (const char* name : {"", "a b", "é", "a/b", "a\nb"}) {
    EXPECT_EQ(code_of(create_user(context(), {.username = name}, {})), "request.invalid") << name;
  }
  for (const char* email : {"not an address", "a@b", "@b.fr", "a@", "a@-b.fr", "a@b..fr", "a b@c.fr", "a@b.fr\r\n"}) {
    EXPECT_EQ(code_of(create_user(context(), {.username = "odd", .email = email}, {})), "request.invalid") << email;
  }
  EXPECT_EQ(code_of(create_user(context(), {.username = "odd", .role = Role::student}, {})), "request.invalid");
  EXPECT_EQ(code_of(create_user(context(), {.username = "odd", .password = "short"}, {})), "password.weak");
  EXPECT_EQ(code_of(create_user(context(), {.username = "odd", .email = "o.d+d@sub.lycee-x.example.org"}, {})), "done");
}

TEST_P(Users, b028_change_and_lose_their_sessions_when_deactivated) {
  const User marie = add("marie");
  ASSERT_TRUE(enter("marie"));
  const auto changed = change_user(context(), marie.id, {.email = "m@lycee.example.org", .is_active = false}, {});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->email, "m@lycee.example.org");
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(code_of(enter("marie")), "auth.invalid_credentials");
  EXPECT_EQ(code_of(change_user(context(), UserId{9999}, {}, {})), "user.not_found");
}

TEST_P(Users, b029_go_but_not_by_their_own_hand) {
  const User office = add("office", Role::admin);
  const User marie = add("marie");
  const audit::Actor by_office{.user = office.id};
  EXPECT_EQ(code_of(delete_user(context(), office.id, by_office)), "user.self");
  EXPECT_EQ(code_of(change_user(context(), office.id, {.is_active = false}, by_office)), "user.self");
  EXPECT_EQ(code_of(change_user(context(), office.id, {.role = Role::teacher}, by_office)), "user.self");
  EXPECT_EQ(code_of(delete_user(context(), marie.id, by_office)), "done");
  EXPECT_EQ(code_of(delete_user(context(), marie.id, by_office)), "user.not_found");
  EXPECT_EQ(audited("user.delete"), 1);
}

TEST_P(Users, always_have_an_active_admin) {
  const User office = add("office", Role::admin);
  EXPECT_EQ(code_of(change_user(context(), office.id, {.is_active = false}, {})), "user.last_admin");
  EXPECT_EQ(code_of(change_user(context(), office.id, {.role = Role::teacher}, {})), "user.last_admin");
  EXPECT_EQ(code_of(delete_user(context(), office.id, {})), "user.last_admin");
  add("deputy", Role::admin);
  EXPECT_EQ(code_of(change_user(context(), office.id, {.role = Role::teacher}, {})), "done");
}

TEST_P(Users, stay_when_marking_names_them) {
  const User marie = add("marie");
  constexpr storage::Statement kExam{"test.exam",
                                     "INSERT INTO exam (id, name, date, created_at, updated_at) VALUES "
                                     "('0198f0c2-0000-7000-8000-000000000001', 'A', '2026-01-01', 0, 0)"};
  constexpr storage::Statement kCopy{"test.copy",
                                     "INSERT INTO copy (id, exam_id, anonymous_id, created_at, updated_at) VALUES "
                                     "('c', '0198f0c2-0000-7000-8000-000000000001', 'X1', 0, 0)"};
  constexpr storage::Statement kEvent{"test.event",
                                      "INSERT INTO grading_event (id, copy_id, action, actor_id, created_at) VALUES "
                                      "('e', 'c', 'LOCK', $1, 0)"};
  database().write([&](Transaction& t) {
    t.execute(kExam);
    t.execute(kCopy);
    t.execute(kEvent, marie.id);
  });
  EXPECT_EQ(code_of(delete_user(context(), marie.id, {})), "user.has_history");
  EXPECT_TRUE(enter("marie"));
}

TEST_P(Users, b030_b031_b033_are_reset_to_a_temporary_password) {
  const User office = add("office", Role::admin);
  const User marie = add("marie");
  ASSERT_TRUE(enter("marie"));
  for (int i = 0; i < 5; ++i) enter("marie", "wrong");
  const auto token = create_token(context(), marie.id, {.name = "script", .scopes = {Scope::read}}, {});
  const audit::Actor by_office{.user = office.id};
  EXPECT_EQ(code_of(reset_password(context(), office.id, by_office)), "user.self");
  const auto password = reset_password(context(), marie.id, by_office);
  ASSERT_TRUE(password);
  EXPECT_EQ(sessions(), 0);
  EXPECT_FALSE(holder(token->secret));
  EXPECT_EQ(code_of(enter("marie")), "auth.invalid_credentials");
  EXPECT_TRUE(enter("marie", *password)->profile.user.must_change_password);
  EXPECT_EQ(audited("user.reset_password"), 1);
  EXPECT_EQ(code_of(reset_password(context(), UserId{9999}, by_office)), "user.not_found");
}

TEST_P(Users, b037_are_made_by_ensure_admin_only_when_absent) {
  const auto ensure = [&] {
    return ensure_admin(context(), "office", "office@lycee.example.org", "quiet-harbour-4711");
  };
  EXPECT_EQ(ensure().value(), true);
  EXPECT_EQ(ensure().value(), false);
  const auto entered = enter("office");
  EXPECT_EQ(entered->profile.user.role, Role::admin);
  EXPECT_TRUE(entered->profile.user.must_change_password);
  EXPECT_EQ(listed({}).count, 1);
}

TEST_P(Users, are_reset_from_the_shell_however_locked_out) {
  const User marie = add("marie");
  ASSERT_TRUE(change_user(context(), marie.id, {.is_active = false}, {}));
  const auto password = reset_user(context(), "Marie@lycee.example.org");
  ASSERT_TRUE(password);
  EXPECT_TRUE(enter("marie", *password));
  EXPECT_EQ(code_of(reset_user(context(), "nobody")), "user.not_found");
}

TEST_P(Users, begin_with_one_made_by_the_set_up_secret) {
  const auto earlier = offer_setup(context());
  const auto secret = offer_setup(context());
  ASSERT_TRUE(earlier && secret);
  const NewUser wanted{.username = "office", .password = std::string(kGoodPassword)};
  EXPECT_EQ(code_of(complete_setup(context(), *earlier, wanted, {})), "setup.closed");
  EXPECT_EQ(code_of(complete_setup(context(), "guess", wanted, {})), "setup.closed");
  EXPECT_EQ(code_of(complete_setup(context(), *secret, {.username = "office", .password = "short"}, {})),
            "password.weak");
  const auto made = complete_setup(context(), *secret, wanted, {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->role, Role::admin);
  EXPECT_EQ(
      code_of(complete_setup(context(), *secret, {.username = "second", .password = std::string(kGoodPassword)}, {})),
      "setup.closed");
  EXPECT_FALSE(offer_setup(context()));
}

TEST_P(Users, act_through_tokens_until_these_end) {
  const User marie = add("marie");
  const auto make = [&](std::optional<UtcTime> expires) {
    return create_token(context(), marie.id,
                        {.name = "script", .scopes = {Scope::read, Scope::metrics}, .expires_at = expires}, {});
  };
  const auto lasting = make({});
  const auto brief = make(clock_.now() + std::chrono::hours(1));
  EXPECT_EQ(code_of(make(clock_.now())), "request.invalid");
  EXPECT_EQ(holder(lasting->secret)->caller.user, marie.id);
  EXPECT_EQ(holder(lasting->secret)->caller.scopes, (std::vector{Scope::read, Scope::metrics}));
  EXPECT_FALSE(holder(lasting->secret + "0"));
  EXPECT_FALSE(holder(""));
  EXPECT_TRUE(holder(brief->secret));
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(holder(brief->secret));
  const User paul = add("paul");
  EXPECT_EQ(code_of(revoke_token(context(), paul.id, lasting->token.id, {})), "token.not_found");
  EXPECT_EQ(code_of(revoke_token(context(), marie.id, lasting->token.id, {})), "done");
  EXPECT_EQ(code_of(revoke_token(context(), marie.id, lasting->token.id, {})), "token.not_found");
  EXPECT_FALSE(holder(lasting->secret));
}

TEST_P(Users, b035_b036_settings_have_defaults_and_are_kept) {
  const auto read = [&] { return database().read(settings); };
  EXPECT_EQ(read(), Settings{});
  const auto changed = change_settings(
      database(), {{"institution_name", "Lycée Pierre Mendès France"}, {"theme", "dark"}, {"auto_threshold", 0.9}}, {},
      clock_.now());
  ASSERT_TRUE(changed);
  EXPECT_EQ(read(), *changed);
  EXPECT_EQ(read().institution_name, "Lycée Pierre Mendès France");
  reopen();
  EXPECT_EQ(read(), *changed);
}

TEST_P(Users, b035_settings_refuse_unknown_keys_and_values_that_cannot_be_all_or_none) {
  namespace json = boost::json;
  const json::object wrong[] = {{{"theme", "neon"}},
                                {{"auto_threshold", 2}},
                                {{"auto_threshold", "0.8"}},
                                {{"auto_threshold", 0.5}, {"semi_auto_threshold", 0.6}},
                                {{"auto_threshold", nullptr}},
                                {{"max_pdf_bytes", -1}},
                                {{"max_pages", 1.5}},
                                {{"student_login", "FACE"}},
                                {{"default_exam_duration", 1441}},
                                {{"notifications_enabled", 1}}};
  for (const json::object& change : wrong) {
    json::object whole = change;
    whole["institution_name"] = "half";
    EXPECT_EQ(code_of(change_settings(database(), whole, {}, clock_.now())), "request.invalid");
  }
  EXPECT_EQ(code_of(change_settings(database(), {{"colour", "blue"}}, {}, clock_.now())), "setting.unknown");
  EXPECT_EQ(database().read(settings), Settings{});
}

}  // namespace
}  // namespace korrigo::accounts
