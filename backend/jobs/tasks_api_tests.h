/// What the tests of the task routes share: requests of somebody, answered by the routes without a server.
#pragma once

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "accounts/guard_api.h"
#include "http/router.h"
#include "http/url.h"
#include "jobs/queue_tests.h"

namespace korrigo::jobs {

inline accounts::Caller caller(std::int64_t user, accounts::Role role) {
  accounts::Caller who;
  who.user = UserId{user};
  who.role = role;
  return who;
}
inline const accounts::Caller kBoss = caller(1, accounts::Role::admin);
inline const accounts::Caller kOwner = caller(2, accounts::Role::teacher);
inline const accounts::Caller kStranger = caller(3, accounts::Role::teacher);

struct Answer {
  int status = 0;
  boost::json::value body;
  http::Response response;
  std::string code() const { return std::string(body.at("code").as_string()); }
};

inline http::Request request_of(http::Method method, std::string_view target, const accounts::Caller& who) {
  http::Request request;
  const auto parsed = http::parse_target(target).value();
  request.method = method;
  request.path = parsed.path;
  request.query = parsed.query;
  request.caller = who;
  return request;
}

/// As the server would: the route's handler, and its refusals by the table.
inline Answer ask(const http::Router& router, http::Method method, std::string_view target,
                  const accounts::Caller& who = kBoss, std::string body = {}) {
  http::Request request = request_of(method, target, who);
  const auto match = router.match(method, http::parse_target(target).value().segments);
  if (!match.route) throw std::logic_error("no route for " + std::string(target));
  request.path_parameters = match.path_parameters;
  request.body = std::move(body);
  auto outcome = match.route->handler(request);
  Answer answer;
  answer.response = outcome ? std::move(*outcome) : http::refusal(request, outcome.error(), match.route->statuses);
  answer.status = answer.response.status;
  if (const auto* text = std::get_if<std::string>(&answer.response.body)) answer.body = boost::json::parse(*text);
  return answer;
}

}  // namespace korrigo::jobs
