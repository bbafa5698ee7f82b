// Guard and session routes (behaviours 1-19 as a browser sees them).
#include "accounts/session_api.h"

#include <gmock/gmock.h>

#include "accounts/browser_api_tests.h"
#include "accounts/token.h"

namespace korrigo::accounts {
namespace {

using http::Method;
using testing::HasSubstr;
using testing::Not;

class Session : public SchoolSite {
 protected:
  Session() {
    const auto done = [](http::Request&) -> Result<http::Response> { return http::json(200, boost::json::object()); };
    site.router.add({Method::get, "/api/staff/", done, http::NoBody{}, kAdmin | kTeacher});
    site.router.add({Method::post, "/api/staff/", done, http::NoBody{}, kAdmin | kTeacher});
    site.router.add({Method::get, "/api/for-students/", done, http::NoBody{}, kStudent});
    site.router.add({Method::post, "/api/sessions-only/", done, http::NoBody{}, kAny.sessions_only()});
    site.router.add({Method::get, "/api/nobody-said/", done, http::NoBody{}, {}});
  }
  std::string token_of(UserId user, std::vector<Scope> scopes) {
    return create_token(context(), user, {.name = "script", .scopes = std::move(scopes)}, {})->secret;
  }
};
KORRIGO_ON_BOTH_ENGINES(Session);

TEST_P(Session, b001_b008_b012_begins_with_log_in_and_shows_who_one_is) {
  Browser somebody = browser();
  EXPECT_EQ(somebody.get("/api/me/").code(), "auth.required");
  const Answer entered = somebody.log_in("office");
  ASSERT_EQ(entered.status, 200);
  EXPECT_EQ(entered.body.at("role"), "ADMIN");
  EXPECT_EQ(somebody.get("/api/me/").body, entered.body);
  const boost::json::object expected{{"id", office.id.value},
                                     {"username", "office"},
                                     {"email", "office@lycee.example.org"},
                                     {"first_name", ""},
                                     {"last_name", ""},
                                     {"role", "ADMIN"},
                                     {"must_change_password", false},
                                     {"mail_notifications", true},
                                     {"student", nullptr}};
  EXPECT_EQ(entered.body, expected);
}

TEST_P(Session, b004_gives_no_cookie_to_whoever_is_not_let_in) {
  Browser somebody = browser();
  EXPECT_EQ(somebody.log_in("marie", "not-the-password").status, 401);
  EXPECT_TRUE(somebody.cookies.empty());
}

TEST_P(Session, b009_b010_ends_with_log_out_for_good) {
  Browser somebody = as("marie");
  const auto kept = somebody.cookies;
  EXPECT_EQ(somebody.post("/api/logout/").status, 200);
  EXPECT_FALSE(somebody.cookies.contains("sessionid"));
  somebody.cookies = kept;
  EXPECT_EQ(somebody.get("/api/me/").code(), "auth.required");
  EXPECT_EQ(browser().post("/api/logout/").code(), "auth.required");
}

TEST_P(Session, b014_is_a_cookie_out_of_reach_of_scripts_and_other_sites) {
  Browser somebody = browser();
  somebody.log_in("marie");
  EXPECT_THAT(somebody.last_set_cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(somebody.last_set_cookie, HasSubstr("SameSite=Lax"));
  EXPECT_THAT(somebody.last_set_cookie, HasSubstr("Path=/"));
  EXPECT_THAT(somebody.last_set_cookie, Not(HasSubstr("Secure")));
  somebody.secure = true;
  somebody.log_in("marie");
  EXPECT_THAT(somebody.last_set_cookie, HasSubstr("Secure"));
}

TEST_P(Session, b011_b013_needs_the_token_of_its_own_cookie_for_unsafe_calls) {
  Browser somebody = browser();
  somebody.log_in("marie");
  EXPECT_EQ(somebody.post("/api/staff/").code(), "csrf.failed");
  EXPECT_GE(somebody.take_csrf().size(), 32U);
  EXPECT_EQ(somebody.post("/api/staff/").status, 200);
  EXPECT_EQ(somebody.get("/api/staff/").status, 200);

  Browser stranger = browser();
  somebody.headers["X-CSRFToken"] = stranger.take_csrf();
  EXPECT_EQ(somebody.post("/api/staff/").code(), "csrf.failed");
  somebody.cookies["csrftoken"] = stranger.cookies["csrftoken"];
  EXPECT_EQ(somebody.post("/api/staff/").code(), "csrf.failed") << "a cookie planted by another site";
  somebody.headers["X-CSRFToken"] = "";
  EXPECT_EQ(somebody.post("/api/staff/").code(), "csrf.failed");
}

TEST_P(Session, keeps_the_csrf_token_over_log_in_and_between_tabs) {
  Browser somebody = browser();
  const std::string before = somebody.take_csrf();
  somebody.log_in("marie");
  EXPECT_EQ(somebody.post("/api/staff/").status, 200);
  EXPECT_EQ(somebody.take_csrf(), before);

  Browser one_tab = browser();
  one_tab.log_in("marie");
  Browser other_tab = one_tab;
  EXPECT_EQ(one_tab.take_csrf(), other_tab.take_csrf()) << "both asked before either had the cookie";
}

TEST_P(Session, refuses_unsafe_calls_of_another_site_s_page) {
  Browser somebody = as("marie");
  for (const char* origin : {"https://evil.example", "null", "https://school.example.evil.example"}) {
    somebody.headers["Origin"] = origin;
    EXPECT_EQ(somebody.post("/api/staff/").code(), "csrf.failed") << origin;
    EXPECT_EQ(somebody.log_in("marie").code(), "csrf.failed") << origin;
    EXPECT_EQ(somebody.get("/api/staff/").status, 200) << origin;
  }
  somebody.headers["Origin"] = "https://school.example";
  EXPECT_EQ(somebody.post("/api/staff/").status, 200);
}

TEST_P(Session, b015_b018_keeps_its_owner_logged_in_over_a_new_password) {
  add("hurried", Role::admin, true);
  Browser hurried = as("hurried");
  EXPECT_EQ(hurried.get("/api/users/").code(), "auth.password_change_required");
  EXPECT_EQ(hurried.get("/api/me/").status, 200);
  const std::string before = hurried.cookies["sessionid"];
  const Answer changed = hurried.post("/api/change-password/",
                                      {{"current_password", kGoodPassword}, {"new_password", "lantern-orchard-29"}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(hurried.cookies["sessionid"], before);
  EXPECT_EQ(hurried.get("/api/users/").status, 200);
  EXPECT_EQ(hurried.post("/api/users/", {{"username", "x"}}).code(), "request.invalid") << "the CSRF token still holds";
}

TEST_P(Session, b016_b019_says_what_is_wrong_with_a_new_password) {
  Browser somebody = as("marie");
  const Answer weak =
      somebody.post("/api/change-password/", {{"current_password", kGoodPassword}, {"new_password", "1234"}});
  EXPECT_EQ(weak.status, 400);
  EXPECT_EQ(weak.code(), "password.weak");
  EXPECT_EQ(weak.body.at("details").as_array().size(), 2U);
  EXPECT_EQ(somebody.post("/api/change-password/", {{"new_password", "lantern-orchard-29"}}).code(), "request.invalid");
  const Answer wrong =
      somebody.post("/api/change-password/", {{"current_password", "x"}, {"new_password", "lantern-orchard-29"}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.code(), "password.wrong_current");
}

TEST_P(Session, b020_says_when_to_try_again) {
  Browser somebody = browser();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(somebody.log_in("marie", "wrong").status, 401);
  const Answer limited = somebody.log_in("marie");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.response.headers.get("Retry-After"), "900");
}

TEST_P(Session, of_a_student_shows_the_student_and_nothing_of_staff) {
  add_student("MARTIN", "zoe@lycee.example.org", "2008-05-15");
  Browser zoe = browser();
  const Answer entered =
      zoe.post("/api/students/login/", {{"email", "Zoe@lycee.example.org"}, {"date_naissance", "15/05/2008"}});
  ASSERT_EQ(entered.status, 200);
  EXPECT_EQ(entered.body.at("student").at("last_name"), "MARTIN");
  EXPECT_EQ(entered.body.at("student").at("date_naissance"), "2008-05-15");
  EXPECT_EQ(zoe.get("/api/me/").body, entered.body);
  EXPECT_EQ(zoe.get("/api/for-students/").status, 200);
  for (const char* path : {"/api/staff/", "/api/users/", "/api/settings/", "/api/tokens/"}) {
    EXPECT_EQ(zoe.get(path).code(), "auth.forbidden") << path;
  }
  EXPECT_EQ(as("marie").get("/api/for-students/").code(), "auth.forbidden");
}

TEST_P(Session, b040_asks_for_missing_and_odd_fields_before_anything_else) {
  Browser somebody = browser();
  const boost::json::object odd[] = {{{"email", "zoe@lycee.example.org"}},
                                     {{"date_naissance", "15/05/2008"}},
                                     {},
                                     {{"email", "zoe@lycee.example.org"}, {"date_naissance", "31/02/2008"}},
                                     {{"email", 5}, {"date_naissance", "15/05/2008"}}};
  for (const auto& body : odd) EXPECT_EQ(somebody.post("/api/students/login/", body).code(), "request.invalid");
  EXPECT_EQ(somebody.post("/api/login/", {{"username", "marie"}}).code(), "request.invalid");
  EXPECT_EQ(somebody.post("/api/login/", boost::json::array{}).status, 400);
}

TEST_P(Session, is_not_needed_with_a_token_within_its_scopes) {
  Browser script = browser();
  const auto with = [&](const std::string& token) { script.headers["Authorization"] = "Bearer " + token; };
  with(token_of(marie.id, {Scope::read}));
  EXPECT_EQ(script.get("/api/me/").body.at("username"), "marie");
  EXPECT_EQ(script.get("/api/users/").code(), "auth.forbidden");
  EXPECT_EQ(script.post("/api/staff/").code(), "auth.forbidden");
  with(token_of(marie.id, {Scope::read, Scope::write}));
  EXPECT_EQ(script.post("/api/staff/").status, 200) << "and without a CSRF token";
  EXPECT_EQ(script.post("/api/sessions-only/").code(), "auth.forbidden");
  EXPECT_EQ(script.post("/api/tokens/", {{"name", "more"}, {"scopes", {"read"}}}).code(), "auth.forbidden");
  with(token_of(marie.id, {Scope::metrics}));
  EXPECT_EQ(script.get("/api/staff/").code(), "auth.forbidden");
  with("krg_" + std::string(64, '0'));
  EXPECT_EQ(script.get("/api/staff/").code(), "auth.required");
  script.cookies = as("marie").cookies;
  EXPECT_EQ(script.get("/api/staff/").code(), "auth.required") << "a bad token is not forgiven for a good session";
}

TEST_P(Session, stays_alive_while_it_is_used) {
  Browser somebody = as("marie");
  for (int i = 0; i < 3; ++i) {
    clock_.advance(std::chrono::hours(7));
    EXPECT_EQ(somebody.get("/api/me/").status, 200);
  }
  somebody.headers["Upgrade"] = "websocket";
  clock_.advance(std::chrono::hours(7));
  EXPECT_EQ(somebody.get("/api/staff/").status, 200);
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(somebody.get("/api/staff/").code(), "auth.required") << "an open page is nobody at work";
}

TEST_P(Session, opens_no_route_that_does_not_say_to_whom) {
  EXPECT_THROW(as("office").get("/api/nobody-said/"), std::logic_error);
}

}  // namespace
}  // namespace korrigo::accounts
