/// The rows: SQLite or PostgreSQL behind one set of types. Everything a module writes goes through a Transaction, so
/// that a business act, its events and its tasks are committed together or not at all.
///
/// Common subset of SQL: parameters $1, $2, ... (bound by number on both engines, in any order and as often as wanted;
/// casts are CAST($1 AS ...), as SQLite would take "$1::text" for a name), RETURNING, ON CONFLICT, CTEs, CHECK, partial
/// indexes. Times are integers (milliseconds), booleans integers 0 and 1, ids text, JSON text.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "storage/value.h"

namespace korrigo::storage {

enum class Engine { sqlite, postgres };

/// One statement, a constant of the module that owns it. Prepared once per connection; `name` ("source.find_by_hash")
/// is unique in the program (so also for a list's text put together from filters: one name per text) and stands in
/// errors and logs. Where the engines cannot share a text, `postgres` holds the other one.
struct Statement {
  std::string_view name;  // must outlive the rows
  std::string_view sql;
  std::string_view postgres = {};
};

enum class Fault {
  unique,       // a unique or primary key constraint
  foreign_key,  // a row that is referred to, or is not there
  check,        // a CHECK or NOT NULL constraint
  busy,         // locked, deadlocked or not serialisable, after the retries that were worth it
  lost,         // the database is not there, or went away
  full,         // no space, read-only
  other,        // a mistake of ours
};

/// Thrown by everything below. Stores turn unique and foreign_key into an Error where a caller must decide.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(Fault fault, const std::string& text, std::string constraint = {})
      : std::runtime_error(text), fault_(fault), constraint_(std::move(constraint)) {}
  Fault fault() const { return fault_; }
  /// What was violated, as far as the engine says: PostgreSQL names the constraint, SQLite "table.column[, ...]".
  const std::string& constraint() const { return constraint_; }

 private:
  Fault fault_;
  std::string constraint_;
};

/// One open transaction, used by one thread and only inside the function it was handed to. Once a statement has thrown
/// a DatabaseError, the transaction can only be given up, on both engines: let the error pass, or return a refusal. To
/// insert what may be there already, use ON CONFLICT.
class Transaction {
 public:
  struct Outcome {
    std::vector<Row> rows;
    std::int64_t changed = 0;  // by INSERT, UPDATE or DELETE, also with RETURNING
  };

  virtual ~Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// All rows, or those of RETURNING.
  template <class... Values>
  std::vector<Row> rows(const Statement& statement, Values&&... values) {
    return run(statement, {Value(std::forward<Values>(values))...}).rows;
  }
  /// The first row; nothing when there is none.
  template <class... Values>
  std::optional<Row> row(const Statement& statement, Values&&... values) {
    auto all = run(statement, {Value(std::forward<Values>(values))...}).rows;
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  }
  /// How many rows were inserted, updated or deleted.
  template <class... Values>
  std::int64_t execute(const Statement& statement, Values&&... values) {
    return run(statement, {Value(std::forward<Values>(values))...}).changed;
  }
  /// The statement once for each set of values, in order (one round trip per few hundred on PostgreSQL). Returns the
  /// sum of changed rows.
  virtual std::int64_t execute_many(const Statement& statement, const std::vector<std::vector<Value>>& values) = 0;

  /// Several statements without parameters, separated by semicolons: migrations.
  virtual void run_script(std::string_view sql) = 0;

  /// `payload` (at most 7 kB) to every listener of `channel`, in every process, when this transaction commits. Never
  /// when it does not.
  virtual void notify(std::string_view channel, std::string payload) = 0;

  virtual Engine engine() const = 0;

 protected:
  Transaction() = default;
  virtual Outcome run(const Statement& statement, std::vector<Value> values) = 0;
};

struct DatabaseOptions {
  int connections = 8;                           // PostgreSQL: the most at once. SQLite: readers, beside the one writer
  std::chrono::milliseconds busy_timeout{5000};  // how long to wait for a lock, or to try again
};

/// A database, used by any number of threads. Reconnects by itself; work that meets a lost connection outside a commit
/// is tried again for a few seconds, then throws DatabaseError(lost).
class Database {
 public:
  /// `url`: "sqlite:PATH" or "postgresql://...". Creates a SQLite file that is not there. Throws DatabaseError.
  static std::unique_ptr<Database> open(std::string_view url, const DatabaseOptions& options = {});
  virtual ~Database() = default;

  /// Runs `work(Transaction&)` and commits, unless it throws or returns a Result that holds an error: then everything
  /// is rolled back. `work` must touch nothing but the transaction and its own variables: after a deadlock, a conflict
  /// or a lost connection it is run again, and on SQLite it may run on another thread that is writing too (short writes
  /// of several threads share one commit). No slow work and no other transaction inside.
  ///
  /// It sees one moment's state and its own changes; what it read of a row that it then updates cannot have been
  /// changed by others (SQLite: one writer at a time; PostgreSQL: REPEATABLE READ, conflicts are run again).
  template <class Work>
  auto write(Work&& work) {
    return run<Work>(std::forward<Work>(work), Access::write);
  }
  /// The same where many transactions are after the same rows at once (claiming tasks): on PostgreSQL every statement
  /// sees what others have committed by then (READ COMMITTED), so that FOR UPDATE waits and SKIP LOCKED skips where
  /// write() would run again. On SQLite there is no difference.
  template <class Work>
  auto write_contended(Work&& work) {
    return run<Work>(std::forward<Work>(work), Access::contended_write);
  }
  /// The same for reading only; sees one moment's state.
  template <class Work>
  auto read(Work&& work) {
    return run<Work>(std::forward<Work>(work), Access::read);
  }

  /// Calls `heard(payload)` on a thread of the database for all that Transaction::notify sends to `channel`, in every
  /// process, until the handle is destroyed. After a reconnect, or when this process did not keep up, something may be
  /// missing: `missed()` is called, so that the listener looks for itself. Neither may block.
  class Listening {
   public:
    virtual ~Listening() = default;
  };
  virtual std::unique_ptr<Listening> listen(std::string channel, std::function<void(std::string_view payload)> heard,
                                            std::function<void()> missed) = 0;

  virtual Engine engine() const = 0;
  /// Open connections, for the metrics.
  virtual int connections() const = 0;

 protected:
  enum class Access { read, write, contended_write };
  /// Runs `work` in a transaction; commits when it returns true.
  virtual void transact(Access access, const std::function<bool(Transaction&)>& work) = 0;

 private:
  template <class Work>
  auto run(Work&& work, Access access);
};

namespace detail {
template <class T>
struct ResultOf : std::false_type {};
template <class T>
struct ResultOf<Result<T>> : std::true_type {};
}  // namespace detail

template <class Work>
auto Database::run(Work&& work, Access access) {
  using Outcome = std::invoke_result_t<Work&, Transaction&>;
  if constexpr (std::is_void_v<Outcome>) {
    transact(access, [&](Transaction& transaction) {
      work(transaction);
      return true;
    });
  } else {
    std::optional<Outcome> outcome;
    transact(access, [&](Transaction& transaction) {
      outcome.emplace(work(transaction));
      if constexpr (detail::ResultOf<Outcome>::value) return outcome->has_value();
      return true;
    });
    return std::move(*outcome);
  }
}

}  // namespace korrigo::storage
