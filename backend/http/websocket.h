/// WebSockets by topic. The hub knows who listens to what and what each still has to be sent; it has no sockets of its
/// own (the server does), so everything here can be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "http/router.h"

namespace korrigo::http {

/// Close codes (RFC 6455 and, from 4000 on, ours: 4000 + the status that HTTP would answer).
namespace close_code {
inline constexpr int kNormal = 1000;
inline constexpr int kGoingAway = 1001;
inline constexpr int kTooBig = 1009;
inline constexpr int kInternal = 1011;
inline constexpr int kTryAgainLater = 1013;  // the client was too slow for what it had to be sent
inline constexpr int kUnauthenticated = 4401;
inline constexpr int kForbidden = 4403;
}  // namespace close_code

struct SocketRoute {
  std::string pattern;  // "/ws/exams/{id}/processing/"
  Rights rights = {};
  /// On the pool, once the guard agreed: the topics this client hears. A refusal closes with 4000 + its status.
  std::function<Result<std::vector<std::string>>(Request&)> topics;
  /// On the pool, after the subscription: what to send first (the present state). What is published meanwhile follows
  /// it, so nothing is missed; a client may hear a thing twice. Optional.
  std::function<std::vector<std::string>(Request&)> welcome = {};
  /// On the pool, for each incoming text message, one at a time: an answer to send, or nothing. Without it incoming
  /// messages are ignored.
  std::function<std::optional<std::string>(Request&, std::string_view message)> on_message = {};
};

/// What one client still has to be sent, bounded. Begins held back, until release().
class Outbox {
 public:
  struct Limits {
    std::size_t messages = 1000;
    std::size_t bytes = 4 << 20;
  };
  Outbox(Limits limits, std::function<void()> wake);

  /// `key` other than empty: replaces, in its place, the waiting message of that key; only the latest is of interest.
  void push(std::shared_ptr<const std::string> text, std::string_view key);
  void close(int code);
  /// Has the guard asked once more whether the client may listen.
  void doubt();
  /// Whether it was doubted since the last call.
  bool take_doubt();

  struct Item {
    std::shared_ptr<const std::string> text;  // null: close with `code`
    int code = 0;
  };
  /// The next to send; nothing when all is sent or the outbox is held back.
  std::optional<Item> pop();
  /// While held, pop() gives nothing; release() puts `first` before all that waits.
  void release(std::vector<std::string> first);

 private:
  struct Waiting {
    std::shared_ptr<const std::string> text;
    std::string key;
  };
  struct State {
    std::map<std::uint64_t, Waiting> queue;
    std::map<std::string, std::uint64_t, std::less<>> by_key;
    std::uint64_t next = 0;
    std::size_t bytes = 0;
    bool held = true;
    bool doubted = false;
    int close_code = 0;
  };
  Limits limits_;
  std::function<void()> wake_;  // called without the lock, from the pushing thread
  Guarded<State> state_;
};

class Hub {
 public:
  explicit Hub(Outbox::Limits limits = {}) : limits_(limits) {}

  /// A final message: never dropped for a client within Outbox::Limits; one beyond them is closed with
  /// kTryAgainLater and finds the state again when it reconnects.
  void publish(std::string_view topic, std::string text);
  /// Progress: where a client has an unsent message of the same topic and key, this one replaces it.
  void publish_latest(std::string_view topic, std::string_view key, std::string text);
  /// Closes every client of the topic, once what waits is sent.
  void close_topic(std::string_view topic, int code);
  /// Has the guard asked again about every client of the user (Request::user_id): a session has ended.
  void doubt(std::string_view user_id);

  std::size_t subscribers(std::string_view topic);

  /// For the server: a client from now on, until the handle is let go. `wake` is called when there is something to pop,
  /// or a doubt to take.
  std::shared_ptr<Outbox> subscribe(std::vector<std::string> topics, std::function<void()> wake,
                                    std::string_view user_id = {});

 private:
  using Topics = std::map<std::string, std::vector<std::weak_ptr<Outbox>>, std::less<>>;
  void deliver(std::string_view topic, std::string_view key, std::string text);
  std::vector<std::shared_ptr<Outbox>> listeners(std::string_view topic);

  Outbox::Limits limits_;
  Guarded<Topics> topics_;
};

}  // namespace korrigo::http
