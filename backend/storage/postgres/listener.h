/// The connection that waits for NOTIFY, with its thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/files.h"
#include "storage/postgres/connection.h"
#include "storage/subscriptions.h"

namespace korrigo::storage::postgres {

class Listener {
 public:
  /// Connects with the first channel. Delivers to `subscriptions` on its own thread.
  Listener(std::string url, Subscriptions& subscriptions);
  ~Listener();

  /// Returns when everything sent to the channel from now on will be heard; or after `patience` when the server is not
  /// there: then missed() is called once it is.
  void add(const std::string& channel, std::chrono::milliseconds patience);
  bool connected() const;

 private:
  void run();
  /// Returns when the connection is gone or the end has come; throws DatabaseError(lost) or returns.
  void listen_until_lost();
  void register_channels(Connection& connection, std::set<std::string>& registered);
  void deliver(Connection& connection);
  void wait(Connection& connection);
  void wake();
  bool pause(std::chrono::milliseconds time);

  const std::string url_;
  Subscriptions& subscriptions_;
  UniqueFd wakeup_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> wanted_;
  std::set<std::string> heard_;  // registered with the server; empty without connection
  bool missed_ = false;          // something may have been
  bool connected_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace korrigo::storage::postgres
