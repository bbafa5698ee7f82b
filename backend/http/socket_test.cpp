// WebSockets over real connections.
#include "http/test_socket.h"

namespace korrigo::http {
namespace {

using testing::eventually;
using testing::SocketClient;

class HttpSocket : public testing::ServerTest {
 protected:
  HttpSocket() {
    SocketRoute route;
    route.pattern = "/ws/exams/{id}/processing/";
    route.topics = [](Request& request) -> Result<std::vector<std::string>> {
      const std::string id(request.path_parameter("id"));
      if (id == "none") return refuse(ErrorKind::not_found, "exam.unknown", "No such exam");
      if (id == "broken") throw std::runtime_error("database gone");
      return std::vector<std::string>{"exam:" + id};
    };
    route.welcome = [](Request& request) {
      return std::vector<std::string>{"state of " + std::string(request.path_parameter("id"))};
    };
    route.on_message = [](Request&, std::string_view message) -> std::optional<std::string> {
      if (message == "fail") throw std::runtime_error("fault");
      return "heard " + std::string(message);
    };
    sockets.push_back(route);
    guard = [this](Request& request, const Rights&) -> std::optional<Response> {
      if (revoked || !request.cookie("session")) {
        return refusal(request, Error{ErrorKind::unauthenticated, "auth.none", "Log in"});
      }
      request.user_id = "12";
      if (request.cookie("session") != "staff") {
        return refusal(request, Error{ErrorKind::forbidden, "auth.rights", "Not for you"});
      }
      return std::nullopt;
    };
  }
  SocketClient open(std::string_view path = "/ws/exams/7/processing/", std::string_view more = {}, int buffer = 0) {
    return SocketClient(server->port(), path, "Cookie: session=staff\r\n" + std::string(more), buffer);
  }
  std::atomic<bool> revoked = false;
};

TEST_F(HttpSocket, sends_the_state_and_then_what_is_published) {
  start();
  SocketClient client = open();
  EXPECT_EQ(client.handshake.status, 101);
  EXPECT_EQ(client.handshake.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(client.next(), "state of 7");
  hub.publish_latest("exam:7", "ocr", "half");
  EXPECT_EQ(client.next(), "half");
  hub.publish("exam:8", "other");
  hub.publish("exam:7", "complete");
  EXPECT_EQ(client.next(), "complete");
  hub.close_topic("exam:7", close_code::kNormal);
  EXPECT_EQ(client.next(), "#1000");
}

TEST_F(HttpSocket, both_spellings_answer) {
  start();
  EXPECT_EQ(open("/ws/exams/7/processing").next(), "state of 7");
}

TEST_F(HttpSocket, closes_with_the_reason_when_refused) {
  start();
  EXPECT_EQ(SocketClient(server->port(), "/ws/exams/7/processing/").next(), "#4401");
  EXPECT_EQ(SocketClient(server->port(), "/ws/exams/7/processing/", "Cookie: session=student\r\n").next(), "#4403");
  EXPECT_EQ(open("/ws/exams/none/processing/").next(), "#4404");
  EXPECT_EQ(open("/ws/exams/broken/processing/").next(), "#1011");
  EXPECT_TRUE(eventually([&] { return server->websockets() == 0; }));
  const std::lock_guard lock(recording);
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].route, "/ws/exams/{id}/processing/");
  EXPECT_EQ(records[0].status, 401);
  EXPECT_EQ(records[3].trouble, "database gone");
}

TEST_F(HttpSocket, refuses_pages_of_other_sites) {
  start();
  EXPECT_EQ(open("/ws/exams/7/processing/", "Origin: https://evil.example\r\n").handshake.status, 403);
  EXPECT_EQ(open("/ws/exams/7/processing/", "Origin: http://localhost\r\n").handshake.status, 101);
}

TEST_F(HttpSocket, path_asked_for_without_an_upgrade_says_so) {
  start();
  EXPECT_EQ(get("/ws/exams/7/processing/").status, 426);
  EXPECT_EQ(get("/ws/elsewhere/").status, 404);
}

TEST_F(HttpSocket, hands_messages_to_the_route_and_bounds_them) {
  options.limits.websocket_message_bytes = 1000;
  start();
  SocketClient client = open();
  EXPECT_EQ(client.next(), "state of 7");
  client.send(1, "hello");
  client.send(1, "again");
  EXPECT_EQ(client.next(), "heard hello");
  EXPECT_EQ(client.next(), "heard again");
  client.send(1, "fail");
  EXPECT_EQ(client.next(), "#1011");
  SocketClient flood = open();
  EXPECT_EQ(flood.next(), "state of 7");
  flood.send(1, std::string(1001, 'x'));
  EXPECT_EQ(flood.next(), "#1009");
}

TEST_F(HttpSocket, pings_a_silent_client_and_drops_a_dead_one) {
  options.timeouts.ping = std::chrono::milliseconds(40);
  start();
  SocketClient client = open();
  EXPECT_EQ(client.receive().payload, "state of 7");
  const SocketClient::Frame ping = client.receive();
  EXPECT_EQ(ping.opcode, 9);
  client.send(10, ping.payload);
  EXPECT_EQ(client.receive().opcode, 9);
  SocketClient::Frame frame;
  do frame = client.receive();
  while (frame.opcode != -1);
  EXPECT_TRUE(eventually([&] { return server->websockets() == 0; }));
}

TEST_F(HttpSocket, asks_the_guard_again_now_and_then) {
  options.timeouts.recheck = std::chrono::milliseconds(20);
  start();
  SocketClient client = open();
  EXPECT_EQ(client.next(), "state of 7");
  revoked = true;
  EXPECT_EQ(client.next(), "#4401");
}

TEST_F(HttpSocket, asks_the_guard_again_at_once_about_a_user_in_doubt) {
  start();
  SocketClient client = open();
  EXPECT_EQ(client.next(), "state of 7");
  revoked = true;
  hub.doubt("13");
  hub.publish("exam:7", "still heard");
  EXPECT_EQ(client.next(), "still heard");
  hub.doubt("12");
  EXPECT_EQ(client.next(), "#4401");
}

TEST_F(HttpSocket, gives_a_slow_client_the_latest_progress_and_the_end) {
  start();
  SocketClient client = open("/ws/exams/7/processing/", {}, 4096);
  EXPECT_EQ(client.next(), "state of 7");
  const std::string filling(20'000, '.');
  for (int i = 0; i < 2000; ++i) hub.publish_latest("exam:7", "ocr", fmt::format("{} {}", i, filling));
  hub.publish("exam:7", "complete");
  int received = 0;
  std::string last;
  for (std::string text = client.next(); text != "complete"; text = client.next()) {
    ASSERT_FALSE(text.empty());
    last = text.substr(0, text.find(' '));
    ++received;
  }
  EXPECT_EQ(last, "1999");
  EXPECT_LT(received, 2000);
}

TEST_F(HttpSocket, serves_many_clients_from_many_threads) {
  start();
  std::vector<SocketClient> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(open());
  for (SocketClient& client : clients) EXPECT_EQ(client.next(), "state of 7");
  EXPECT_EQ(server->websockets(), 200u);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) hub.publish("exam:7", "x");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (SocketClient& client : clients) {
    for (int i = 0; i < 40; ++i) ASSERT_EQ(client.next(), "x");
  }
  clients.clear();
  EXPECT_TRUE(eventually([&] { return server->websockets() == 0; }));
  EXPECT_EQ(hub.subscribers("exam:7"), 0u);
}

TEST_F(HttpSocket, says_that_it_is_going_away_when_the_server_stops) {
  start();
  SocketClient client = open();
  EXPECT_EQ(client.next(), "state of 7");
  server->request_stop();
  EXPECT_EQ(client.next(), "#1001");
  client.close();
  server->wait();
  hub.publish("exam:7", "nobody hears this");
}

TEST_F(HttpSocket, is_refused_over_the_limit) {
  options.limits.websockets = 1;
  start();
  SocketClient client = open();
  EXPECT_EQ(client.next(), "state of 7");
  EXPECT_EQ(open().handshake.status, 503);
}

}  // namespace
}  // namespace korrigo::http
