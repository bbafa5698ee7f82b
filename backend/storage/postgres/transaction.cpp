#include "storage/postgres/transaction.h"

#include <fmt/format.h>

#include "storage/subscriptions.h"

namespace korrigo::storage::postgres {
namespace {

constexpr Statement kNotify{"postgres.notify", "SELECT pg_notify($1, $2)"};

}  // namespace

template <class Action>
auto PostgresTransaction::guarded(std::string_view what, Action&& action) {
  if (failure_) throw DatabaseError(Fault::other, fmt::format("{}: the transaction has failed before", what));
  try {
    return action();
  } catch (const DatabaseError& error) {
    failure_.emplace(error);
    throw;
  }
}

Transaction::Outcome PostgresTransaction::run(const Statement& statement, std::vector<Value> values) {
  return guarded(statement.name, [&] { return connection_.run(statement, values); });
}

std::int64_t PostgresTransaction::execute_many(const Statement& statement,
                                               const std::vector<std::vector<Value>>& values) {
  return guarded(statement.name, [&] { return connection_.run_many(statement, values); });
}

void PostgresTransaction::run_script(std::string_view sql) {
  guarded("script", [&] { connection_.execute(std::string(sql)); });
}

void PostgresTransaction::notify(std::string_view channel, std::string payload) {
  check_payload(channel, payload);
  notifications_.push_back({Value(channel), Value(std::move(payload))});
}

void PostgresTransaction::send_notifications() {
  if (!notifications_.empty()) execute_many(kNotify, notifications_);
}

}  // namespace korrigo::storage::postgres
