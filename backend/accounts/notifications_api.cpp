#include "accounts/notifications_api.h"

#include <boost/json/array.hpp>

#include "accounts/guard_api.h"
#include "accounts/notifications.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

Result<Response> list(const Context& context, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const std::string_view unread = request.query_value("unread").value_or("false");
  if (unread != "true" && unread != "false")
    return tl::unexpected(http::invalid_field("unread", "must be true or false"));
  const auto page = context.database.read([&](Transaction& t) {
    return list_notifications(t, caller_of(request).user, unread == "true", listing->page_size, listing->offset());
  });
  json::array results;
  for (const Notification& notification : page.notifications) results.push_back(to_json(notification));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> read(const Context& context, Request& request) {
  const std::string id(request.path_parameter("notification_id"));
  if (!is_uuid(id)) return refuse(ErrorKind::not_found, "notification.not_found", "There is no such notification.");
  const UtcTime now = context.clock.now();
  const auto told =
      context.database.write([&](Transaction& t) { return mark_read(t, caller_of(request).user, id, now); });
  if (!told) return tl::unexpected(told.error());
  return http::json(200, to_json(*told));
}

}  // namespace

std::vector<http::Route> notification_routes(const Context& context) {
  const auto bound = [context](auto handler) {
    return [context, handler](Request& request) -> Result<Response> { return handler(context, request); };
  };
  return {
      {Method::get, "/api/notifications/", bound(list), http::NoBody{}, kAny, {}},
      {Method::post, "/api/notifications/{notification_id}/read/", bound(read), http::NoBody{}, kAny, {}},
  };
}

http::SocketRoute notification_socket() {
  return {.pattern = "/ws/notifications/",
          .rights = kAny,
          .topics = [](Request& request) -> Result<std::vector<std::string>> {
            return std::vector{fmt::format("{}{}", kNotificationTopic, caller_of(request).user.value)};
          }};
}

}  // namespace korrigo::accounts
