// Health, figures and the contract, on both engines.
#include "app/operations.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include "accounts/guard_api.h"
#include "jobs/queue.h"
#include "support/databases.h"

namespace korrigo::app {
namespace {

using http::Method;
using http::Request;
using http::Response;
using testing::HasSubstr;
using testing::Not;

std::string body_of(const Response& response) {
  if (const auto* fixed = std::get_if<std::string_view>(&response.body)) return std::string(*fixed);
  return std::get<std::string>(response.body);
}

class Operations : public test::AnyDatabase {
 protected:
  Operations() { use("s3cret"); }
  void use(const std::string& token) {
    router.emplace();
    router->add(
        operations_routes(database(), clock, vital_signs, metrics, {token, [] { return Gauges{.workers = 3}; }}));
  }
  Response get(const std::vector<std::string>& segments, Request request = {}) {
    const auto match = router->match(Method::get, segments);
    auto outcome = match.route->handler(request);
    return outcome ? std::move(*outcome) : http::refusal(request, outcome.error());
  }
  std::string figures() {
    Request request;
    request.query = {{"token", "s3cret"}};
    return body_of(get({"api", "metrics"}, std::move(request)));
  }

  TempFolder media;
  SystemClock clock;
  VitalSigns vital_signs{database(), media.path() / "files"};
  Metrics metrics;
  std::optional<http::Router> router;
};
KORRIGO_ON_BOTH_ENGINES(Operations);

TEST_P(Operations, say_that_all_is_well) {
  std::filesystem::create_directory(media.path() / "files");
  EXPECT_EQ(body_of(get({"api", "health"})), R"({"status":"healthy","database":"connected"})");
  EXPECT_EQ(body_of(get({"api", "health", "live"})), R"({"status":"alive"})");
  const Response ready = get({"api", "health", "ready"});
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(body_of(ready), R"({"status":"ready","database":"ok","redis":"disabled","media":"ok"})");
  EXPECT_TRUE(std::filesystem::is_empty(media.path() / "files")) << "the probe leaves nothing";
}

TEST_P(Operations, are_not_ready_without_a_media_folder) {
  const Response ready = get({"api", "health", "ready"});
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(boost::json::parse(body_of(ready)).at("media"), "error");
  EXPECT_EQ(get({"api", "health"}).status, 200);
}

TEST_P(Operations, show_figures_only_to_those_who_know_the_token) {
  EXPECT_EQ(get({"api", "metrics"}).status, 403);
  Request wrong;
  wrong.headers.add("Authorization", "Bearer s3crex");
  EXPECT_EQ(get({"api", "metrics"}, std::move(wrong)).status, 403);
  Request right;
  right.headers.add("Authorization", "Bearer s3cret");
  EXPECT_EQ(get({"api", "metrics"}, std::move(right)).status, 200);
  Request personal;
  accounts::Caller caller;
  caller.token = "t";
  caller.scopes = {accounts::Scope::metrics};
  personal.caller = caller;
  EXPECT_EQ(get({"api", "metrics"}, std::move(personal)).status, 200);
  use("");
  EXPECT_EQ(get({"api", "metrics"}).status, 200);
}

TEST_P(Operations, count_requests_by_route_and_nothing_a_stranger_chooses) {
  http::RequestRecord record;
  record.method = "GET";
  record.route = "/api/exams/{exam_id}/";
  record.status = 200;
  record.duration = std::chrono::milliseconds(30);
  metrics.count(record);
  record.method = "BREW";
  record.route = "";
  metrics.count(record);
  const std::string text = figures();
  EXPECT_THAT(text, HasSubstr(R"(http_requests_total{endpoint="/api/exams/{exam_id}/",method="GET",status="200"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(http_requests_total{endpoint="none",method="other",status="200"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(method="GET",le="0.05"} 1)"));
  EXPECT_THAT(text, Not(HasSubstr("BREW")));
}

TEST_P(Operations, show_the_queue_and_what_workers_did) {
  jobs::Queue queue(clock);
  database().write([&](storage::Transaction& t) { queue.enqueue(t, jobs::NewTask{.kind = "a"}); });
  jobs::Task task;
  task.kind = "read_headers";
  task.started_at = clock.now() - std::chrono::seconds(40);
  metrics.count({task, jobs::TaskState::success, std::chrono::milliseconds(20), {}}, clock.now());
  const std::string text = figures();
  EXPECT_THAT(text, HasSubstr(R"(korrigo_queue_depth{priority="MEDIUM",state="PENDING"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(korrigo_queue_depth{priority="CRITICAL",state="PAUSED"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(celery_tasks_total{state="SUCCESS",task="read_headers"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(celery_task_duration_seconds_bucket{state="SUCCESS",task="read_headers",le="30"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(celery_task_duration_seconds_bucket{state="SUCCESS",task="read_headers",le="60"} 1)"));
  EXPECT_THAT(text, HasSubstr("redis_connected_clients 0"));
  EXPECT_THAT(text, HasSubstr("korrigo_workers 3"));
}

TEST_P(Operations, serve_the_contract_and_its_page) {
  const Response schema = get({"api", "schema"});
  EXPECT_EQ(schema.headers.get("Content-Type"), "application/yaml");
  EXPECT_THAT(body_of(schema), testing::StartsWith("openapi: 3.1.0"));
  const Response page = get({"api", "docs"});
  EXPECT_THAT(body_of(page), HasSubstr("<b>get</b> <code>/api/tasks/{task_id}/status/</code>"));
  EXPECT_THAT(body_of(page), Not(HasSubstr("<script")));
  EXPECT_THAT(std::string(page.headers.get("Content-Security-Policy").value()), Not(HasSubstr("unsafe-inline")));
}

}  // namespace
}  // namespace korrigo::app
