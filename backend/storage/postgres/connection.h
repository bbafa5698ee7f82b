/// One PostgreSQL connection with its prepared statements. Used by one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/database.h"

struct pg_conn;
struct pg_result;

namespace korrigo::storage::postgres {

class Parameters;

/// What to make of an error the server reports; `sqlstate` is empty where there is none (PostgreSQL's appendix A).
Fault fault_of(std::string_view sqlstate);

class Connection {
 public:
  /// Throws DatabaseError(lost) when the server cannot be reached or does not let us in.
  explicit Connection(const std::string& url);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Transaction::Outcome run(const Statement& statement, const std::vector<Value>& values);
  /// The statement for each set of values, sent without waiting for each answer. Returns the sum of changed rows.
  std::int64_t run_many(const Statement& statement, const std::vector<std::vector<Value>>& values);
  /// Begins a transaction: sent along with its first statement, which spares a round trip.
  void begin(std::string sql);
  /// Statements without parameters; rows are thrown away. Returns the tag of the last ("COMMIT", "ROLLBACK").
  std::string execute(const std::string& sql);
  /// Gives up the open transaction, if there is one; never throws.
  void rollback() noexcept;

  bool usable() const;  // connected, and in no transaction
  bool broken() const;  // the connection is gone
  pg_conn* handle() const { return handle_.get(); }

 private:
  struct Closer {
    void operator()(pg_conn* handle) const;
    void operator()(pg_result* result) const;
  };
  using Reply = std::unique_ptr<pg_result, Closer>;
  /// The server settles the types of parameters when it prepares: integers, reals and bytes are announced as such (it
  /// would take `$1 - 5` for 32 bits), text and null are left to be inferred. Hence possibly several for one statement.
  struct Variant {
    std::string name;
    std::vector<unsigned> types;
  };
  struct Prepared {
    std::string sql;
    std::vector<Variant> variants;
  };

  const Variant& prepared(const Statement& statement, const std::vector<Value>& values);
  std::int64_t run_chunk(const Statement& statement, std::span<const std::vector<Value>> values);
  Reply run_prepared(const std::string& name, const Parameters& parameters, std::string_view what);
  void enter_pipeline(std::string_view what);
  void send(const std::string& name, const Parameters& parameters, std::string_view what);
  void leave_pipeline(std::string_view what, const std::function<void(Reply)>& received);
  void check(const Reply& reply, std::string_view what);
  [[noreturn]] void fail(const pg_result* result, std::string_view what);

  std::unique_ptr<pg_conn, Closer> handle_;
  std::unordered_map<std::string, Prepared> prepared_;  // by the statement's name
  int prepared_count_ = 0;
  std::string pending_;  // what begins the transaction, not yet sent
  bool lost_ = false;
};

}  // namespace korrigo::storage::postgres
