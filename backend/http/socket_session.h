/// The WebSockets of a server, on its sockets' thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>

#include "http/exchange.h"
#include "http/work_pool.h"

namespace boost::asio {
class io_context;
}

namespace korrigo::http {

class SocketSession;

/// Used on the sockets' thread, but for count().
class SocketSessions {
 public:
  /// `emptied` is called when the last session has ended.
  SocketSessions(boost::asio::io_context& io, const ServerContext& context, WorkPool& pool, Hub& hub,
                 std::function<void()> emptied);
  ~SocketSessions();

  /// Takes a connection over: owns `fd`, answers the handshake in `request`.
  void adopt(int fd, Request request, const SocketRoute& route);
  /// Sends what waits, then closes each with `code`; new ones are closed at once.
  void close_all(int code);
  /// Closes the connections without a word.
  void abort_all();
  std::size_t count() const { return count_; }

 private:
  friend class SocketSession;
  /// The way in from publishing threads; shut before the io_context goes.
  struct Door;
  void ended(SocketSession* session);

  boost::asio::io_context& io_;
  const ServerContext& context_;
  WorkPool& pool_;
  Hub& hub_;
  std::function<void()> emptied_;
  std::shared_ptr<Door> door_;
  std::set<SocketSession*> sessions_;
  std::atomic<std::size_t> count_ = 0;
  bool closing_ = false;
};

}  // namespace korrigo::http
