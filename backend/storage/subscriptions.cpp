#include "storage/subscriptions.h"

#include <fmt/format.h>

#include <stdexcept>

namespace korrigo::storage {
namespace {

constexpr std::size_t kMaxPayload = 7 * 1024;
thread_local bool inside_transaction = false;

}  // namespace

struct Subscriptions::Listener {
  std::string channel;
  std::function<void(std::string_view)> heard;
  std::function<void()> missed;
  // Held during a call, so that the handle's destructor waits for it; recursive, so that a call may destroy its handle.
  std::recursive_mutex calling;
  bool ended = false;
};

class Subscriptions::Handle final : public Database::Listening {
 public:
  explicit Handle(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~Handle() override {
    const std::lock_guard lock(listener_->calling);
    listener_->ended = true;
  }

 private:
  std::shared_ptr<Listener> listener_;
};

std::unique_ptr<Database::Listening> Subscriptions::add(std::string channel,
                                                        std::function<void(std::string_view)> heard,
                                                        std::function<void()> missed) {
  auto listener = std::make_shared<Listener>();
  listener->channel = std::move(channel);
  listener->heard = std::move(heard);
  listener->missed = std::move(missed);
  {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(listener);
  }
  return std::make_unique<Handle>(std::move(listener));
}

std::vector<std::shared_ptr<Subscriptions::Listener>> Subscriptions::matching(std::string_view channel) const {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
  std::vector<std::shared_ptr<Listener>> found;
  for (const auto& weak : listeners_) {
    auto listener = weak.lock();
    if (listener && (channel.empty() || listener->channel == channel)) found.push_back(std::move(listener));
  }
  return found;
}

void Subscriptions::deliver(const Notification& notification) {
  for (const auto& listener : matching(notification.channel)) {
    const std::lock_guard lock(listener->calling);
    if (!listener->ended) listener->heard(notification.payload);
  }
}

void Subscriptions::missed() {
  for (const auto& listener : matching({})) {
    const std::lock_guard lock(listener->calling);
    if (!listener->ended && listener->missed) listener->missed();
  }
}

bool Subscriptions::has(std::string_view channel) const {
  return !matching(channel).empty();
}

std::vector<std::string> Subscriptions::channels() const {
  std::vector<std::string> names;
  for (const auto& listener : matching({})) names.push_back(listener->channel);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Dispatcher::~Dispatcher() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Dispatcher::post(std::vector<Notification> notifications) {
  std::erase_if(notifications, [&](const Notification& n) { return !subscriptions_.has(n.channel); });
  if (notifications.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (Notification& notification : notifications) waiting_.push_back(std::move(notification));
    if (!thread_.joinable()) thread_ = std::thread([this] { deliver_all(); });
  }
  changed_.notify_one();
}

void Dispatcher::deliver_all() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    const Notification next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    subscriptions_.deliver(next);
    lock.lock();
  }
}

OneTransaction::OneTransaction() {
  if (inside_transaction) throw std::logic_error("a transaction was begun inside another one");
  inside_transaction = true;
}

OneTransaction::~OneTransaction() {
  inside_transaction = false;
}

void check_payload(std::string_view channel, std::string_view payload) {
  if (payload.size() > kMaxPayload) {
    throw std::logic_error(fmt::format("a notification of {} bytes on {}", payload.size(), channel));
  }
}

}  // namespace korrigo::storage
