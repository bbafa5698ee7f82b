// The route of the audit log (behaviour 33).
#include "audit/audit_api.h"

#include <boost/json/parse.hpp>

#include "audit/audit.h"
#include "http/url.h"
#include "support/databases.h"

namespace korrigo::audit {
namespace {

namespace json = boost::json;

const UtcTime kStart{std::chrono::milliseconds(1'800'000'000'000)};

class AuditRoute : public test::AnyDatabase {
 protected:
  AuditRoute() {
    database().write([](storage::Transaction& transaction) {
      for (int i = 0; i < 4; ++i) {
        append(transaction,
               {{UserId{i % 2 + 1}, "192.0.2.1", "r-1"}, "user.reset_password", "user", "7", {{"step", i}}},
               kStart + std::chrono::hours(i));
      }
    });
    router_.add(routes(database()));
  }
  Result<http::Response> get(std::string_view target) {
    http::Request request;
    const auto parsed = http::parse_target(target).value();
    request.path = parsed.path;
    request.query = parsed.query;
    return router_.match(http::Method::get, parsed.segments).route->handler(request);
  }
  json::value body(std::string_view target) { return json::parse(std::get<std::string>(get(target).value().body)); }

  http::Router router_;
};
KORRIGO_ON_BOTH_ENGINES(AuditRoute);

TEST_P(AuditRoute, shows_entries_as_they_were_written) {
  const json::value listed = body("/api/audit/?page_size=1");
  EXPECT_EQ(listed.at("count"), 4);
  const json::object& entry = listed.at("results").at(0).as_object();
  EXPECT_EQ(entry.at("sequence"), 4);
  EXPECT_EQ(entry.at("created_at"), "2027-01-15T11:00:00.000Z");
  EXPECT_EQ(entry.at("actor_id"), 2);
  EXPECT_EQ(entry.at("action"), "user.reset_password");
  EXPECT_EQ(entry.at("details"), (json::object{{"step", 3}}));
  EXPECT_EQ(entry.at("hash").as_string().size(), 64U);
  EXPECT_EQ(entry.size(), 10U);
}

TEST_P(AuditRoute, filters) {
  EXPECT_EQ(body("/api/audit/?target_type=user&target_id=7").at("count"), 4);
  EXPECT_EQ(body("/api/audit/?target_type=exam").at("count"), 0);
  EXPECT_EQ(body("/api/audit/?actor=1&action=user.reset_password").at("count"), 2);
  EXPECT_EQ(body("/api/audit/?since=2027-01-15T09:00:00Z&until=2027-01-15T10:00:00Z").at("count"), 1);
}

TEST_P(AuditRoute, refuses_parameters_that_cannot_be) {
  for (const char* odd : {"actor=me", "since=yesterday", "until=", "page=0", "page_size=1000"}) {
    const auto refused = get(std::string("/api/audit/?") + odd);
    ASSERT_FALSE(refused) << odd;
    EXPECT_EQ(refused.error().code, "request.invalid") << odd;
  }
  EXPECT_EQ(get("/api/audit/?page=3").error().code, "page.not_found");
}

}  // namespace
}  // namespace korrigo::audit
