#include "accounts/tokens_api.h"

#include <boost/json/array.hpp>

#include "accounts/guard_api.h"
#include "accounts/token.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

json::value or_null(const std::optional<UtcTime>& time) {
  return time ? json::value(to_iso(*time)) : json::value();
}

json::object to_json(const ApiToken& token) {
  json::array scopes;
  for (const Scope scope : token.scopes) scopes.emplace_back(name_of(scope));
  return {{"id", token.id},
          {"name", token.name},
          {"scopes", std::move(scopes)},
          {"created_at", to_iso(token.created_at)},
          {"last_used_at", or_null(token.last_used_at)},
          {"expires_at", or_null(token.expires_at)}};
}

Result<NewToken> new_token_of(const json::object& body) {
  http::JsonFields fields(body);
  NewToken token{.name = fields.text("name", {.min = 1, .max = 100}), .scopes = {}};
  const json::array* scopes = fields.optional_array("scopes");
  if (!scopes) fields.reject("scopes", "is required");
  for (const json::value& name : scopes ? *scopes : json::array{}) {
    const auto scope = name.is_string() ? scope_named(name.get_string()) : std::nullopt;
    if (!scope) fields.reject("scopes", "holds only read, write or metrics");
    if (scope && std::ranges::find(token.scopes, *scope) == token.scopes.end()) token.scopes.push_back(*scope);
  }
  if (const auto text = fields.optional_text("expires_at")) {
    token.expires_at = parse_iso(*text);
    if (!token.expires_at) fields.reject("expires_at", "must be a time as 2026-02-03T10:00:00.000Z");
  }
  if (fields.fault()) return fields.refusal();
  return token;
}

Result<Response> get_tokens(const Context& context, const Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const TokenPage page = context.database.read([&](Transaction& transaction) {
    return list_tokens(transaction, caller_of(request).user, listing->page, listing->page_size);
  });
  json::array results;
  for (const ApiToken& token : page.tokens) results.push_back(to_json(token));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> post_token(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto wanted = new_token_of(*body);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto created = create_token(context, caller_of(request).user, *wanted, actor_of(request));
  if (!created) return tl::unexpected(created.error());
  json::object answer = to_json(created->token);
  answer["token"] = created->secret;
  return http::json(201, answer).with("Cache-Control", "private, no-store");
}

Result<Response> delete_token(const Context& context, const Request& request) {
  const auto revoked =
      revoke_token(context, caller_of(request).user, request.path_parameter("token_id"), actor_of(request));
  if (!revoked) return tl::unexpected(revoked.error());
  return http::no_content();
}

}  // namespace

std::vector<http::Route> token_routes(const Context& context) {
  const auto bound = [&context](auto handler) {
    return [context, handler](Request& request) -> Result<Response> { return handler(context, request); };
  };
  const Rights staff = kAdmin | kTeacher;
  return {
      {Method::get, "/api/tokens/", bound(get_tokens), http::NoBody{}, staff},
      {Method::post, "/api/tokens/", bound(post_token), http::SmallBody{.max_bytes = 16 * 1024}, staff.sessions_only()},
      {Method::delete_, "/api/tokens/{token_id}/", bound(delete_token), http::NoBody{}, staff},
  };
}

}  // namespace korrigo::accounts
