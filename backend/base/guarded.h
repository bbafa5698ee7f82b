/// Shared state whose lock is the only way in.
#pragma once

#include <mutex>
#include <utility>

namespace korrigo {

///   Guarded<std::vector<int>> values;
///   { auto locked = values.lock(); locked->push_back(1); }
template <class T>
class Guarded {
 public:
  class Lock {
   public:
    T* operator->() { return &value_; }
    T& operator*() & { return value_; }
    T& operator*() && = delete;  // keep the lock in a variable

   private:
    friend Guarded;
    Lock(std::mutex& mutex, T& value) : lock_(mutex), value_(value) {}
    std::unique_lock<std::mutex> lock_;
    T& value_;
  };

  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  Lock lock() { return Lock(mutex_, value_); }

 private:
  std::mutex mutex_;
  T value_;
};

}  // namespace korrigo
