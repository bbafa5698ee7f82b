#include "http/response.h"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include "http/errors.h"
#include "http/proxies.h"
#include "http/security_headers.h"
#include "http/server.h"
#include "http/url.h"
#include "http/wire.h"

namespace korrigo::http {
namespace {

Request asking() {
  Request request;
  request.request_id = "r1";
  return request;
}

std::string body_of(const Response& response) {
  return std::get<std::string>(response.body);
}

TEST(Refusal, has_the_status_of_its_kind) {
  const std::pair<ErrorKind, int> table[] = {
      {ErrorKind::malformed, 400}, {ErrorKind::invalid_input, 422},   {ErrorKind::not_found, 404},
      {ErrorKind::forbidden, 403}, {ErrorKind::unauthenticated, 401}, {ErrorKind::conflict, 409},
      {ErrorKind::too_large, 413}, {ErrorKind::limited, 429},         {ErrorKind::too_busy, 503}};
  for (const auto& [kind, status] : table) EXPECT_EQ(status_of(kind), status);
  EXPECT_EQ(status_of(ErrorKind::too_large, {{ErrorKind::too_large, 400}}), 400);
  EXPECT_TRUE(refusal(asking(), Error{ErrorKind::limited, "login.limited", "wait"}).headers.has("Retry-After"));
}

TEST(Refusal, says_sentence_code_field_details_and_request) {
  const Error error{ErrorKind::invalid_input, "roster.invalid",
                    "CSV validation failed",  "secret",
                    "students_csv",           {"line 3: no e-mail", "line 4: twice"}};
  EXPECT_EQ(body_of(refusal(asking(), error)),
            R"({"error":"CSV validation failed","code":"roster.invalid","field":"students_csv",)"
            R"("details":[{"message":"line 3: no e-mail"},{"message":"line 4: twice"}],"request_id":"r1"})");
  EXPECT_EQ(body_of(refusal(asking(), 207, Error{ErrorKind::malformed, "c", "s"}, {{{"line", 3}}})),
            R"({"error":"s","code":"c","details":[{"line":3}],"request_id":"r1"})");
}

TEST(Refusal, speaks_the_language_of_the_asker) {
  Request request = asking();
  const Error own{ErrorKind::not_found, "request.not_found", {}};
  EXPECT_NE(body_of(refusal(request, own)).find("Il n'y a rien"), std::string::npos);
  request.language = Language::en;
  EXPECT_NE(body_of(refusal(request, own)).find("There is nothing"), std::string::npos);
  const Translate translate = [](const Error& error, Language language) -> std::string {
    return error.code == "exam.closed" && language == Language::en ? "The exam is closed." : "";
  };
  request.translate = &translate;
  EXPECT_NE(body_of(refusal(request, Error{ErrorKind::conflict, "exam.closed", "fermé"})).find("The exam is closed."),
            std::string::npos);
}

TEST(Head, cannot_be_added_to_by_a_value) {
  Response response(200);
  response.headers.add("Content-Disposition", content_disposition(true, "a\r\nSet-Cookie: x=1"));
  response.headers.add("X", "a\r\n\r\nbody");
  const std::string head = head_of(response, UtcTime{}, true);
  EXPECT_EQ(head.find("\r\nSet-Cookie"), std::string::npos);
  EXPECT_EQ(head.find("\r\n\r\n"), head.size() - 4);
  EXPECT_NE(head.find("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"), std::string::npos);
}

TEST(DownloadName, is_given_in_both_forms) {
  EXPECT_EQ(content_disposition(true, "copie.pdf"), "attachment; filename=\"copie.pdf\"");
  EXPECT_EQ(content_disposition(false, "é\"1.pdf"), "inline; filename=\"__1.pdf\"; filename*=UTF-8''%C3%A9%221.pdf");
}

TEST(Cookie, carries_its_attributes) {
  Response response(204);
  set_cookie(response, {.name = "session", .value = "abc", .max_age = std::chrono::seconds(60), .secure = true});
  set_cookie(response, {.name = "other", .value = "d", .http_only = false, .same_site = ""});
  std::vector<std::string> cookies;
  for (const auto& [name, value] : response.headers) cookies.push_back(value);
  EXPECT_EQ(cookies, (std::vector<std::string>{"session=abc; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax",
                                               "other=d; Path=/"}));
}

TEST(Proxies, speak_for_clients_only_when_trusted) {
  const TrustedProxies proxies({"127.0.0.1", "10.0.0.0/9", "fd00::/8"});
  EXPECT_EQ(proxies.client_of("127.0.0.1", "1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(proxies.client_of("::ffff:127.0.0.1", "1.2.3.4, 10.1.2.3"), "1.2.3.4");
  EXPECT_EQ(proxies.client_of("127.0.0.1", "6.6.6.6, 1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(proxies.client_of("10.200.0.1", "1.2.3.4"), "10.200.0.1");
  EXPECT_EQ(proxies.client_of("9.9.9.9", "1.2.3.4"), "9.9.9.9");
  EXPECT_EQ(proxies.client_of("fd00::1", "2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(proxies.client_of("127.0.0.1", "unknown"), "127.0.0.1");
  EXPECT_EQ(proxies.client_of("127.0.0.1", ""), "127.0.0.1");
  EXPECT_THROW(TrustedProxies({"10.0.0.0/33"}), std::invalid_argument);
  EXPECT_THROW(TrustedProxies({"localhost"}), std::invalid_argument);
}

TEST(Origin, of_another_site_is_foreign) {
  SecurityPolicy policy;
  policy.allowed_origins = {"https://portal.example"};
  const auto foreign = [&](std::string host, std::string origin) {
    Request request;
    request.host = std::move(host);
    if (!origin.empty()) request.headers.add("Origin", std::move(origin));
    return is_foreign_origin(request, policy);
  };
  EXPECT_FALSE(foreign("school.example", "https://school.example"));
  EXPECT_FALSE(foreign("school.example:443", "https://School.example"));
  EXPECT_FALSE(foreign("localhost:8088", "http://localhost:8088"));
  EXPECT_FALSE(foreign("school.example", "https://portal.example"));
  EXPECT_FALSE(foreign("school.example", ""));
  EXPECT_TRUE(foreign("school.example", "https://evil.example"));
  EXPECT_TRUE(foreign("localhost:8088", "http://localhost:9999"));
  EXPECT_TRUE(foreign("school.example", "null"));
}

TEST(AcceptEncoding, weighs) {
  EXPECT_EQ(weight_of("gzip, br;q=0.5", "br"), 0.5);
  EXPECT_EQ(weight_of("gzip;q=0", "gzip"), 0);
  EXPECT_EQ(weight_of("*;q=0.1", "gzip"), 0.1);
  EXPECT_EQ(weight_of("identity", "gzip"), 0);
}

TEST(RequestRecord, is_one_line_of_json_without_query_or_body) {
  RequestRecord record;
  record.method = "GET";
  record.route = "/api/exams/{id}/";
  record.status = 200;
  record.duration = std::chrono::microseconds(1234);
  record.request_id = "r\n1";
  EXPECT_EQ(
      json_line(record),
      R"({"timestamp":"1970-01-01T00:00:00.000Z","level":"info","logger":"http","message":"request","method":"GET",)"
      R"("route":"/api/exams/{id}/","status":200,"duration_ms":1.23E0,"user_id":null,"request_id":"r\n1"})");
}

}  // namespace
}  // namespace korrigo::http
