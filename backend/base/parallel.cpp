#include "base/parallel.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

#include "base/guarded.h"

namespace korrigo {

void for_each_parallel(int workers, std::size_t items, const Cancel& cancel,
                       const std::function<void(int worker, std::size_t item)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  Guarded<std::exception_ptr> failure;
  const auto loop = [&](int worker) {
    try {
      for (std::size_t item = next++; item < items && !failed; item = next++) {
        if (cancel.requested()) throw Cancelled();
        work(worker, item);
      }
    } catch (...) {  // carried to the caller's thread, where it is thrown again
      failed = true;
      auto locked = failure.lock();
      if (!*locked) *locked = std::current_exception();
    }
  };
  const int count = std::clamp<int>(workers, 1, static_cast<int>(std::max<std::size_t>(1, items)));
  std::vector<std::thread> threads;
  for (int worker = 1; worker < count; ++worker) threads.emplace_back(loop, worker);
  loop(0);
  for (std::thread& thread : threads) thread.join();
  auto error = failure.lock();
  if (*error) std::rethrow_exception(*error);
}

}  // namespace korrigo
