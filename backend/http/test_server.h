/// A server on 127.0.0.1 and a client that speaks raw bytes, for the tests of this module.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "http/server.h"

namespace korrigo::http::testing {

struct Answer {
  int status = 0;
  Headers headers;
  std::string body;
  std::string header(std::string_view name) const { return std::string(headers.get(name).value_or("")); }
};

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  /// False when the server no longer takes bytes.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void close() { fd_.reset(); }
  void end_sending() { ::shutdown(fd_.get(), SHUT_WR); }

  /// Whether more bytes are here; false once the server has closed.
  bool fill() {
    char bytes[65536];
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 30'000) != 1) return false;
    const ssize_t got = ::recv(fd_.get(), bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  std::optional<std::string> take(std::size_t count) {
    while (buffer_.size() < count) {
      if (!fill()) return std::nullopt;
    }
    std::string taken = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return taken;
  }
  std::optional<std::string> take_until(std::string_view end) {
    for (;;) {
      const std::size_t at = buffer_.find(end);
      if (at != std::string::npos) return take(at + end.size());
      if (!fill()) return std::nullopt;
    }
  }
  /// True when the server closes without sending more.
  bool closed() { return buffer_.empty() && !fill(); }

  /// The next answer; status 0 when the connection ended before it was whole.
  Answer receive(bool with_body = true) {
    const auto head = take_until("\r\n\r\n");
    if (!head) return {};
    Answer answer;
    std::from_chars(head->data() + 9, head->data() + 12, answer.status);
    std::string_view lines = std::string_view(*head).substr(head->find("\r\n") + 2);
    while (lines.size() > 2) {
      const std::size_t end = lines.find("\r\n");
      const std::size_t colon = lines.find(": ");
      answer.headers.add(std::string(lines.substr(0, colon)), std::string(lines.substr(colon + 2, end - colon - 2)));
      lines.remove_prefix(end + 2);
    }
    std::size_t length = 0;
    const std::string text = answer.header("Content-Length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    if (!with_body || answer.status == 204 || answer.status == 304 || answer.status < 200) return answer;
    const auto body = take(length);
    if (!body) return {};
    answer.body = *body;
    return answer;
  }
  Answer request(std::string_view method, std::string_view target, std::string_view headers = {},
                 std::string_view body = {}) {
    send(text(method, target, headers, body));
    return receive(method != "HEAD");
  }
  /// `headers` are whole lines, each with its end.
  static std::string text(std::string_view method, std::string_view target, std::string_view headers = {},
                          std::string_view body = {}) {
    std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n{}", method, target, headers);
    if (!body.empty()) bytes += fmt::format("Content-Length: {}\r\n", body.size());
    return bytes + "\r\n" + std::string(body);
  }

 private:
  UniqueFd fd_;
  std::string buffer_;
};

/// Opens once; threads wait for it.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// Waits for a condition that another thread makes true; at most half a minute.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 30'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

class ServerTest : public ::testing::Test {
 protected:
  void add(Method method, std::string pattern, Handler handler, BodyPolicy body = NoBody{}, Rights rights = {}) {
    router.add(Route{method, std::move(pattern), std::move(handler), std::move(body), std::move(rights), {}, {}});
  }
  void start() {
    options.upload_folder = folder.path();
    options.record = [this](const RequestRecord& record) {
      const std::lock_guard lock(recording);
      records.push_back(record);
    };
    server.emplace(options, router, guard, hub, sockets, clock);
    server->start();
  }
  Client client() { return Client(server->port()); }
  Answer get(std::string_view target, std::string_view headers = {}) {
    return client().request("GET", target, headers);
  }
  std::size_t uploads_on_disk() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      count += entry.path().filename().string().starts_with("upload-");
    }
    return count;
  }

  TempFolder folder;
  SystemClock clock;
  Router router;
  Guard guard;
  Hub hub;
  std::vector<SocketRoute> sockets;
  ServerOptions options;
  std::mutex recording;
  std::vector<RequestRecord> records;
  std::optional<Server> server;
};

}  // namespace korrigo::http::testing
