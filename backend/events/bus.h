/// What happened, told to whoever listens now: nothing is kept, nobody is waited for. Events reach this process and the
/// others that have the same database open.
///
/// A topic is a path, "task/0192..." or "exam/0192...". A message is JSON text; topic and message together are at most
/// kMaxEvent bytes (asserted), so large things are named in an event and fetched by who wants them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "storage/database.h"

namespace korrigo::events {

inline constexpr std::size_t kMaxEvent = 7000;  // PostgreSQL's NOTIFY takes 7999 bytes

/// Told when `transaction` commits, never when it does not.
void publish(storage::Transaction& transaction, std::string_view topic, std::string_view json);

/// The listening side, one per process. Any thread may call it; it must outlive its subscriptions.
class Bus {
 public:
  /// Called on a thread of the database, one event at a time, in the order of commits as far as one publisher goes.
  /// Must not block and must not throw.
  using Callback = std::function<void(std::string_view topic, std::string_view json)>;
  /// Events may have been missed (the database was away): look for yourself. Must not block and must not throw.
  using Missed = std::function<void()>;

  explicit Bus(storage::Database& database);
  ~Bus();

  /// Publishes in a transaction of its own. Throws DatabaseError.
  void publish(std::string_view topic, std::string_view json);

  /// Ends when destroyed: its functions do not run then, nor afterwards, except when it is destroyed inside them.
  class [[nodiscard]] Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&&) noexcept = default;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    friend Bus;
    struct Subscriber;
    explicit Subscription(std::shared_ptr<Subscriber> subscriber) : subscriber_(std::move(subscriber)) {}
    std::shared_ptr<Subscriber> subscriber_;
  };
  /// One topic.
  Subscription subscribe(std::string topic, Callback callback, Missed missed = {});
  /// Every topic that begins with `prefix`: "task/".
  Subscription subscribe_prefix(std::string prefix, Callback callback, Missed missed = {});

 private:
  struct Subscribers;
  Subscription add(std::string topic, bool whole, Callback callback, Missed missed);

  storage::Database& database_;
  std::shared_ptr<Subscribers> subscribers_;
  std::unique_ptr<storage::Database::Listening> listening_;
};

}  // namespace korrigo::events
