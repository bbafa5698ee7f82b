/// A few threads and a queue of work for them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace korrigo::http {

class WorkPool {
 public:
  /// `queue`: how many may wait for a thread before try_post refuses.
  WorkPool(int threads, std::size_t queue);
  WorkPool(const WorkPool&) = delete;
  ~WorkPool();  // finishes what was posted

  /// Work must not throw. False, and nothing is kept, when the queue is full.
  bool try_post(std::function<void()> work);
  /// The second step of something once admitted: always taken.
  void post(std::function<void()> work);
  std::size_t waiting() const;

 private:
  void run();

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Under mutex_:
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace korrigo::http
