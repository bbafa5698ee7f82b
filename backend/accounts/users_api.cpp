#include "accounts/users_api.h"

#include <charconv>

#include "accounts/guard_api.h"
#include "accounts/session_api.h"
#include "accounts/user.h"
#include "accounts/user_json_api.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::pair<std::string_view, UserOrder> kOrders[] = {{"username", UserOrder::username},
                                                              {"email", UserOrder::email},
                                                              {"role", UserOrder::role},
                                                              {"created_at", UserOrder::created_at},
                                                              {"last_login_at", UserOrder::last_login_at}};

Result<UserId> user_id_of(const Request& request) {
  const std::string_view text = request.path_parameter("user_id");
  UserId id;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (fault != std::errc{} || end != text.data() + text.size()) {
    return refuse(ErrorKind::not_found, "user.not_found", "There is no such user.");
  }
  return id;
}

Result<UserFilter> filter_of(const Request& request, const http::Listing& listing) {
  UserFilter filter{.search = std::string(request.query_value("search").value_or("")),
                    .descending = listing.descending,
                    .page = listing.page,
                    .page_size = listing.page_size};
  for (const auto& [name, order] : kOrders) {
    if (name == listing.ordering) filter.order = order;
  }
  if (const auto role = request.query_value("role")) {
    filter.role = role_named(*role);
    if (!filter.role) return tl::unexpected(http::invalid_field("role", "must be ADMIN, TEACHER or STUDENT"));
  }
  if (const auto active = request.query_value("is_active")) {
    if (*active != "true" && *active != "false") {
      return tl::unexpected(http::invalid_field("is_active", "must be true or false"));
    }
    filter.is_active = *active == "true";
  }
  constexpr std::size_t kLongestSearch = 800;  // bytes: 200 characters
  if (filter.search.size() > kLongestSearch) return tl::unexpected(http::invalid_field("search", "is too long"));
  return filter;
}

Result<Response> get_users(const Context& context, const Request& request) {
  const auto listing = http::read_listing(request, {"username", "email", "role", "created_at", "last_login_at"});
  if (!listing) return tl::unexpected(listing.error());
  const auto filter = filter_of(request, *listing);
  if (!filter) return tl::unexpected(filter.error());
  const UserPage page =
      context.database.read([&](Transaction& transaction) { return list_users(transaction, *filter); });
  json::array results;
  for (const User& user : page.users) results.push_back(to_json(user));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> get_user(const Context& context, const Request& request) {
  return user_id_of(request).and_then([&](UserId id) -> Result<Response> {
    const auto user = context.database.read([&](Transaction& transaction) { return find_user(transaction, id); });
    if (!user) return tl::unexpected(user.error());
    return http::json(200, to_json(*user));
  });
}

Result<Response> post_user(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto wanted = new_user_of(*body);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto created = create_user(context, *wanted, actor_of(request));
  if (!created) return tl::unexpected(created.error());
  json::object answer = to_json(created->user);
  if (created->temporary_password) answer["temporary_password"] = *created->temporary_password;
  return http::json(201, answer).with("Cache-Control", "private, no-store");
}

/// PUT and PATCH differ in what must be there.
Result<Response> change(const Context& context, const Request& request) {
  const auto id = user_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto wanted = user_change_of(*body, request.method == Method::put);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto user = change_user(context, *id, *wanted, actor_of(request));
  if (!user) return tl::unexpected(user.error());
  return http::json(200, to_json(*user));
}

Result<Response> remove(const Context& context, const Request& request) {
  const auto id = user_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto removed = delete_user(context, *id, actor_of(request));
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

Result<Response> post_reset(const Context& context, const Request& request) {
  const auto id = user_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto password = reset_password(context, *id, actor_of(request));
  if (!password) return tl::unexpected(password.error());
  return http::json(200, {{"temporary_password", *password}, {"must_change_password", true}})
      .with("Cache-Control", "private, no-store");
}

}  // namespace

std::vector<http::Route> user_routes(const Context& context) {
  const auto bound = [&context](auto handler) {
    return [context, handler](Request& request) -> Result<Response> { return handler(context, request); };
  };
  const http::BodyPolicy small = http::SmallBody{.max_bytes = 16 * 1024};
  const http::StatusOverrides statuses{{ErrorKind::invalid_input, 400}};
  const auto one = "/api/users/{user_id}/";
  return {
      {Method::get, "/api/users/", bound(get_users), http::NoBody{}, kAdmin, statuses},
      {Method::post, "/api/users/", bound(post_user), small, kAdmin, statuses},
      {Method::get, one, bound(get_user), http::NoBody{}, kAdmin, statuses},
      {Method::put, one, bound(change), small, kAdmin, statuses},
      {Method::patch, one, bound(change), small, kAdmin, statuses},
      {Method::delete_, one, bound(remove), http::NoBody{}, kAdmin, statuses},
      {Method::post, "/api/users/{user_id}/reset-password/", bound(post_reset), http::NoBody{}, kAdmin, statuses},
  };
}

}  // namespace korrigo::accounts
