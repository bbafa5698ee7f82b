#include "http/server.h"

#include "http/test_server.h"

namespace korrigo::http {
namespace {

using testing::Answer;
using testing::Client;
using testing::eventually;
using testing::Gate;

class HttpServer : public testing::ServerTest {
 protected:
  HttpServer() {
    add(Method::get, "/api/exams/{id}/",
        [](Request& request) { return text(200, "text/plain", std::string(request.path_parameter("id"))); });
    add(
        Method::post, "/api/exams/",
        [](Request& request) -> Result<Response> {
          const auto body = request.json_object();
          if (!body) return tl::unexpected(body.error());
          return json(201, *body);
        },
        SmallBody{.max_bytes = 1000});
  }
};

TEST_F(HttpServer, answers_requests_of_one_connection_in_order) {
  start();
  Client client(server->port());
  EXPECT_EQ(client.request("GET", "/api/exams/7/").body, "7");
  EXPECT_EQ(client.request("GET", "/api/exams/8/").body, "8");
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(HttpServer, answers_pipelined_requests_in_order) {
  start();
  Client client(server->port());
  client.send(Client::text("GET", "/api/exams/1/") +
              Client::text("POST", "/api/exams/", "Content-Type: application/json\r\n", R"({"a":1})") +
              Client::text("GET", "/api/exams/3/"));
  EXPECT_EQ(client.receive().body, "1");
  EXPECT_EQ(client.receive().body, R"({"a":1})");
  EXPECT_EQ(client.receive().body, "3");
}

TEST_F(HttpServer, answers_both_spellings_of_the_last_slash) {
  start();
  EXPECT_EQ(get("/api/exams/7").body, "7");
  EXPECT_EQ(get("/api/exams/7/").body, "7");
}

TEST_F(HttpServer, answers_head_with_the_length_and_no_body) {
  start();
  Client client(server->port());
  const Answer answer = client.request("HEAD", "/api/exams/1234/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), "4");
  EXPECT_EQ(client.request("GET", "/api/exams/9/").body, "9");
}

TEST_F(HttpServer, says_what_a_path_allows) {
  start();
  const Answer wrong = client().request("DELETE", "/api/exams/7/");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("Allow"), "GET, HEAD, OPTIONS");
  const Answer options_answer = client().request("OPTIONS", "/api/exams/");
  EXPECT_EQ(options_answer.status, 204);
  EXPECT_EQ(options_answer.header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(get("/api/nothing/").status, 404);
  EXPECT_EQ(client().request("BREW", "/api/exams/").status, 501);
}

TEST_F(HttpServer, refuses_paths_that_lead_elsewhere) {
  start();
  for (const char* target : {"/api/../etc/passwd", "/%2e%2e/x", "/api/exams/%00/", "/api/exams/%zz/", "/\\..\\x"}) {
    EXPECT_EQ(get(target).status, 400) << target;
  }
}

TEST_F(HttpServer, keeps_a_sane_request_id_and_makes_one_otherwise) {
  start();
  EXPECT_EQ(get("/api/exams/1/", "X-Request-ID: abc-1.2_3\r\n").header("X-Request-ID"), "abc-1.2_3");
  const std::string made = get("/api/exams/1/", "X-Request-ID: a b\r\n").header("X-Request-ID");
  EXPECT_EQ(made.size(), 36u);
  EXPECT_NE(get("/api/exams/1/").header("X-Request-ID"), made);
  EXPECT_EQ(get("/api/exams/1/", "X-Request-ID: " + std::string(65, 'a') + "\r\n").header("X-Request-ID").size(), 36u);
}

TEST_F(HttpServer, tells_browsers_what_they_may_do) {
  options.security.tls_in_front = true;
  start();
  for (const char* target : {"/api/exams/1/", "/nothing"}) {
    const Answer answer = get(target);
    EXPECT_NE(answer.header("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(answer.header("Content-Security-Policy").find("unsafe-inline"), std::string::npos);
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Referrer-Policy"), "same-origin");
    EXPECT_NE(answer.header("Permissions-Policy"), "");
    EXPECT_NE(answer.header("Strict-Transport-Security"), "");
    EXPECT_NE(answer.header("X-Response-Time-Ms"), "");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
  }
}

TEST_F(HttpServer, lets_only_listed_origins_read) {
  options.security.allowed_origins = {"https://portal.example"};
  start();
  const Answer preflight = client().request(
      "OPTIONS", "/api/exams/", "Origin: https://portal.example\r\nAccess-Control-Request-Method: POST\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "https://portal.example");
  EXPECT_NE(preflight.header("Access-Control-Allow-Headers").find("X-CSRFToken"), std::string::npos);
  const Answer other = get("/api/exams/1/", "Origin: https://evil.example\r\n");
  EXPECT_EQ(other.header("Access-Control-Allow-Origin"), "");
  EXPECT_TRUE(other.headers.has_token("Vary", "Origin"));
}

TEST_F(HttpServer, records_each_request_by_its_pattern_without_its_query) {
  start();
  get("/api/exams/12345/?name=Dupont", "X-Request-ID: here\r\n");
  get("/nowhere/Dupont/");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].route, "/api/exams/{id}/");
  EXPECT_EQ(records[0].status, 200);
  EXPECT_EQ(records[0].request_id, "here");
  EXPECT_EQ(records[1].route, "");
  EXPECT_EQ(records[1].status, 404);
  for (const RequestRecord& record : records) {
    EXPECT_EQ(json_line(record).find("Dupont"), std::string::npos);
    EXPECT_EQ(json_line(record).find("12345"), std::string::npos);
  }
}

TEST_F(HttpServer, shows_only_the_request_number_of_an_exception) {
  add(Method::get, "/api/broken/", [](Request&) -> Response { throw std::runtime_error("password=secret"); });
  start();
  Client client(server->port());
  const Answer answer = client.request("GET", "/api/broken/", "X-Request-ID: n7\r\n");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_NE(answer.body.find("\"request_id\":\"n7\""), std::string::npos);
  EXPECT_EQ(records.at(0).trouble, "password=secret");
  EXPECT_EQ(client.request("GET", "/api/exams/1/").status, 200);
}

TEST_F(HttpServer, says_503_of_an_exception_that_may_pass) {
  options.is_passing = [](const std::exception& exception) { return exception.what() == std::string_view("away"); };
  add(Method::get, "/api/away/", [](Request&) -> Response { throw std::runtime_error("away"); });
  add(Method::get, "/api/broken/", [](Request&) -> Response { throw std::runtime_error("broken"); });
  start();
  Client client(server->port());
  const Answer answer = client.request("GET", "/api/away/");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("server.unavailable"), std::string::npos);
  EXPECT_EQ(answer.header("Retry-After"), "2");
  EXPECT_EQ(records.at(0).trouble, "away");
  EXPECT_EQ(client.request("GET", "/api/broken/").status, 500);
}

TEST_F(HttpServer, maps_refusals_by_the_table_and_the_routes_exceptions) {
  const auto refusing = [](Request&) -> Result<Response> {
    return refuse(ErrorKind::too_large, "scan.large", "Too large");
  };
  add(Method::get, "/plain/", refusing);
  router.add(Route{Method::get, "/other/", refusing, {}, {}, {{ErrorKind::too_large, 400}}, {{"X-Kept", "yes"}}});
  start();
  EXPECT_EQ(get("/plain/").status, 413);
  const Answer other = get("/other/");
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(other.header("X-Kept"), "yes");
  EXPECT_NE(other.body.find("\"code\":\"scan.large\""), std::string::npos);
}

TEST_F(HttpServer, asks_the_guard_with_the_routes_rights_and_hands_its_caller_on) {
  add(
      Method::get, "/mine/",
      [](Request& request) { return text(200, "text/plain", std::any_cast<std::string>(request.caller)); }, {},
      std::string("teacher"));
  guard = [](Request& request, const Rights& rights) -> std::optional<Response> {
    if (request.cookie("session") != "s1")
      return refusal(request, Error{ErrorKind::unauthenticated, "auth.none", "Log in"});
    request.caller = std::any_cast<std::string>(rights) + " ada";
    request.user_id = "42";
    return std::nullopt;
  };
  start();
  EXPECT_EQ(get("/mine/").status, 401);
  EXPECT_EQ(get("/mine/", "Cookie: a=b; session=s1\r\n").body, "teacher ada");
  EXPECT_EQ(records.at(1).user_id, "42");
}

TEST_F(HttpServer, knows_the_client_behind_a_trusted_proxy) {
  options.trusted_proxies = {"127.0.0.1"};
  add(Method::get, "/who/", [](Request& request) {
    return text(200, "text/plain", request.remote_address + " " + request.host + (request.secure ? " tls" : ""));
  });
  start();
  EXPECT_EQ(get("/who/",
                "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\nX-Forwarded-Host: school.example\r\n"
                "X-Forwarded-Proto: https\r\n")
                .body,
            "1.2.3.4 school.example tls");
  EXPECT_EQ(get("/who/").body, "127.0.0.1 localhost");
}

TEST_F(HttpServer, answers_304_to_those_who_have_it) {
  start();
  const Answer first = get("/api/exams/7/");
  const std::string etag = first.header("ETag");
  EXPECT_EQ(first.header("Cache-Control"), "private, no-cache");
  const Answer second = get("/api/exams/7/", "If-None-Match: \"x\", W/" + etag + "\r\n");
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.header("ETag"), etag);
  EXPECT_EQ(get("/api/exams/8/", "If-None-Match: " + etag + "\r\n").status, 200);
}

TEST_F(HttpServer, compresses_long_text_for_those_who_take_it) {
  const std::string long_text(20'000, 'a');
  add(Method::get, "/long/", [&](Request&) { return json_text(200, long_text); });
  add(Method::get, "/secret/", [&](Request&) {
    Response response = json_text(200, long_text);
    response.compressible = false;
    return response;
  });
  add(Method::get, "/picture/", [&](Request&) { return text(200, "image/png", long_text); });
  start();
  const Answer answer = get("/long/", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
  EXPECT_EQ(answer.header("Vary"), "Accept-Encoding");
  EXPECT_LT(answer.body.size(), 200u);
  EXPECT_EQ(answer.body.substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(answer.header("ETag").substr(0, 2), "W/");
  EXPECT_EQ(get("/long/", "If-None-Match: " + answer.header("ETag") + "\r\n").status, 304);
  EXPECT_EQ(get("/long/").body, long_text);
  EXPECT_EQ(get("/long/", "Accept-Encoding: gzip;q=0\r\n").header("Content-Encoding"), "");
  EXPECT_EQ(get("/secret/", "Accept-Encoding: gzip\r\n").header("Content-Encoding"), "");
  EXPECT_EQ(get("/picture/", "Accept-Encoding: gzip\r\n").header("Content-Encoding"), "");
  EXPECT_EQ(get("/api/exams/1/", "Accept-Encoding: gzip\r\n").header("Content-Encoding"), "");
}

TEST_F(HttpServer, answers_503_when_the_pool_is_full) {
  options.pool_threads = 1;
  options.pool_queue = 1;
  Gate gate;
  std::atomic<int> running = 0;
  add(Method::get, "/slow/", [&](Request&) {
    ++running;
    gate.pass();
    return Response(204);
  });
  start();
  Client first(server->port());
  first.send(Client::text("GET", "/slow/"));
  ASSERT_TRUE(eventually([&] { return running == 1; }));
  Client second(server->port());
  second.send(Client::text("GET", "/slow/"));
  ASSERT_TRUE(eventually([&] { return server->waiting_requests() == 1; }));
  const Answer refused = get("/slow/");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "2");
  gate.open();
  EXPECT_EQ(first.receive().status, 204);
  EXPECT_EQ(second.receive().status, 204);
}

TEST_F(HttpServer, lets_running_requests_end_when_it_stops) {
  Gate gate;
  std::atomic<bool> running = false;
  add(Method::get, "/slow/", [&](Request&) {
    running = true;
    gate.pass();
    return text(200, "text/plain", "done");
  });
  start();
  Client idle(server->port());
  EXPECT_EQ(idle.request("GET", "/api/exams/1/").status, 200);
  Client busy(server->port());
  busy.send(Client::text("GET", "/slow/"));
  ASSERT_TRUE(eventually([&] { return running.load(); }));
  server->request_stop();
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(eventually([&] { return server->connections() == 1; }));
  gate.open();
  const Answer answer = busy.receive();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("Connection"), "close");
  server->wait();
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(HttpServer, closes_what_does_not_end_within_the_drain_time) {
  options.timeouts.drain = std::chrono::milliseconds(20);
  add(
      Method::post, "/body/", [](Request&) { return Response(204); }, SmallBody{.max_bytes = 1000, .content_type = ""});
  start();
  Client client(server->port());
  client.send("POST /body/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  ASSERT_TRUE(eventually([&] { return server->connections() == 1; }));
  server->request_stop();
  server->wait();
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, refuses_connections_over_its_limit) {
  options.limits.connections = 2;
  start();
  Client a(server->port());
  Client b(server->port());
  EXPECT_EQ(a.request("GET", "/api/exams/1/").status, 200);
  EXPECT_EQ(b.request("GET", "/api/exams/1/").status, 200);
  EXPECT_EQ(client().receive().status, 503);
  a.close();
  ASSERT_TRUE(eventually([&] { return server->connections() == 1; }));
  EXPECT_EQ(get("/api/exams/1/").status, 200);
}

TEST_F(HttpServer, serves_many_clients_at_once) {
  start();
  std::vector<Client> clients;
  for (int i = 0; i < 300; ++i) clients.emplace_back(server->port());
  for (int i = 0; i < 300; ++i) clients[i].send(Client::text("GET", fmt::format("/api/exams/{}/", i)));
  for (int i = 0; i < 300; ++i) EXPECT_EQ(clients[i].receive().body, std::to_string(i));
}

TEST(HttpServerStart, says_when_its_address_is_taken) {
  Router router;
  Hub hub;
  SystemClock clock;
  Server first({}, router, {}, hub, {}, clock);
  first.start();
  ServerOptions same;
  same.port = first.port();
  Server second(same, router, {}, hub, {}, clock);
  EXPECT_THROW(second.start(), std::system_error);
}

}  // namespace
}  // namespace korrigo::http
