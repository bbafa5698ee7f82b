#include "storage/postgres/pool.h"

namespace korrigo::storage::postgres {

int Pool::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::unique_ptr<Connection> Pool::take() {
  {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !idle_.empty() || open_ < limit_; });
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
  }
  try {
    return std::make_unique<Connection>(url_);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection) connection->rollback();
  std::vector<std::unique_ptr<Connection>> closing;
  {
    const std::lock_guard lock(mutex_);
    if (connection && connection->usable()) {
      idle_.push_back(std::move(connection));
    } else {
      // When one is gone, those that lie idle most likely are too, and each would cost a try.
      closing.swap(idle_);
      open_ -= 1 + static_cast<int>(closing.size());
    }
  }
  freed_.notify_all();
}

}  // namespace korrigo::storage::postgres
