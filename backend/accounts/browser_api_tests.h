/// What the tests of the routes share: a browser with cookies, answered by guard and routes without a network.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "accounts/csrf_api.h"
#include "accounts/guard_api.h"
#include "accounts/school_tests.h"
#include "accounts/session_api.h"
#include "accounts/settings_api.h"
#include "accounts/tokens_api.h"
#include "accounts/users_api.h"
#include "http/errors.h"
#include "http/url.h"

namespace korrigo::accounts {

struct Answer {
  int status = 0;
  boost::json::value body;
  http::Response response;
  std::string code() const { return status < 400 ? "done" : std::string(body.at("code").as_string()); }
};

/// As the server treats a request: route, guard, handler, and refusals by the table.
class Site {
 public:
  Site(storage::Database& database, const Clock& clock) : guard(make_guard(database, clock)) {}

  Answer answer(http::Request request, std::string_view target) const {
    const auto parsed = http::parse_target(target).value();
    request.path = parsed.path;
    request.query = parsed.query;
    const auto match = router.match(request.method, parsed.segments);
    if (!match.route) throw std::logic_error("no route for " + std::string(target));
    request.route_pattern = match.route->pattern;
    request.path_parameters = match.path_parameters;
    Answer answer;
    if (auto refused = guard(request, match.route->rights)) {
      answer.response = std::move(*refused);
    } else {
      auto outcome = match.route->handler(request);
      answer.response = outcome ? std::move(*outcome) : http::refusal(request, outcome.error(), match.route->statuses);
    }
    answer.status = answer.response.status;
    if (const auto* text = std::get_if<std::string>(&answer.response.body)) answer.body = boost::json::parse(*text);
    return answer;
  }

  http::Router router;
  http::Guard guard;
};

class Browser {
 public:
  explicit Browser(const Site& site) : site_(site) {}

  Answer get(std::string_view target) { return send(http::Method::get, target); }
  Answer post(std::string_view target, const boost::json::value& body = {}) {
    return send(http::Method::post, target, body);
  }
  Answer patch(std::string_view target, const boost::json::value& body) {
    return send(http::Method::patch, target, body);
  }
  Answer put(std::string_view target, const boost::json::value& body) { return send(http::Method::put, target, body); }
  Answer remove(std::string_view target) { return send(http::Method::delete_, target); }

  Answer log_in(std::string_view name, std::string_view password = kGoodPassword) {
    return post("/api/login/", {{"username", name}, {"password", password}});
  }
  /// Fetches the CSRF token; sent with every unsafe request from then on.
  std::string take_csrf() {
    headers["X-CSRFToken"] = std::string(get("/api/csrf/").body.at("csrf_token").as_string());
    return headers["X-CSRFToken"];
  }

  Answer send(http::Method method, std::string_view target, const boost::json::value& body = {}) {
    http::Request request;
    request.method = method;
    request.host = "school.example";
    request.remote_address = "192.0.2.1";
    request.request_id = "r-1";
    request.secure = secure;
    for (const auto& [name, value] : cookies) request.cookies.emplace_back(name, value);
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    if (!body.is_null()) request.body = boost::json::serialize(body);
    Answer answer = site_.answer(std::move(request), target);
    for (const auto& [name, value] : answer.response.headers) {
      if (http::equal_ignoring_case(name, "Set-Cookie")) keep(value);
    }
    return answer;
  }

  std::map<std::string, std::string> cookies;
  std::map<std::string, std::string> headers;
  std::string last_set_cookie;
  bool secure = false;

 private:
  void keep(const std::string& field) {
    last_set_cookie = field;
    const std::string pair = field.substr(0, field.find(';'));
    const std::size_t equals = pair.find('=');
    if (field.find("Max-Age=0") != std::string::npos) {
      cookies.erase(pair.substr(0, equals));
    } else {
      cookies[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
  }

  const Site& site_;
};

/// A school with its routes, an admin `office` and a teacher `marie`.
class SchoolSite : public School {
 protected:
  SchoolSite() : site(database(), clock_) {
    office = add("office", Role::admin);
    marie = add("marie");
    site.router.add(session_routes(context()));
    site.router.add(user_routes(context()));
    site.router.add(setting_routes(context()));
    site.router.add(token_routes(context()));
  }
  Browser browser() { return Browser(site); }
  /// Logged in, with a CSRF token.
  Browser as(std::string_view name) {
    Browser somebody(site);
    if (somebody.log_in(name).status != 200) throw std::runtime_error("nobody is called " + std::string(name));
    somebody.take_csrf();
    return somebody;
  }

  Site site;
  User office;
  User marie;
};

}  // namespace korrigo::accounts
