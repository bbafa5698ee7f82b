/// A transaction of a PostgreSQL connection; it neither begins nor ends it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/postgres/connection.h"

namespace korrigo::storage::postgres {

class PostgresTransaction final : public Transaction {
 public:
  explicit PostgresTransaction(Connection& connection) : connection_(connection) {}

  std::int64_t execute_many(const Statement& statement, const std::vector<std::vector<Value>>& values) override;
  void run_script(std::string_view sql) override;
  void notify(std::string_view channel, std::string payload) override;
  Engine engine() const override { return Engine::postgres; }

  /// How a statement failed, if one did: the transaction can only be given up.
  const std::optional<DatabaseError>& failure() const { return failure_; }
  /// Sends what notify() collected; the server delivers it with the commit.
  void send_notifications();

 private:
  Outcome run(const Statement& statement, std::vector<Value> values) override;
  template <class Action>
  auto guarded(std::string_view what, Action&& action);

  Connection& connection_;
  std::optional<DatabaseError> failure_;
  std::vector<std::vector<Value>> notifications_;
};

}  // namespace korrigo::storage::postgres
