/// A receiver of webhooks on 127.0.0.1, for the tests of who sends them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "outgoing/post.h"

namespace korrigo::outgoing {

/// Answers every request on a port of 127.0.0.1 with the same bytes, and keeps the last one.
class Receiver {
 public:
  explicit Receiver(std::string answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 8) != 0)
      throw std::system_error(errno, std::generic_category(), "cannot listen");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Receiver() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
  }

  std::string url(const char* host = "127.0.0.1") const { return fmt::format("http://{}:{}/hook", host, port_); }
  int requests() const { return requests_; }
  const std::string& request() const { return request_; }  // once it was answered

 private:
  void serve() {
    while (!stop_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) != 1) continue;
      const int socket = ::accept(listener_, nullptr, nullptr);
      std::string text;
      while (!whole(text)) {
        char buffer[4096];
        const auto got = ::read(socket, buffer, sizeof(buffer));
        if (got <= 0) break;
        text.append(buffer, static_cast<std::size_t>(got));
      }
      request_ = text;
      ++requests_;
      EXPECT_GT(::write(socket, answer_.data(), answer_.size()), 0);
      ::close(socket);
    }
  }
  static bool whole(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    const auto length = text.find("Content-Length: ");
    return end != std::string::npos && length != std::string::npos &&
           text.size() - end - 4 >= std::stoul(text.substr(length + 16));
  }

  std::string answer_;
  int listener_;
  std::uint16_t port_ = 0;
  std::string request_;
  std::atomic<int> requests_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// What lets a test reach it.
inline const PostRules kToMyself{[](const sockaddr&) { return true; }, "http"};

}  // namespace korrigo::outgoing
