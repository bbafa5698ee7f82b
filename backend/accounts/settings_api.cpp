#include "accounts/settings_api.h"

#include "accounts/guard_api.h"
#include "accounts/settings.h"

namespace korrigo::accounts {
namespace {

using http::Method;
using http::Request;
using http::Response;

Response get_settings(const Context& context) {
  return http::json(200, to_json(context.database.read(settings)));
}

Result<Response> post_settings(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto changed = change_settings(context.database, *body, actor_of(request), context.clock.now());
  if (!changed) return tl::unexpected(changed.error());
  return http::json(200, to_json(*changed));
}

}  // namespace

std::vector<http::Route> setting_routes(const Context& context) {
  return {
      {Method::get, "/api/settings/", [context](Request&) -> Result<Response> { return get_settings(context); },
       http::NoBody{}, kAdmin},
      {Method::post,
       "/api/settings/",
       [context](Request& request) { return post_settings(context, request); },
       http::SmallBody{.max_bytes = 64 * 1024},
       kAdmin,
       {{ErrorKind::invalid_input, 400}}},
  };
}

}  // namespace korrigo::accounts
