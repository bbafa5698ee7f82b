#include "jobs/retention.h"

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr std::string_view kKind = "cleanup_finished_tasks";
constexpr std::int64_t kAtOnce = 500;  // writers wait for no longer than that takes

// A failed task keeps what a retry by hand needs.
constexpr Statement kTrim{"task.trim", R"(
  UPDATE task
  SET trimmed = 1, payload = '{}', checkpoint = NULL, result = NULL, error_detail = NULL, idempotency_key = NULL
  WHERE id IN (SELECT id FROM task
               WHERE finished_at IS NOT NULL AND trimmed = 0 AND finished_at < $1 AND state <> 'FAILURE' LIMIT $2)
  RETURNING id)"};
constexpr Statement kDropLog{"task_log.drop", "DELETE FROM task_log WHERE task_id = $1"};
constexpr Statement kDelete{"task.delete", R"(
  DELETE FROM task
  WHERE id IN (SELECT id FROM task
               WHERE finished_at IS NOT NULL AND trimmed IN (0, 1) AND finished_at < $1
                 AND NOT EXISTS (SELECT 1 FROM task AS child WHERE child.parent_id = task.id AND child.finished_at IS NULL)
               LIMIT $2))"};

template <class Step>
std::int64_t until_done(Step&& step) {
  std::int64_t total = 0;
  for (;;) {
    const std::int64_t done = step();
    total += done;
    if (done < kAtOnce) return total;
  }
}

}  // namespace

std::int64_t forget_old_tasks(storage::Database& database, const Clock& clock, const Retention& retention) {
  const UtcTime now = clock.now();
  const std::int64_t trimmed = until_done([&] {
    return database.write_contended([&](Transaction& transaction) {
      const auto rows = transaction.rows(kTrim, now - retention.results, kAtOnce);
      std::vector<std::vector<storage::Value>> ids;
      for (const storage::Row& row : rows) ids.push_back({row.get<TaskId>(0)});
      if (!ids.empty()) transaction.execute_many(kDropLog, ids);
      return static_cast<std::int64_t>(rows.size());
    });
  });
  return trimmed + until_done([&] {
           return database.write_contended([&](Transaction& transaction) {
             return transaction.execute(kDelete, now - retention.history, kAtOnce);
           });
         });
}

void keep_forgetting(Kinds& kinds, Queue& queue, storage::Database& database, const Retention& retention) {
  kinds.add(std::string(kKind), [&database, retention](TaskContext& context) -> Result<Ending> {
    return context.finish({{"tasks", forget_old_tasks(database, context.clock(), retention)}});
  });
  database.write([&](Transaction& transaction) {
    NewTask task{.kind = std::string(kKind)};
    task.priority = Priority::low;
    queue.schedule(transaction, kKind, task, std::chrono::hours(1), queue.clock().now() + std::chrono::minutes(5));
  });
}

}  // namespace korrigo::jobs
