/// Other programs of the school are told of events: a signed message to an address of the internet that an admin
/// registered.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/context.h"
#include "accounts/sealing.h"
#include "audit/audit.h"
#include "base/result.h"
#include "jobs/worker.h"
#include "outgoing/post.h"

namespace korrigo::accounts {

constexpr std::string_view kWebhookTask = "deliver_webhook";
constexpr std::int64_t kMostWebhooks = 20;

struct Webhook {
  std::string id;  // UUID
  std::string url;
  std::vector<std::string> events;  // names of NotificationKind
  UtcTime created_at{};
  std::optional<UtcTime> last_tried_at;
  std::optional<std::string> last_error;  // code; nothing when the last one arrived
};

struct CreatedWebhook {
  Webhook webhook;
  std::string secret;  // "whs_" and 64 hexadecimal digits, to be shown once
};

/// Refuses with malformed "request.invalid" (`field` set: an address that is not of the internet, no event, an event
/// that is none) or conflict "webhook.too_many".
Result<CreatedWebhook> create_webhook(const Context& context, const Sealer& sealer, const std::string& url,
                                      const std::vector<std::string>& events, const audit::Actor& actor);
/// What waits for it is dropped. Refuses with not_found "webhook.not_found".
Result<void> delete_webhook(const Context& context, std::string_view id, const audit::Actor& actor);

struct WebhookPage {
  std::vector<Webhook> webhooks;  // newest first
  std::int64_t count = 0;
};
WebhookPage list_webhooks(storage::Transaction& transaction, int page_size, std::int64_t offset);

/// A task for every webhook that wants this event, in the event's own transaction. `data` holds ids and figures.
void tell_webhooks(storage::Transaction& transaction, std::string_view event, const boost::json::object& data,
                   UtcTime now);

/// Sends {id, event, created_at, data}; tried again for about two hours when the receiver cannot be reached, not when
/// it refuses. What the arguments refer to outlives the handler. `rules` are for tests.
jobs::Handler webhook_handler(const Context& context, const Sealer& sealer, outgoing::PostRules rules = {});

}  // namespace korrigo::accounts
