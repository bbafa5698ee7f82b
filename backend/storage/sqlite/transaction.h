/// A transaction of a SQLite connection; it neither begins nor ends it.
#pragma once

#include <string>
#include <vector>

#include "storage/sqlite/connection.h"
#include "storage/subscriptions.h"

namespace korrigo::storage::sqlite {

class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(Connection& connection) : connection_(connection) {}

  std::int64_t execute_many(const Statement& statement, const std::vector<std::vector<Value>>& values) override;
  void run_script(std::string_view sql) override;
  void notify(std::string_view channel, std::string payload) override;
  Engine engine() const override { return Engine::sqlite; }

  /// Whether a statement failed: the transaction can only be given up, as on PostgreSQL.
  bool failed() const { return failed_; }
  std::vector<Notification> take_notifications() { return std::move(notifications_); }

 private:
  Outcome run(const Statement& statement, std::vector<Value> values) override;
  template <class Action>
  auto guarded(std::string_view what, Action&& action);

  Connection& connection_;
  bool failed_ = false;
  std::vector<Notification> notifications_;
};

}  // namespace korrigo::storage::sqlite
