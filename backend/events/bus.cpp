#include "events/bus.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace korrigo::events {
namespace {

constexpr std::string_view kChannel = "korrigo_events";

}  // namespace

struct Bus::Subscription::Subscriber {
  std::string topic;
  bool whole = true;  // the topic itself, not what begins with it
  Callback callback;
  Missed missed;
  // Held during a call, so that ending a subscription waits for it; recursive, so that a call may end its own.
  std::recursive_mutex calling;
  bool ended = false;
  std::atomic<bool> over{false};

  bool wants(std::string_view published) const { return whole ? published == topic : published.starts_with(topic); }
};

struct Bus::Subscribers {
  using Subscriber = Subscription::Subscriber;
  std::mutex mutex;
  std::vector<std::shared_ptr<Subscriber>> all;

  template <class Wanted>
  std::vector<std::shared_ptr<Subscriber>> those(Wanted&& wanted) {
    const std::lock_guard lock(mutex);
    std::erase_if(all, [](const auto& subscriber) { return subscriber->over.load(); });
    std::vector<std::shared_ptr<Subscriber>> found;
    for (const auto& subscriber : all)
      if (wanted(*subscriber)) found.push_back(subscriber);
    return found;
  }

  void heard(std::string_view payload) {
    const std::size_t end = payload.find('\n');
    if (end == std::string_view::npos) return;  // from a program that is not ours
    const std::string_view topic = payload.substr(0, end);
    for (const auto& subscriber : those([&](const Subscriber& each) { return each.wants(topic); })) {
      const std::lock_guard lock(subscriber->calling);
      if (!subscriber->ended) subscriber->callback(topic, payload.substr(end + 1));
    }
  }

  void missed() {
    for (const auto& subscriber : those([](const Subscriber&) { return true; })) {
      const std::lock_guard lock(subscriber->calling);
      if (!subscriber->ended && subscriber->missed) subscriber->missed();
    }
  }
};

void publish(storage::Transaction& transaction, std::string_view topic, std::string_view json) {
  if (topic.size() + 1 + json.size() > kMaxEvent || topic.find('\n') != std::string_view::npos) {
    throw std::logic_error(fmt::format("an event of {} bytes on {}", json.size(), topic));
  }
  transaction.notify(kChannel, fmt::format("{}\n{}", topic, json));
}

Bus::Bus(storage::Database& database) : database_(database), subscribers_(std::make_shared<Subscribers>()) {
  listening_ = database.listen(
      std::string(kChannel), [subscribers = subscribers_](std::string_view payload) { subscribers->heard(payload); },
      [subscribers = subscribers_] { subscribers->missed(); });
}

Bus::~Bus() = default;

void Bus::publish(std::string_view topic, std::string_view json) {
  database_.write([&](storage::Transaction& transaction) { events::publish(transaction, topic, json); });
}

Bus::Subscription Bus::subscribe(std::string topic, Callback callback, Missed missed) {
  return add(std::move(topic), true, std::move(callback), std::move(missed));
}

Bus::Subscription Bus::subscribe_prefix(std::string prefix, Callback callback, Missed missed) {
  return add(std::move(prefix), false, std::move(callback), std::move(missed));
}

Bus::Subscription Bus::add(std::string topic, bool whole, Callback callback, Missed missed) {
  auto subscriber = std::make_shared<Subscription::Subscriber>();
  subscriber->topic = std::move(topic);
  subscriber->whole = whole;
  subscriber->callback = std::move(callback);
  subscriber->missed = std::move(missed);
  const std::lock_guard lock(subscribers_->mutex);
  subscribers_->all.push_back(subscriber);
  return Subscription(std::move(subscriber));
}

Bus::Subscription& Bus::Subscription::operator=(Subscription&& other) noexcept {
  const Subscription before(std::move(*this));
  subscriber_ = std::move(other.subscriber_);
  return *this;
}

Bus::Subscription::~Subscription() {
  if (!subscriber_) return;
  const std::lock_guard lock(subscriber_->calling);
  subscriber_->ended = true;
  subscriber_->over = true;
}

}  // namespace korrigo::events
