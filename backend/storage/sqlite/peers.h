/// Notifications between the processes that have one SQLite file open.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/files.h"
#include "storage/subscriptions.h"

namespace korrigo::storage::sqlite {

/// Who listens has a datagram socket in the folder `<database>-peers`, which is its owner's alone; who commits sends to
/// every socket there but its own. A peer that does not take what is sent hears later that it missed something; the
/// socket of a dead one is removed. Where the folder cannot hold sockets, notifications stay in the process.
class Peers {
 public:
  using Heard = std::function<void(std::vector<Notification>)>;
  using Missed = std::function<void()>;
  /// Both functions are called on a thread of its own and must not block.
  Peers(const std::string& database, Heard heard, Missed missed);
  /// Sends what waits, then takes its socket away.
  ~Peers();

  /// From now on what others commit is heard. Any thread; a second time does nothing.
  void join();
  /// Sends soon, in the order of the calls. Any thread; waits for nobody.
  void tell(const std::vector<Notification>& notifications);

 private:
  struct Errand;
  Errand next_errand();
  void bind_receiver();
  void start_thread();
  void run();
  void receive(int receiver);
  void send(const Errand& errand);
  void send_to(const std::string& peer, const std::vector<Notification>& notifications);
  void send_missed();
  /// Gives back errno.
  int send_datagram(const std::string& peer, std::string_view datagram, int flags);
  void wake();

  const std::filesystem::path folder_;
  const Heard heard_;
  const Missed missed_;

  // The thread's own once it runs.
  UniqueFd sender_;
  UniqueFd directory_;
  std::set<std::string> behind_;  // peers that could not take something

  std::mutex mutex_;  // of what follows
  UniqueFd waker_;
  std::vector<Notification> waiting_;
  UniqueFd receiver_;
  std::string name_;  // of the receiver in the folder; empty before join()
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace korrigo::storage::sqlite
