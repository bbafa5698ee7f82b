/// One SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/database.h"

struct sqlite3;
struct sqlite3_stmt;

namespace korrigo::storage::sqlite {

class Connection {
 public:
  enum class Role { reader, writer };
  /// Opens or creates the file and sets what the whole program relies on: WAL, synchronous FULL, foreign keys. Throws
  /// DatabaseError.
  Connection(const std::string& path, Role role, std::chrono::milliseconds busy_timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Transaction::Outcome run(const Statement& statement, const std::vector<Value>& values);
  /// Statements without parameters and without rows.
  void execute(const char* sql);
  /// Gives up the open transaction, if there is one; never throws.
  void rollback() noexcept;
  bool in_transaction() const;

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  struct Prepared {
    std::string sql;
    std::vector<int> parameters;  // index of $1, $2, ... as SQLite counts them
    std::unique_ptr<sqlite3_stmt, Closer> statement;
  };

  std::string journal_mode_wal(std::chrono::milliseconds patience);
  Prepared& prepared(const Statement& statement);
  Prepared prepare(const Statement& statement);
  void bind(const Statement& statement, Prepared& prepared, const std::vector<Value>& values);
  [[noreturn]] void fail(std::string_view what) const;

  std::unique_ptr<sqlite3, Closer> handle_;
  std::unordered_map<std::string, Prepared> prepared_;  // by the statement's name
};

}  // namespace korrigo::storage::sqlite
