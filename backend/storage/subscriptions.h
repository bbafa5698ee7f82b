/// Who listens to which channel, the same for both engines.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "storage/database.h"

namespace korrigo::storage {

struct Notification {
  std::string channel;
  std::string payload;
};

/// The listeners. Handles may outlive it. Any thread.
class Subscriptions {
 public:
  std::unique_ptr<Database::Listening> add(std::string channel, std::function<void(std::string_view)> heard,
                                           std::function<void()> missed);
  /// Calls the listeners of the channel, on this thread.
  void deliver(const Notification& notification);
  /// Calls missed() of every listener, on this thread.
  void missed();
  bool has(std::string_view channel) const;
  /// Every channel that somebody listens to, once.
  std::vector<std::string> channels() const;

 private:
  struct Listener;
  class Handle;
  std::vector<std::shared_ptr<Listener>> matching(std::string_view channel) const;

  mutable std::mutex mutex_;
  mutable std::vector<std::weak_ptr<Listener>> listeners_;
};

/// Delivers notifications in order on one thread of its own, which starts with the first of them.
class Dispatcher {
 public:
  explicit Dispatcher(Subscriptions& subscriptions) : subscriptions_(subscriptions) {}
  ~Dispatcher();
  void post(std::vector<Notification> notifications);

 private:
  void deliver_all();

  Subscriptions& subscriptions_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Notification> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

/// Refuses, as a mistake of ours, a transaction inside another one on the same thread: it would wait for itself.
class OneTransaction {
 public:
  OneTransaction();
  ~OneTransaction();
  OneTransaction(const OneTransaction&) = delete;
  OneTransaction& operator=(const OneTransaction&) = delete;
};

/// Throws std::logic_error when the payload is longer than PostgreSQL carries.
void check_payload(std::string_view channel, std::string_view payload);

}  // namespace korrigo::storage
