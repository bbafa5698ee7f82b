#include "accounts/setup_api.h"

#include "accounts/guard_api.h"
#include "accounts/session_api.h"
#include "accounts/setup.h"
#include "accounts/user_json_api.h"
#include "http/json_fields.h"

namespace korrigo::accounts {
namespace {

using http::Request;
using http::Response;
using storage::Transaction;

constexpr http::TextLength kSecret{.min = 1, .max = 200};
constexpr http::TextLength kPassword{.min = 1, .max = 1000};

Response get_setup(const Context& context) {
  const bool open = !context.database.read([](Transaction& transaction) { return has_admin(transaction); });
  return http::json(200, {{"open", open}}).with("Cache-Control", "private, no-store");
}

Result<Response> post_setup(const Context& context, const Request& request) {
  auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string secret = fields.text("secret", kSecret);
  fields.text("password", kPassword);  // nobody else could tell the first admin a temporary one
  if (fields.fault()) return fields.refusal();
  (*body)["role"] = name_of(Role::admin);
  const auto wanted = new_user_of(*body);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto admin = complete_setup(context, secret, *wanted, actor_of(request));
  if (!admin) return tl::unexpected(admin.error());
  return http::json(201, to_json(*admin)).with("Cache-Control", "private, no-store");
}

}  // namespace

std::vector<http::Route> setup_routes(const Context& context) {
  const auto path = "/api/setup/";
  return {
      {http::Method::get, path, [context](Request&) { return get_setup(context); }, http::NoBody{}, kPublic},
      {http::Method::post,
       path,
       [context](Request& request) { return post_setup(context, request); },
       http::SmallBody{.max_bytes = 16 * 1024},
       kPublic,
       {{ErrorKind::invalid_input, 400}}},
  };
}

}  // namespace korrigo::accounts
