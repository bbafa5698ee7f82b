#include "storage/postgres/postgres_database.h"

#include <random>
#include <thread>

#include "storage/postgres/listener.h"
#include "storage/postgres/pool.h"
#include "storage/postgres/transaction.h"

namespace korrigo::storage::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{2};
constexpr milliseconds kLongestPause{500};

bool passes(Fault fault) {
  return fault == Fault::busy || fault == Fault::lost;
}

/// Growing pauses, jittered so that those who met do not meet again, until the patience is over.
class Patience {
 public:
  explicit Patience(milliseconds limit) : deadline_(Clock::now() + limit) {}
  bool over() const { return Clock::now() > deadline_; }
  void pause() {
    thread_local std::minstd_rand dice{std::random_device{}()};
    std::this_thread::sleep_for(std::chrono::microseconds(
        std::uniform_int_distribution<std::int64_t>(0, std::chrono::microseconds(time_).count())(dice)));
    time_ = std::min(2 * time_, kLongestPause);
  }

 private:
  Clock::time_point deadline_;
  milliseconds time_ = kFirstPause;
};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(const std::string& url, const DatabaseOptions& options)
      : options_(options), pool_(url, std::max(1, options.connections)), listener_(url, subscriptions_) {
    Pool::Lease reachable(pool_);
  }

  std::unique_ptr<Listening> listen(std::string channel, std::function<void(std::string_view)> heard,
                                    std::function<void()> missed) override {
    auto listening = subscriptions_.add(channel, std::move(heard), std::move(missed));
    listener_.add(channel, options_.busy_timeout);
    return listening;
  }

  Engine engine() const override { return Engine::postgres; }
  int connections() const override { return pool_.open() + (listener_.connected() ? 1 : 0); }

 protected:
  void transact(Access access, const std::function<bool(Transaction&)>& work) override {
    const OneTransaction only_one;
    for (Patience patience(options_.busy_timeout);; patience.pause()) {
      const std::optional<DatabaseError> passing = attempt(access, work);
      if (!passing) return;
      if (patience.over()) throw DatabaseError(*passing);
    }
  }

 private:
  static const char* begin(Access access) {
    if (access == Access::read) return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    if (access == Access::write) return "BEGIN ISOLATION LEVEL REPEATABLE READ";
    return "BEGIN ISOLATION LEVEL READ COMMITTED";
  }

  /// Nothing when it was settled, committed or not; an error that may have passed at the next try; throws any other.
  std::optional<DatabaseError> attempt(Access access, const std::function<bool(Transaction&)>& work) {
    std::optional<Pool::Lease> connection;
    try {
      connection.emplace(pool_);
      (*connection)->begin(begin(access));
    } catch (const DatabaseError& error) {
      if (!passes(error.fault())) throw;
      return error;
    }
    PostgresTransaction transaction(**connection);
    bool wanted = false;
    try {
      wanted = work(transaction);
      if (wanted && !transaction.failure()) transaction.send_notifications();
    } catch (...) {  // whatever the work made of it, what counts is whether a statement met something that passes
      if (!transaction.failure() || !passes(transaction.failure()->fault())) throw;
    }
    if (const auto& failure = transaction.failure()) {
      if (passes(failure->fault())) return failure;
      if (wanted) throw DatabaseError(Fault::other, std::string("to be committed after a failure: ") + failure->what());
    }
    if (!wanted || access == Access::read) return std::nullopt;
    return commit(**connection);
  }

  static std::optional<DatabaseError> commit(Connection& connection) {
    try {
      if (connection.execute("COMMIT") == "COMMIT") return std::nullopt;
      throw DatabaseError(Fault::other, "COMMIT: PostgreSQL rolled back");
    } catch (const DatabaseError& error) {
      if (error.fault() == Fault::busy && !connection.broken()) return error;
      if (!connection.broken()) throw;
      throw DatabaseError(Fault::lost, std::string("whether it was committed is not known: ") + error.what());
    }
  }

  Subscriptions subscriptions_;
  const DatabaseOptions options_;
  Pool pool_;
  Listener listener_;
};

}  // namespace

std::unique_ptr<Database> open_server(const std::string& url, const DatabaseOptions& options) {
  return std::make_unique<PostgresDatabase>(url, options);
}

}  // namespace korrigo::storage::postgres
