#include "storage/sqlite/transaction.h"

#include <fmt/format.h>

namespace korrigo::storage::sqlite {

template <class Action>
auto SqliteTransaction::guarded(std::string_view what, Action&& action) {
  if (failed_) throw DatabaseError(Fault::other, fmt::format("{}: the transaction has failed before", what));
  try {
    return action();
  } catch (const DatabaseError&) {
    failed_ = true;
    throw;
  }
}

Transaction::Outcome SqliteTransaction::run(const Statement& statement, std::vector<Value> values) {
  return guarded(statement.name, [&] { return connection_.run(statement, values); });
}

std::int64_t SqliteTransaction::execute_many(const Statement& statement,
                                             const std::vector<std::vector<Value>>& values) {
  return guarded(statement.name, [&] {
    std::int64_t changed = 0;
    for (const auto& row : values) changed += connection_.run(statement, row).changed;
    return changed;
  });
}

void SqliteTransaction::run_script(std::string_view sql) {
  guarded("script", [&] { connection_.execute(std::string(sql).c_str()); });
}

void SqliteTransaction::notify(std::string_view channel, std::string payload) {
  check_payload(channel, payload);
  notifications_.push_back({std::string(channel), std::move(payload)});
}

}  // namespace korrigo::storage::sqlite
