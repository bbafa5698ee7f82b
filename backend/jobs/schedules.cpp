#include "jobs/schedules.h"

#include <boost/json/parse.hpp>

#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;

// An entry that keeps its interval keeps its next time, so that restarts do not postpone it.
constexpr Statement kSchedule{"task_schedule.put", R"(
  INSERT INTO task_schedule (name, kind, payload, priority, max_attempts, time_limit_s, every_ms, next_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (name) DO UPDATE
  SET kind = excluded.kind, payload = excluded.payload, priority = excluded.priority,
      max_attempts = excluded.max_attempts, time_limit_s = excluded.time_limit_s, every_ms = excluded.every_ms,
      next_at = CASE WHEN task_schedule.every_ms = excluded.every_ms THEN task_schedule.next_at
                     ELSE excluded.next_at END)"};
constexpr Statement kUnschedule{"task_schedule.delete", "DELETE FROM task_schedule WHERE name = $1"};
// Whoever updates the row has it: another that waited for its lock finds next_at in the future.
constexpr Statement kTakeDue{"task_schedule.take_due", R"(
  UPDATE task_schedule SET next_at = next_at + every_ms * (($1 - next_at) / every_ms + 1)
  WHERE next_at <= $1
  RETURNING name, kind, payload, priority, max_attempts, time_limit_s, last_task_id)"};
constexpr Statement kStillOpen{"task_schedule.still_open", "SELECT 1 FROM task WHERE id = $1 AND finished_at IS NULL"};
constexpr Statement kSetLast{"task_schedule.set_last", "UPDATE task_schedule SET last_task_id = $2 WHERE name = $1"};

}  // namespace

void Queue::schedule(Transaction& transaction, std::string_view name, const NewTask& task, std::chrono::seconds every,
                     UtcTime first_at) {
  const auto interval = std::chrono::milliseconds(every);
  const UtcTime now = clock_.now();
  if (first_at < now) first_at += interval * ((now - first_at) / interval + 1);
  transaction.execute(kSchedule, name, task.kind, json_text(task.payload),
                      name_of(task.priority.value_or(Priority::low)), task.max_attempts, task.time_limit.count(),
                      interval.count(), first_at);
}

void Queue::unschedule(Transaction& transaction, std::string_view name) {
  transaction.execute(kUnschedule, name);
}

void enqueue_due_schedules(Transaction& transaction, Queue& queue) {
  for (const storage::Row& row : transaction.rows(kTakeDue, queue.clock().now())) {
    const auto last = row.get<std::optional<TaskId>>(6);
    if (last && transaction.row(kStillOpen, *last)) continue;
    NewTask task{.kind = row.get<std::string>(1)};
    task.payload = boost::json::parse(row.get<std::string>(2)).as_object();
    task.priority = priority_named(row.get<std::string>(3));
    task.max_attempts = row.get<int>(4);
    task.time_limit = std::chrono::seconds(row.get<std::int64_t>(5));
    transaction.execute(kSetLast, row.get<std::string>(0), queue.enqueue(transaction, task));
  }
}

}  // namespace korrigo::jobs
