/// Independent items on a few threads, and the one flag that stops them.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <stdexcept>

namespace korrigo {

/// Set from anywhere, a signal handler included; long work asks it between items.
class Cancel {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

/// Work was stopped on request; nothing it produced is to be kept.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("stopped on request") {}
};

/// Calls work(worker, item) once for every item 0..items-1, in rising order, on at most `workers` threads; worker is
/// 0..workers-1 and never used by two threads at a time. Returns when all are done. The first exception, or Cancelled,
/// ends the run and is thrown again here once every thread has stopped.
void for_each_parallel(int workers, std::size_t items, const Cancel& cancel,
                       const std::function<void(int worker, std::size_t item)>& work);

}  // namespace korrigo
