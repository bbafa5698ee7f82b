#include "accounts/webhook.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "accounts/notifications.h"
#include "accounts/secrets.h"
#include "accounts/user_fields.h"
#include "jobs/queue.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kInsert{"webhook.insert", R"(
  INSERT INTO webhook (id, url, events, secret_sealed, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6))"};
constexpr Statement kRemove{"webhook.remove", "DELETE FROM webhook WHERE id = $1"};
constexpr Statement kCount{"webhook.count", "SELECT count(*) FROM webhook"};
constexpr Statement kList{"webhook.list", R"(
  SELECT id, url, events, created_at, last_tried_at, last_error FROM webhook
  ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2)"};
constexpr Statement kWanted{"webhook.wanted", "SELECT id, events FROM webhook ORDER BY id"};
constexpr Statement kFind{"webhook.find", "SELECT url, secret_sealed FROM webhook WHERE id = $1"};
constexpr Statement kTried{"webhook.tried", "UPDATE webhook SET last_tried_at = $2, last_error = $3 WHERE id = $1"};

std::vector<std::string> events_of(const std::string& stored) {
  std::vector<std::string> events;
  const json::value names = json::parse(stored);
  for (const json::value& name : names.as_array()) events.emplace_back(name.as_string());
  return events;
}

std::string stored(const std::vector<std::string>& events) {
  return json::serialize(json::array(events.begin(), events.end()));
}

Result<void> check(const std::string& url, const std::vector<std::string>& events) {
  if (const std::string fault = outgoing::fault_of_post_url(url); !fault.empty())
    return tl::unexpected(wrong_field("url", fault));
  if (events.empty()) return tl::unexpected(wrong_field("events", "must not be empty"));
  for (const std::string& event : events)
    if (!is_notification_kind(event)) return tl::unexpected(wrong_field("events", "holds only names of notifications"));
  return {};
}

audit::NewEntry entry_of(const audit::Actor& actor, std::string action, std::string_view id) {
  return {actor, std::move(action), "webhook", std::string(id)};
}

}  // namespace

Result<CreatedWebhook> create_webhook(const Context& context, const Sealer& sealer, const std::string& url,
                                      const std::vector<std::string>& events, const audit::Actor& actor) {
  if (auto good = check(url, events); !good) return tl::unexpected(good.error());
  const UtcTime now = context.clock.now();
  CreatedWebhook created{{make_uuid_v7(now), url, events, now, {}, {}}, "whs_" + new_secret()};
  const std::string sealed = sealer.seal(created.secret);
  return context.database.write([&](Transaction& transaction) -> Result<CreatedWebhook> {
    if (transaction.row(kCount)->get<std::int64_t>(0) >= kMostWebhooks)
      return refuse(ErrorKind::conflict, "webhook.too_many",
                    fmt::format("There are {} webhooks already: remove one first.", kMostWebhooks));
    transaction.execute(kInsert, created.webhook.id, url, stored(events), sealed, actor.user, now);
    audit::append(transaction, entry_of(actor, "webhook.create", created.webhook.id), now);
    return created;
  });
}

Result<void> delete_webhook(const Context& context, std::string_view id, const audit::Actor& actor) {
  return context.database.write([&](Transaction& transaction) -> Result<void> {
    if (transaction.execute(kRemove, id) == 0)
      return refuse(ErrorKind::not_found, "webhook.not_found", "There is no such webhook.");
    audit::append(transaction, entry_of(actor, "webhook.delete", id), context.clock.now());
    return {};
  });
}

WebhookPage list_webhooks(Transaction& transaction, int page_size, std::int64_t offset) {
  WebhookPage page;
  page.count = transaction.row(kCount)->get<std::int64_t>(0);
  for (const Row& row : transaction.rows(kList, page_size, offset)) {
    page.webhooks.push_back({row.get<std::string>(0), row.get<std::string>(1), events_of(row.get<std::string>(2)),
                             row.get<UtcTime>(3), row.get<std::optional<UtcTime>>(4),
                             row.get<std::optional<std::string>>(5)});
  }
  return page;
}

void tell_webhooks(Transaction& transaction, std::string_view event, const json::object& data, UtcTime now) {
  const ManualClock at(now);
  jobs::Queue queue(at);
  for (const Row& row : transaction.rows(kWanted)) {
    const auto events = events_of(row.get<std::string>(1));
    if (std::ranges::find(events, event) == events.end()) continue;
    jobs::NewTask task{.kind = std::string(kWebhookTask)};
    task.payload = {{"webhook_id", row.get<std::string>(0)},
                    {"message", {{"event", event}, {"created_at", to_iso(now)}, {"data", data}}}};
    task.max_attempts = 6;
    task.time_limit = std::chrono::minutes(2);
    queue.enqueue(transaction, task);
  }
}

jobs::Handler webhook_handler(const Context& context, const Sealer& sealer, outgoing::PostRules rules) {
  return [context, &sealer, rules = std::move(rules)](jobs::TaskContext& task) -> Result<jobs::Ending> {
    const std::string id(task.payload().at("webhook_id").as_string());
    const auto hook = context.database.read([&](Transaction& transaction) { return transaction.row(kFind, id); });
    if (!hook) return task.finish({{"delivered", false}});
    const auto secret = sealer.open(hook->get<std::string>(1));
    if (!secret) {
      return refuse(ErrorKind::conflict, "task.sealed_elsewhere",
                    "This task was sealed with the key of another installation.");
    }
    json::object message = task.payload().at("message").as_object();
    message["id"] = task.task().id.text();
    const outgoing::Post post{hook->get<std::string>(0), json::serialize(message),
                              std::string(message.at("event").as_string()), task.task().id.text(), *secret};
    const UtcTime now = context.clock.now();
    const auto sent = outgoing::send(post, now, task.cancel(), rules);
    task.commit([&](Transaction& transaction) {
      transaction.execute(kTried, id, now, sent ? std::nullopt : std::optional(sent.error().code));
    });
    if (!sent) return tl::unexpected(sent.error());
    return task.finish({{"delivered", true}});
  };
}

}  // namespace korrigo::accounts
