/// The HTTP connections of a server, on its sockets' thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <set>

#include "http/exchange.h"
#include "http/socket_session.h"
#include "http/work_pool.h"

namespace korrigo::http {

class Connection;

/// Used on the sockets' thread, but for count().
class Connections {
 public:
  /// Bodies are written and files read on `disk`, handlers run on `pool`; upgraded connections go to `sockets`.
  /// `emptied` is called whenever the last connection has ended.
  Connections(boost::asio::io_context& io, const ServerContext& context, SocketSessions& sockets, WorkPool& disk,
              WorkPool& pool, std::function<void()> emptied);

  /// Takes a client over: owns `fd`, answers its requests one after the other. One too many is told so and closed.
  void adopt(int fd);
  /// Ends idle connections now, the others after the answer they are at.
  void finish();
  /// Closes the connections without a word.
  void abort_all();
  std::size_t count() const { return count_; }

 private:
  friend class Connection;

  boost::asio::io_context& io_;
  const ServerContext& context_;
  SocketSessions& sockets_;
  WorkPool& disk_;
  WorkPool& pool_;
  std::function<void()> emptied_;
  std::set<Connection*> connections_;
  std::atomic<std::size_t> count_ = 0;
  bool finishing_ = false;
};

}  // namespace korrigo::http
