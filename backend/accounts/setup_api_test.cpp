// The first admin over HTTP, on both engines.
#include "accounts/setup_api.h"

#include <gtest/gtest.h>

#include "accounts/browser_api_tests.h"
#include "accounts/setup.h"

namespace korrigo::accounts {
namespace {

class SetupRoutes : public School {
 protected:
  SetupRoutes() : site(database(), clock_) {
    site.router.add(session_routes(context()));
    site.router.add(setup_routes(context()));
  }
  static boost::json::object first_admin(std::string_view secret) {
    return {{"secret", secret}, {"username", "office"}, {"email", "office@x.fr"}, {"password", kGoodPassword}};
  }

  Site site;
};
KORRIGO_ON_BOTH_ENGINES(SetupRoutes);

TEST_P(SetupRoutes, make_the_first_admin_once) {
  Browser browser(site);
  EXPECT_EQ(browser.get("/api/setup/").body.at("open"), true);
  const std::string secret = offer_setup(context()).value();
  EXPECT_EQ(browser.post("/api/setup/", first_admin("guessed")).code(), "setup.closed");
  const Answer made = browser.post("/api/setup/", first_admin(secret));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("role"), "ADMIN");
  EXPECT_EQ(made.body.at("must_change_password"), false);
  EXPECT_EQ(browser.get("/api/setup/").body.at("open"), false);
  EXPECT_EQ(browser.post("/api/setup/", first_admin(secret)).code(), "setup.closed");
  EXPECT_EQ(browser.log_in("office").status, 200);
}

TEST_P(SetupRoutes, keep_the_secret_good_when_the_admin_cannot_be_made) {
  Browser browser(site);
  auto weak = first_admin(offer_setup(context()).value());
  const auto good = weak;
  weak["password"] = "office";
  EXPECT_EQ(browser.post("/api/setup/", weak).code(), "password.weak");
  weak.erase("password");
  EXPECT_EQ(browser.post("/api/setup/", weak).code(), "request.invalid");
  EXPECT_EQ(browser.post("/api/setup/", good).status, 201);
}

}  // namespace
}  // namespace korrigo::accounts
