#include "storage/sqlite/sqlite_database.h"

#include <condition_variable>
#include <mutex>

#include "storage/sqlite/peers.h"
#include "storage/sqlite/transaction.h"
#include "storage/sqlite/write_queue.h"

namespace korrigo::storage::sqlite {
namespace {

/// Readers, opened when first needed, each lent to one thread at a time.
class ReaderPool {
 public:
  ReaderPool(std::string path, const DatabaseOptions& options) : path_(std::move(path)), options_(options) {}

  std::unique_ptr<Connection> take() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !idle_.empty() || open_ < options_.connections; });
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
    lock.unlock();
    try {
      return std::make_unique<Connection>(path_, Connection::Role::reader, options_.busy_timeout);
    } catch (...) {
      drop();
      throw;
    }
  }

  void give_back(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(connection));
    }
    freed_.notify_one();
  }

  int open() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

 private:
  void drop() {
    {
      const std::lock_guard lock(mutex_);
      --open_;
    }
    freed_.notify_one();
  }

  std::string path_;
  DatabaseOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::string& path, const DatabaseOptions& options)
      : dispatcher_(subscriptions_),
        peers_(
            path, [this](std::vector<Notification> heard) { dispatcher_.post(std::move(heard)); },
            [this] { subscriptions_.missed(); }),
        writer_(path, options.busy_timeout,
                [this](std::vector<Notification> notifications) {
                  peers_.tell(notifications);
                  dispatcher_.post(std::move(notifications));
                }),
        readers_(path, options) {}

  std::unique_ptr<Listening> listen(std::string channel, std::function<void(std::string_view)> heard,
                                    std::function<void()> missed) override {
    peers_.join();
    return subscriptions_.add(std::move(channel), std::move(heard), std::move(missed));
  }

  Engine engine() const override { return Engine::sqlite; }
  int connections() const override { return 1 + readers_.open(); }

 protected:
  void transact(Access access, const std::function<bool(Transaction&)>& work) override {
    if (access == Access::read) {
      read_once(work);
    } else {
      refuse_nested();
      writer_.run(work);
    }
  }

 private:
  // The work may run on another thread, where the check of the transaction itself would come too late.
  static void refuse_nested() { const OneTransaction only_one; }

  void read_once(const std::function<bool(Transaction&)>& work) {
    const OneTransaction only_one;
    struct Lent {
      ReaderPool& pool;
      std::unique_ptr<Connection> connection;
      ~Lent() {
        connection->rollback();
        pool.give_back(std::move(connection));
      }
    } lent{readers_, readers_.take()};
    lent.connection->execute("BEGIN");
    SqliteTransaction transaction(*lent.connection);
    work(transaction);
  }

  Subscriptions subscriptions_;
  Dispatcher dispatcher_;
  Peers peers_;
  WriteQueue writer_;
  ReaderPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_file(const std::string& path, const DatabaseOptions& options) {
  return std::make_unique<SqliteDatabase>(path, options);
}

}  // namespace korrigo::storage::sqlite
