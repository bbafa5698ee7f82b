#include "accounts/webhooks_api.h"

#include <boost/json/array.hpp>

#include "accounts/guard_api.h"
#include "accounts/webhook.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

json::object to_json(const Webhook& webhook) {
  return {{"id", webhook.id},
          {"url", webhook.url},
          {"events", json::array(webhook.events.begin(), webhook.events.end())},
          {"created_at", to_iso(webhook.created_at)},
          {"last_tried_at", webhook.last_tried_at ? json::value(to_iso(*webhook.last_tried_at)) : json::value()},
          {"last_error", webhook.last_error ? json::value(*webhook.last_error) : json::value()}};
}

Result<Response> get_webhooks(const Context& context, const Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const WebhookPage page = context.database.read(
      [&](Transaction& transaction) { return list_webhooks(transaction, listing->page_size, listing->offset()); });
  json::array results;
  for (const Webhook& webhook : page.webhooks) results.push_back(to_json(webhook));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> post_webhook(const Context& context, const Sealer& sealer, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string url = fields.text("url", {.min = 1, .max = 2000});
  const json::array* names = fields.optional_array("events");
  if (!names) fields.reject("events", "is required");
  std::vector<std::string> events;
  for (const json::value& name : names ? *names : json::array{}) {
    if (!name.is_string()) fields.reject("events", "holds only names of notifications");
    const std::string event = name.is_string() ? std::string(name.get_string()) : std::string();
    if (std::ranges::find(events, event) == events.end()) events.push_back(event);
  }
  if (fields.fault()) return fields.refusal();
  const auto created = create_webhook(context, sealer, url, events, actor_of(request));
  if (!created) return tl::unexpected(created.error());
  json::object answer = to_json(created->webhook);
  answer["secret"] = created->secret;
  return http::json(201, answer).with("Cache-Control", "private, no-store");
}

Result<Response> delete_one(const Context& context, const Request& request) {
  const auto removed = delete_webhook(context, request.path_parameter("webhook_id"), actor_of(request));
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

}  // namespace

std::vector<http::Route> webhook_routes(const Context& context, const Sealer& sealer) {
  const auto path = "/api/webhooks/";
  return {
      {Method::get, path, [context](Request& request) { return get_webhooks(context, request); }, http::NoBody{},
       kAdmin},
      {Method::post, path, [context, &sealer](Request& request) { return post_webhook(context, sealer, request); },
       http::SmallBody{.max_bytes = 16 * 1024}, kAdmin.sessions_only()},
      {Method::delete_, "/api/webhooks/{webhook_id}/",
       [context](Request& request) { return delete_one(context, request); }, http::NoBody{}, kAdmin},
  };
}

}  // namespace korrigo::accounts
