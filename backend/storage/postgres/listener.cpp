#include "storage/postgres/listener.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <system_error>

namespace korrigo::storage::postgres {
namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2000};

}  // namespace

Listener::Listener(std::string url, Subscriptions& subscriptions)
    : url_(std::move(url)), subscriptions_(subscriptions), wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wakeup_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Listener::~Listener() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  wake();
  if (thread_.joinable()) thread_.join();
}

void Listener::add(const std::string& channel, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  wanted_.insert(channel);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  wake();
  if (!changed_.wait_for(lock, patience, [&] { return heard_.contains(channel); })) missed_ = true;
}

bool Listener::connected() const {
  const std::lock_guard lock(mutex_);
  return connected_;
}

void Listener::run() {
  auto time = kFirstPause;
  for (;;) {
    const auto began = std::chrono::steady_clock::now();
    try {
      listen_until_lost();
      return;
    } catch (const DatabaseError&) {  // the server went away or is not there: it is tried again until it is
      const std::lock_guard lock(mutex_);
      missed_ = missed_ || connected_;
      connected_ = false;
      heard_.clear();
    }
    if (std::chrono::steady_clock::now() - began > kLongestPause) time = kFirstPause;
    if (!pause(time)) return;
    time = std::min(2 * time, kLongestPause);
  }
}

void Listener::listen_until_lost() {
  Connection connection(url_);
  std::set<std::string> registered;
  for (;;) {
    register_channels(connection, registered);
    bool missed = false;
    {
      const std::lock_guard lock(mutex_);
      connected_ = true;
      if (ending_) return;
      heard_ = registered;
      missed = std::exchange(missed_, false);
    }
    changed_.notify_all();
    if (missed) subscriptions_.missed();
    wait(connection);
    deliver(connection);
  }
}

void Listener::register_channels(Connection& connection, std::set<std::string>& registered) {
  std::set<std::string> wanted;
  {
    const std::lock_guard lock(mutex_);
    wanted = wanted_;
  }
  for (const std::string& channel : wanted) {
    if (!registered.insert(channel).second) continue;
    const std::unique_ptr<char, void (*)(void*)> name(
        PQescapeIdentifier(connection.handle(), channel.c_str(), channel.size()), PQfreemem);
    connection.execute(std::string("LISTEN ") + name.get());
  }
}

void Listener::wait(Connection& connection) {
  std::array<pollfd, 2> watched = {{{PQsocket(connection.handle()), POLLIN, 0}, {wakeup_.get(), POLLIN, 0}}};
  if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "poll");
  }
  std::uint64_t count = 0;
  if (watched[1].revents != 0) [[maybe_unused]]
    const auto got = ::read(wakeup_.get(), &count, sizeof count);
}

void Listener::deliver(Connection& connection) {
  const bool alive = PQconsumeInput(connection.handle()) == 1;
  struct Free {
    void operator()(PGnotify* notification) const { PQfreemem(notification); }
  };
  while (const std::unique_ptr<PGnotify, Free> next{PQnotifies(connection.handle())}) {
    subscriptions_.deliver({next->relname, next->extra});
  }
  if (!alive || connection.broken()) throw DatabaseError(Fault::lost, "the listening connection was lost");
}

void Listener::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = ::write(wakeup_.get(), &one, sizeof one);
}

bool Listener::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return ending_; });
}

}  // namespace korrigo::storage::postgres
