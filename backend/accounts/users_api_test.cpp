// Routes of users, settings and tokens (behaviours 24-36).
#include "accounts/users_api.h"

#include <gmock/gmock.h>

#include "accounts/browser_api_tests.h"
#include "accounts/bulk_users.h"
#include "accounts/bulk_users_api.h"
#include "accounts/passwords_once.h"
#include "jobs/worker.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Method;

class UserRoutes : public SchoolSite {
 protected:
  json::object somebody(const std::string& name, const json::object& more = {}) {
    json::object body{
        {"username", name}, {"email", name + "@lycee.example.org"}, {"role", "TEACHER"}, {"password", kGoodPassword}};
    for (const auto& [key, value] : more) body[key] = value;
    return body;
  }
  static std::string path_of(const User& user) { return fmt::format("/api/users/{}/", user.id.value); }

  Sealer sealer_{{}};
  jobs::Queue queue_{clock_};
};
KORRIGO_ON_BOTH_ENGINES(UserRoutes);

TEST_P(UserRoutes, b024_b032_b035_are_the_office_s) {
  Browser teacher = as("marie");
  const std::string one = path_of(office);
  const auto everything = [&](Browser& who) {
    return std::vector<std::string>{who.get("/api/users/").code(),
                                    who.post("/api/users/", somebody("x")).code(),
                                    who.get(one).code(),
                                    who.patch(one, {{"is_active", false}}).code(),
                                    who.remove(one).code(),
                                    who.post(one + "reset-password/").code(),
                                    who.get("/api/settings/").code(),
                                    who.post("/api/settings/", {{"theme", "light"}}).code()};
  };
  EXPECT_THAT(everything(teacher), testing::Each("auth.forbidden"));
  Browser nobody = browser();
  EXPECT_THAT(everything(nobody), testing::Each("auth.required"));
}

TEST_P(UserRoutes, b024_list_in_pages) {
  Browser admin = as("office");
  for (const char* name : {"zoe", "anna", "paul"}) add(name);
  const Answer first = admin.get("/api/users/?role=TEACHER&page_size=3&ordering=-username");
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(first.body.at("count"), 4);
  EXPECT_EQ(first.body.at("previous"), nullptr);
  EXPECT_EQ(first.body.at("next"), "/api/users/?role=TEACHER&page_size=3&ordering=-username&page=2");
  EXPECT_EQ(first.body.at("results").at(0).at("username"), "zoe");
  const Answer second = admin.get(first.body.at("next").as_string());
  EXPECT_EQ(second.body.at("results").as_array().size(), 1U);
  EXPECT_EQ(second.body.at("results").at(0).at("username"), "anna");
  EXPECT_EQ(second.body.at("next"), nullptr);
  for (const char* odd :
       {"page=zero", "page=0", "page_size=201", "ordering=password_hash", "role=KING", "is_active=1"}) {
    EXPECT_EQ(admin.get(std::string("/api/users/?") + odd).code(), "request.invalid") << odd;
  }
  EXPECT_EQ(admin.get("/api/users/?page=9999").code(), "page.not_found");
}

TEST_P(UserRoutes, b025_b027_make_accounts_that_work) {
  Browser admin = as("office");
  const Answer made = admin.post("/api/users/", somebody("newcomer", {{"first_name", "Éva"}}));
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("first_name"), "Éva");
  EXPECT_FALSE(made.body.as_object().contains("temporary_password"));
  EXPECT_FALSE(made.body.as_object().contains("password_hash"));
  EXPECT_EQ(as("newcomer").get("/api/me/").body.at("role"), "TEACHER");
  admin.post("/api/users/", somebody("deputy", {{"role", "ADMIN"}}));
  EXPECT_EQ(as("deputy").get("/api/users/").status, 200);

  const Answer handed =
      admin.post("/api/users/", {{"username", "handed"}, {"email", "h@lycee.example.org"}, {"role", "TEACHER"}});
  EXPECT_EQ(browser().log_in("handed", handed.body.at("temporary_password").as_string()).status, 200);
  const std::string one = fmt::format("/api/users/{}/", handed.body.at("id").as_int64());
  EXPECT_FALSE(admin.get(one).body.as_object().contains("temporary_password"));
}

TEST_P(UserRoutes, b026_refuse_with_the_field_at_fault) {
  Browser admin = as("office");
  const std::tuple<json::object, std::string, std::string> wrong[] = {
      {somebody("new", {{"email", "Marie@lycee.example.org"}}), "user.email_taken", "email"},
      {somebody("MARIE", {{"email", "new@lycee.example.org"}}), "user.username_taken", "username"},
      {somebody("new", {{"email", "not an address"}}), "request.invalid", "email"},
      {somebody("new", {{"email", 5}}), "request.invalid", "email"},
      {somebody("new", {{"email", nullptr}}), "request.invalid", "email"},
      {somebody("new", {{"role", "STUDENT"}}), "request.invalid", "role"},
      {somebody("new", {{"role", "KING"}}), "request.invalid", "role"},
      {somebody("a b"), "request.invalid", "username"},
      {somebody("new", {{"password", "short"}}), "password.weak", "password"}};
  for (const auto& [body, code, field] : wrong) {
    const Answer refused = admin.post("/api/users/", body);
    EXPECT_EQ(refused.status, 400) << json::serialize(body);
    EXPECT_EQ(refused.code(), code) << json::serialize(body);
    EXPECT_EQ(refused.body.at("field").as_string(), field) << json::serialize(body);
  }
}

TEST_P(UserRoutes, b028_b029_change_and_remove) {
  Browser admin = as("office");
  const Answer changed = admin.patch(path_of(marie), {{"email", "m@lycee.example.org"}, {"is_active", false}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body.at("email"), "m@lycee.example.org");
  EXPECT_EQ(admin.put(path_of(marie), {{"username", "marie"}}).code(), "request.invalid");
  const Answer whole =
      admin.put(path_of(marie),
                {{"username", "marie2"}, {"email", "m2@lycee.example.org"}, {"role", "ADMIN"}, {"is_active", true}});
  EXPECT_EQ(whole.body.at("role"), "ADMIN");
  EXPECT_EQ(admin.patch(path_of(office), {{"is_active", false}}).code(), "user.self");
  EXPECT_EQ(admin.patch(path_of(office), {{"is_active", false}}).status, 400);
  EXPECT_EQ(admin.remove(path_of(office)).code(), "user.self");
  EXPECT_EQ(admin.remove(path_of(marie)).status, 204);
  EXPECT_EQ(admin.remove(path_of(marie)).code(), "user.not_found");
  EXPECT_EQ(admin.get("/api/users/abc/").status, 404);
}

TEST_P(UserRoutes, b030_b031_reset_passwords_but_not_one_s_own) {
  Browser admin = as("office");
  const Answer reset = admin.post(path_of(marie) + "reset-password/");
  ASSERT_EQ(reset.status, 200);
  EXPECT_EQ(reset.body.at("must_change_password"), true);
  EXPECT_EQ(reset.body.as_object().size(), 2U);
  EXPECT_EQ(browser().log_in("marie", reset.body.at("temporary_password").as_string()).status, 200);
  EXPECT_EQ(admin.post(path_of(office) + "reset-password/").code(), "user.self");
}

TEST_P(UserRoutes, b035_b036_keep_settings) {
  Browser admin = as("office");
  const json::value before = admin.get("/api/settings/").body;
  EXPECT_EQ(before.at("max_pdf_bytes"), 104857600);
  EXPECT_EQ(before.at("student_login"), "BIRTH_DATE");
  const Answer changed = admin.post("/api/settings/", {{"theme", "dark"}, {"notifications_enabled", false}});
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body.at("theme"), "dark");
  EXPECT_EQ(admin.get("/api/settings/").body, changed.body);
  const Answer unknown = admin.post("/api/settings/", {{"colour", "blue"}});
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.code(), "setting.unknown");
  EXPECT_EQ(admin.post("/api/settings/", {{"theme", "neon"}}).code(), "request.invalid");
  EXPECT_EQ(admin.get("/api/settings/").body, changed.body);
}

TEST_P(UserRoutes, make_list_and_revoke_one_s_own_tokens) {
  Browser teacher = as("marie");
  const Answer made = teacher.post("/api/tokens/", {{"name", "script"}, {"scopes", {"read", "read"}}});
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("scopes"), json::array{"read"});
  const Answer listed = teacher.get("/api/tokens/");
  EXPECT_EQ(listed.body.at("count"), 1);
  EXPECT_FALSE(listed.body.at("results").at(0).as_object().contains("token"));
  EXPECT_EQ(as("office").get("/api/tokens/").body.at("count"), 0);
  const std::string one = "/api/tokens/" + std::string(made.body.at("id").as_string()) + "/";
  EXPECT_EQ(as("office").remove(one).code(), "token.not_found");
  EXPECT_EQ(teacher.remove(one).status, 204);
  EXPECT_EQ(teacher.get("/api/tokens/").body.at("count"), 0);
  const json::object odd[] = {{{"name", ""}, {"scopes", {"read"}}},
                              {{"name", "x"}},
                              {{"name", "x"}, {"scopes", json::array()}},
                              {{"name", "x"}, {"scopes", {"everything"}}},
                              {{"name", "x"}, {"scopes", {"read"}}, {"expires_at", "tomorrow"}},
                              {{"name", "x"}, {"scopes", {"read"}}, {"expires_at", "2001-01-01T00:00:00Z"}}};
  for (const auto& body : odd) EXPECT_EQ(teacher.post("/api/tokens/", body).code(), "request.invalid");
}

TEST_P(UserRoutes, make_many_accounts_as_a_task_and_show_their_passwords_once) {
  site.router.add(bulk_user_routes(context(), queue_, sealer_));
  Browser admin = as("office");
  json::array users;
  for (int i = 1; i <= 3; ++i) {
    users.push_back(json::object{{"username", fmt::format("bulk{}", i)},
                                 {"email", fmt::format("bulk{}@lycee.example.org", i)},
                                 {"role", "TEACHER"}});
  }
  users.push_back(somebody("marie", {{"email", "marie2@lycee.example.org"}}));
  users.push_back(somebody("fifth"));
  const Answer accepted = admin.post("/api/users/bulk/", {{"users", users}});
  ASSERT_EQ(accepted.status, 202);
  EXPECT_EQ(accepted.body.at("users_count"), 5);
  const auto id = TaskId::parse(accepted.body.at("task_id").as_string()).value();
  const auto read = [&] {
    return database().read([&](storage::Transaction& t) { return queue_.find(t, id).value(); });
  };
  EXPECT_EQ(json::serialize(read().payload).find(kGoodPassword), std::string::npos);

  jobs::Kinds kinds;
  kinds.add(std::string(kBulkUsersTask), bulk_users_handler(context(), sealer_));
  jobs::WorkerPool pool(database(), queue_, kinds, {.threads = 1});
  pool.start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!jobs::is_over(read().state) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  pool.stop();
  const jobs::Task task = read();
  ASSERT_EQ(task.state, jobs::TaskState::success) << (task.error ? task.error->detail : "");
  EXPECT_EQ(task.result.at("created"), 4);
  ASSERT_EQ(task.result.at("errors").as_array().size(), 1U);
  EXPECT_EQ(task.result.at("errors").at(0).at("line"), 4);
  EXPECT_EQ(task.result.at("errors").at(0).at("code"), "user.username_taken");
  EXPECT_EQ(task.result.at("passwords"), json::object());
  EXPECT_EQ(browser().log_in("fifth").status, 200);

  EXPECT_FALSE(take_passwords(database(), id, marie.id, sealer_));
  const auto passwords = take_passwords(database(), id, office.id, sealer_);
  ASSERT_TRUE(passwords);
  EXPECT_EQ(passwords->size(), 3U);
  EXPECT_EQ(browser().log_in("bulk2", passwords->at("bulk2@lycee.example.org").as_string()).status, 200);
  EXPECT_FALSE(take_passwords(database(), id, office.id, sealer_));
}

TEST_P(UserRoutes, show_passwords_only_to_whoever_started_the_task) {
  const auto status = [&](http::Request&) -> Result<http::Response> {
    return http::json(
        200, {{"status", "SUCCESS"}, {"result", {{"passwords", json::object()}, {"passwords_sealed", "sealed"}}}});
  };
  site.router.add(showing_passwords_once({{Method::get, "/api/tasks/{task_id}/status/", status, http::NoBody{}, kAny}},
                                         database(), sealer_));
  const Answer answer = as("marie").get("/api/tasks/0198f0c2-0000-7000-8000-000000000001/status/");
  EXPECT_EQ(answer.body.at("result"), (json::object{{"passwords", json::object()}}));
}

TEST(Sealer, opens_only_what_it_sealed) {
  const TempFolder folder;
  const Sealer sealer = Sealer::from_file(folder.path() / "keys" / "seal.key");
  const std::string sealed = sealer.seal("quiet-harbour-4711");
  EXPECT_EQ(sealed.find("quiet"), std::string::npos);
  EXPECT_NE(sealed, sealer.seal("quiet-harbour-4711"));
  EXPECT_EQ(Sealer::from_file(folder.path() / "keys" / "seal.key").open(sealed), "quiet-harbour-4711");
  EXPECT_EQ(sealer.open(sealer.seal("")), "");
  EXPECT_FALSE(Sealer(Sealer::Key{}).open(sealed));
  EXPECT_FALSE(sealer.open(""));
  EXPECT_FALSE(sealer.open("not base64!"));
  EXPECT_FALSE(sealer.open(sealed.substr(4)));
}

}  // namespace
}  // namespace korrigo::accounts
