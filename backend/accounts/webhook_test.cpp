#include "accounts/webhook.h"

#include <gmock/gmock.h>
#include <boost/json/parse.hpp>

#include "accounts/notifications.h"
#include "accounts/school_tests.h"
#include "outgoing/receiver_tests.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using jobs::TaskState;
using outgoing::Receiver;
using storage::Statement;
using storage::Transaction;
using testing::HasSubstr;

constexpr Statement kRedirect{"test.webhook_url", "UPDATE webhook SET url = $2 WHERE id = $1"};
constexpr Statement kTask{"test.webhook_task",
                          "SELECT id FROM task WHERE kind = 'deliver_webhook' ORDER BY created_at LIMIT 1"};

class Webhooks : public School {
 protected:
  CreatedWebhook webhook(const std::vector<std::string>& events = {"ALL_GRADED"}) {
    return create_webhook(context(), sealer, "https://hooks.example.org/", events, {}).value();
  }
  /// Where only tests can lead a webhook.
  CreatedWebhook webhook_to(const Receiver& receiver) {
    CreatedWebhook created = webhook();
    database().write([&](Transaction& t) { t.execute(kRedirect, created.webhook.id, receiver.url()); });
    return created;
  }
  void happen(NotificationKind kind = NotificationKind::all_graded) {
    database().write([&](Transaction& t) { notify(t, {}, kind, {{"exam_id", "e-1"}}, clock_.now()); });
  }
  /// The task of the first event, once its turn has ended.
  jobs::Task delivered(outgoing::PostRules rules = outgoing::kToMyself) {
    jobs::Kinds kinds;
    kinds.add(std::string(kWebhookTask), webhook_handler(context(), sealer, std::move(rules)));
    std::atomic<bool> ended{false};
    jobs::WorkerOptions options;
    options.threads = 1;
    options.turn_ended = [&](const jobs::TurnEnd&) { ended = true; };
    jobs::WorkerPool pool(database(), queue, kinds, options);
    pool.start();
    for (int i = 0; i < 3000 && !ended; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    pool.stop();
    return database().read([&](Transaction& t) { return queue.find(t, t.row(kTask)->get<TaskId>(0)).value(); });
  }
  Webhook listed() {
    return database().read([&](Transaction& t) { return list_webhooks(t, 10, 0).webhooks.front(); });
  }

  Sealer sealer{Sealer::Key{7}};
  jobs::Queue queue{clock_};
};
KORRIGO_ON_BOTH_ENGINES(Webhooks);

TEST_P(Webhooks, are_told_what_happened_under_their_secret) {
  Receiver receiver("HTTP/1.1 204 No Content\r\n\r\n");
  const CreatedWebhook created = webhook_to(receiver);
  happen(NotificationKind::batch_failed);
  happen();
  const jobs::Task task = delivered();
  ASSERT_EQ(task.state, TaskState::success);
  const std::string& request = receiver.request();
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  const json::object message = json::parse(body).as_object();
  EXPECT_EQ(message.at("event"), "ALL_GRADED");
  EXPECT_EQ(message.at("id").as_string(), task.id.text());
  EXPECT_EQ(message.at("data").at("exam_id"), "e-1");
  EXPECT_THAT(request,
              HasSubstr("X-Korrigo-Signature: " + outgoing::signature_of(body, created.secret, clock_.now()) + "\r\n"));
  EXPECT_EQ(receiver.requests(), 1);
  EXPECT_EQ(listed().last_tried_at, clock_.now());
  EXPECT_EQ(listed().last_error, std::nullopt);
}

TEST_P(Webhooks, are_tried_again_when_the_receiver_is_ill_and_not_when_it_refuses) {
  Receiver ill("HTTP/1.1 503 Later\r\n\r\n");
  webhook_to(ill);
  happen();
  EXPECT_EQ(delivered().state, TaskState::retry);
  EXPECT_EQ(listed().last_error, "webhook.unreachable");
}

TEST_P(Webhooks, end_with_a_refusal) {
  Receiver gone("HTTP/1.1 410 Gone\r\n\r\n");
  webhook_to(gone);
  happen();
  const jobs::Task task = delivered();
  EXPECT_EQ(task.state, TaskState::failure);
  EXPECT_EQ(task.error->code, "webhook.refused");
}

TEST_P(Webhooks, reach_nothing_inside_the_school) {
  Receiver inside("HTTP/1.1 200 OK\r\n\r\n");
  webhook_to(inside);
  happen();
  outgoing::PostRules rules;
  rules.protocols = "http";
  EXPECT_EQ(delivered(rules).error->code, "webhook.not_public");
  EXPECT_EQ(inside.requests(), 0);
  EXPECT_EQ(listed().last_error, "webhook.not_public");
}

TEST_P(Webhooks, that_are_gone_are_told_nothing) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n");
  const std::string id = webhook_to(receiver).webhook.id;
  happen();
  ASSERT_EQ(code_of(delete_webhook(context(), id, {})), "done");
  EXPECT_EQ(delivered().state, TaskState::success);
  EXPECT_EQ(receiver.requests(), 0);
  EXPECT_EQ(code_of(delete_webhook(context(), id, {})), "webhook.not_found");
}

TEST_P(Webhooks, are_few_and_lead_to_the_internet) {
  for (const char* url : {"http://hooks.example.org/", "https://192.168.1.10/", "https://localhost/"})
    EXPECT_EQ(code_of(create_webhook(context(), sealer, url, {"ALL_GRADED"}, {})), "request.invalid") << url;
  EXPECT_EQ(code_of(create_webhook(context(), sealer, "https://hooks.example.org/", {}, {})), "request.invalid");
  EXPECT_EQ(code_of(create_webhook(context(), sealer, "https://hooks.example.org/", {"OTHER"}, {})), "request.invalid");
  for (int i = 0; i < kMostWebhooks; ++i) webhook();
  EXPECT_EQ(code_of(create_webhook(context(), sealer, "https://hooks.example.org/", {"ALL_GRADED"}, {})),
            "webhook.too_many");
}

}  // namespace
}  // namespace korrigo::accounts
