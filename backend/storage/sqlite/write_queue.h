/// The one writer of a SQLite file in this process. Threads that want to write queue up; whoever finds nobody at work
/// leads: it takes all that wait, runs each inside a savepoint and commits them together, so that one sync serves all
/// (group commit, as in the log writers of LevelDB and most databases).
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "storage/sqlite/connection.h"
#include "storage/subscriptions.h"

namespace korrigo::storage::sqlite {

class WriteQueue {
 public:
  using Work = std::function<bool(Transaction&)>;
  /// `committed` gets the notifications of each commit, in order.
  WriteQueue(const std::string& path, std::chrono::milliseconds busy_timeout,
             std::function<void(std::vector<Notification>)> committed);

  /// Returns when `work` was committed, or rolled back because it returned false. Rethrows what it threw. May run it on
  /// another thread that is waiting here too, and again when the group it was in could not be committed.
  void run(const Work& work);

 private:
  struct Request {
    const Work* work = nullptr;
    bool done = false;
    std::exception_ptr error;
    std::vector<Notification> notifications;
    std::condition_variable changed;
  };

  std::vector<Request*> next_group();
  void lead(std::unique_lock<std::mutex>& lock);
  /// Both leave every request with its outcome and give back how many of them, from the front, were dealt with.
  std::size_t commit(const std::vector<Request*>& group);
  void commit_alone(Request& request) noexcept;
  std::size_t run_group(const std::vector<Request*>& group);
  void run_in_savepoint(Request& request);
  bool attempt(Request& request);

  Connection connection_;
  std::function<void(std::vector<Notification>)> committed_;
  std::mutex mutex_;
  std::deque<Request*> waiting_;
  bool led_ = false;
};

}  // namespace korrigo::storage::sqlite
