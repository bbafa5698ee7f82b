#include "accounts/bulk_users_api.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "accounts/bulk_users.h"
#include "accounts/guard_api.h"
#include "accounts/passwords_once.h"
#include "accounts/user_json_api.h"
#include "http/json_fields.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

Result<std::vector<NewUser>> users_of(const json::object& body) {
  http::JsonFields fields(body);
  const json::array* list = fields.optional_array("users");
  if (fields.fault()) return fields.refusal();
  if (!list || list->empty() || list->size() > kMostUsersAtOnce) {
    return tl::unexpected(http::invalid_field("users", fmt::format("must hold 1 to {} accounts", kMostUsersAtOnce)));
  }
  std::vector<NewUser> users;
  for (const json::value& item : *list) {
    const std::size_t line = users.size() + 1;
    if (!item.is_object())
      return tl::unexpected(http::invalid_field("users", fmt::format("{}: must be an object", line)));
    auto user = new_user_of(item.get_object());
    if (!user) return tl::unexpected(http::invalid_field("users", fmt::format("{}: {}", line, user.error().message)));
    users.push_back(std::move(*user));
  }
  return users;
}

Result<Response> post_bulk(const Context& context, jobs::Queue& queue, const Sealer& sealer, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto users = users_of(*body);
  if (!users) return tl::unexpected(users.error());
  const TaskId task = request_users(context, queue, sealer, *users, caller_of(request).user);
  return http::json(202, {{"task_id", task.text()},
                          {"message", "User creation started."},
                          {"status_url", fmt::format("/api/tasks/{}/status/", task.text())},
                          {"users_count", users->size()}});
}

/// `answer` with the passwords in place of what is sealed.
Response with_passwords(Response answer, storage::Database& database, const Sealer& sealer, const Request& request) {
  const auto* text = std::get_if<std::string>(&answer.body);
  if (answer.status != 200 || !text || text->find("passwords_sealed") == std::string::npos) return answer;
  json::value status = json::parse(*text);
  json::value* result = status.as_object().if_contains("result");
  if (!result || !result->is_object() || !result->get_object().contains("passwords_sealed")) return answer;
  result->get_object().erase("passwords_sealed");
  const auto task = TaskId::parse(request.path_parameter("task_id"));
  // HEAD shows nothing, so it takes nothing.
  if (task && request.method == http::Method::get) {
    if (auto passwords = take_passwords(database, *task, caller_of(request).user, sealer)) {
      result->get_object()["passwords"] = std::move(*passwords);
    }
  }
  answer.body = json::serialize(status);
  answer.headers.set("Cache-Control", "private, no-store");
  return answer;
}

}  // namespace

std::vector<http::Route> bulk_user_routes(const Context& context, jobs::Queue& queue, const Sealer& sealer) {
  return {{http::Method::post, "/api/users/bulk/",
           [context, &queue, &sealer](Request& request) { return post_bulk(context, queue, sealer, request); },
           http::SmallBody{.max_bytes = 2 << 20}, kAdmin}};
}

std::vector<http::Route> showing_passwords_once(std::vector<http::Route> task_routes, storage::Database& database,
                                                const Sealer& sealer) {
  for (http::Route& route : task_routes) {
    if (route.pattern != "/api/tasks/{task_id}/status/") continue;
    route.handler = [inner = std::move(route.handler), &database, &sealer](Request& request) -> Result<Response> {
      auto answer = inner(request);
      if (!answer) return answer;
      return with_passwords(std::move(*answer), database, sealer, request);
    };
  }
  return task_routes;
}

}  // namespace korrigo::accounts
