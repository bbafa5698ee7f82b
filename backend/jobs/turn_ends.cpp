#include "jobs/turn_ends.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "jobs/messages.h"
#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kHold{
    "task.hold",
    "SELECT cancel_requested, pause_requested FROM task WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL",
    // The lock keeps those who would take the task for lost waiting until this transaction is over.
    "SELECT cancel_requested, pause_requested FROM task WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL "
    "FOR NO KEY UPDATE"};
constexpr Statement kCheckpoint{"task.checkpoint", R"(
  UPDATE task SET checkpoint = $3, attempt = 1 WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL)"};
constexpr Statement kProgress{"task.progress", R"(
  UPDATE task SET state = 'PROGRESS', progress_current = $3, progress_total = $4, stage = $5, told_at = $6
  WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL)"};
constexpr Statement kEnd{"task.end", R"(
  UPDATE task
  SET state = $3, result = $4, error_code = $5, error_message = $6, error_detail = $7, finished_at = $8,
      worker_id = NULL, cancel_requested = 0, pause_requested = 0
  WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL)"};
constexpr Statement kSucceedMany{"task.succeed_many", {}, R"(
  UPDATE task
  SET state = 'SUCCESS', result = done.result, error_code = NULL, error_message = NULL, error_detail = NULL,
      finished_at = $2, worker_id = NULL, cancel_requested = 0, pause_requested = 0
  FROM json_to_recordset(CAST($1 AS json)) AS done(done_id TEXT, done_fence BIGINT, result TEXT)
  WHERE id = done_id AND fence = done_fence AND worker_id IS NOT NULL
  RETURNING id)"};
constexpr Statement kPutDown{"task.put_down", R"(
  UPDATE task
  SET state = $3, ready = $4, attempt = $5, run_at = $6, error_code = $7, error_message = $8, error_detail = $9,
      worker_id = NULL, pause_requested = 0
  WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL)"};
constexpr Statement kWait{"task.wait", R"(
  UPDATE task
  SET state = 'PROGRESS', worker_id = NULL, phase = phase + 1, attempt = 0, ready = $3, children_total = $4,
      children_open = $4, progress_current = 0, progress_total = $4, stage = $5, checkpoint = $6, told_at = $7
  WHERE id = $1 AND fence = $2 AND worker_id IS NOT NULL)"};
// The parent is told of at most twice a second, and once more when it goes on.
constexpr Statement kChildEnded{"task.child_ended", R"(
  UPDATE task
  SET children_open = children_open - 1, progress_current = children_total - children_open + 1,
      ready = CASE WHEN children_open = 1 AND state = 'PROGRESS' THEN 1 ELSE 0 END,
      told_at = CASE WHEN children_open = 1 OR told_at + 500 <= $3 THEN $3 ELSE told_at END
  WHERE id = $1 AND phase = $2 AND children_open > 0 AND finished_at IS NULL
  RETURNING CASE WHEN told_at = $3 THEN 1 ELSE 0 END, ready, )" KORRIGO_TASK_COLUMNS};
constexpr Statement kLog{"task_log.insert", "INSERT INTO task_log (task_id, at, level, text) VALUES ($1, $2, $3, $4)"};

storage::Value part(const std::optional<TaskError>& error, std::string TaskError::*field) {
  return error ? storage::Value(storable((*error).*field)) : storage::Value();
}

void told_over(Transaction& transaction, UtcTime now, const Task& task) {
  tell(transaction, task);
  if (task.parent_id) child_ended(transaction, now, task);
}

void put_down(Transaction& transaction, Task& task, TaskState state, bool ready) {
  task.state = state;
  task.worker.reset();
  transaction.execute(kPutDown, task.id, task.fence, name_of(state), ready, task.attempt, task.run_at,
                      part(task.error, &TaskError::code), part(task.error, &TaskError::message),
                      part(task.error, &TaskError::detail));
  if (ready) wake(transaction, task.kind);
  tell(transaction, task);
}

/// Follows a request to cancel or pause; false when there is none.
bool followed(Transaction& transaction, UtcTime now, Task& task, const Held& held) {
  if (held.cancel_requested) {
    end_task(transaction, now, task, TaskState::revoked, nullptr,
             TaskError{"task.cancelled", "The task was cancelled.", ""});
    return true;
  }
  if (held.pause_requested) {
    put_down(transaction, task, TaskState::paused, false);
    return true;
  }
  return false;
}

void mark_over(Task& task, UtcTime now, TaskState state, boost::json::value result, std::optional<TaskError> error) {
  task.state = state;
  task.result = std::move(result);
  if (error) error->message = storable(std::move(error->message));
  task.error = std::move(error);
  task.finished_at = now;
  task.worker.reset();
}

}  // namespace

std::optional<Held> hold(Transaction& transaction, const Task& task) {
  const auto row = transaction.row(kHold, task.id, task.fence);
  if (!row) return std::nullopt;
  return Held{row->get<bool>(0), row->get<bool>(1)};
}

bool store_checkpoint(Transaction& transaction, Task& task, const boost::json::value& state) {
  if (transaction.execute(kCheckpoint, task.id, task.fence, column_of(state)) == 0) return false;
  task.checkpoint = state;
  task.attempt = 1;
  return true;
}

bool store_progress(Transaction& transaction, UtcTime now, Task& task, const Progress& progress) {
  if (transaction.execute(kProgress, task.id, task.fence, progress.current, progress.total, progress.stage, now) == 0) {
    return false;
  }
  task.state = TaskState::progress;
  task.progress = progress;
  return true;
}

bool end_task(Transaction& transaction, UtcTime now, Task& task, TaskState state, boost::json::value result,
              std::optional<TaskError> error) {
  mark_over(task, now, state, std::move(result), std::move(error));
  const auto changed = transaction.execute(kEnd, task.id, task.fence, name_of(state), column_of(task.result),
                                           part(task.error, &TaskError::code), part(task.error, &TaskError::message),
                                           part(task.error, &TaskError::detail), now);
  if (changed == 0) return false;
  told_over(transaction, now, task);
  return true;
}

std::vector<bool> end_tasks(Transaction& transaction, UtcTime now, std::span<Task* const> tasks,
                            std::span<const boost::json::value> results) {
  std::vector<bool> held(tasks.size());
  if (transaction.engine() == storage::Engine::sqlite || tasks.size() < 2) {
    for (std::size_t i = 0; i < tasks.size(); ++i)
      held[i] = end_task(transaction, now, *tasks[i], TaskState::success, results[i], std::nullopt);
    return held;
  }
  boost::json::array list;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    boost::json::object done{{"done_id", tasks[i]->id.text()}, {"done_fence", tasks[i]->fence}};
    if (!results[i].is_null()) done["result"] = json_text(results[i]);
    list.push_back(std::move(done));
  }
  keep_to_indexes(transaction);
  std::set<TaskId> ended;
  for (const storage::Row& row : transaction.rows(kSucceedMany, boost::json::serialize(list), now))
    ended.insert(row.get<TaskId>(0));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    held[i] = ended.contains(tasks[i]->id);
    mark_over(*tasks[i], now, TaskState::success, results[i], std::nullopt);
    if (held[i]) told_over(transaction, now, *tasks[i]);
  }
  return held;
}

bool retry_later(Transaction& transaction, UtcTime now, Task& task, UtcTime run_at, const TaskError& error) {
  const auto held = hold(transaction, task);
  if (!held) return false;
  if (followed(transaction, now, task, *held)) return true;
  task.error = error;
  task.run_at = run_at;
  put_down(transaction, task, TaskState::retry, run_at <= now);
  return true;
}

bool give_back(Transaction& transaction, UtcTime now, Task& task) {
  const auto held = hold(transaction, task);
  if (!held) return false;
  task.attempt = std::max(0, task.attempt - 1);
  if (followed(transaction, now, task, *held)) return true;
  const bool begun = task.phase > 0 || task.progress.total > 0;
  put_down(transaction, task, begun ? TaskState::progress : TaskState::pending, true);
  return true;
}

bool take_from_dead(Transaction& transaction, UtcTime now, Task& task) {
  const auto held = hold(transaction, task);
  if (!held) return false;
  if (followed(transaction, now, task, *held)) return true;
  TaskError error{"task.worker_lost", "The worker that did this task disappeared.",
                  fmt::format("worker {}, attempt {} of {}", *task.worker, task.attempt, task.max_attempts)};
  store_log(transaction, task.id, {{LogLine{now, "warning", error.message + " " + error.detail}}});
  if (task.attempt >= task.max_attempts) {
    return end_task(transaction, now, task, TaskState::failure, nullptr, std::move(error));
  }
  task.error = std::move(error);
  task.run_at = now;
  put_down(transaction, task, TaskState::retry, true);
  return true;
}

void begin_waiting(Transaction& transaction, UtcTime now, Task& task, std::int64_t children, std::string_view stage,
                   const boost::json::value& checkpoint) {
  transaction.execute(kWait, task.id, task.fence, children == 0, children, stage, column_of(checkpoint), now);
  task.phase += 1;
  task.attempt = 0;
  task.state = TaskState::progress;
  task.worker.reset();
  task.checkpoint = checkpoint;
  task.children_total = task.children_open = children;
  task.progress = {0, children, std::string(stage)};
  if (children == 0) wake(transaction, task.kind);
  tell(transaction, task);
}

void child_ended(Transaction& transaction, UtcTime now, const Task& child) {
  const auto row = transaction.row(kChildEnded, *child.parent_id, child.parent_phase, now);
  if (!row) return;
  const Task parent = task_of(*row, 2);
  if (row->get<bool>(1)) wake(transaction, parent.kind);
  if (row->get<bool>(0)) tell(transaction, parent);
}

void store_log(Transaction& transaction, const TaskId& id, std::span<const LogLine> lines) {
  std::vector<std::vector<storage::Value>> rows;
  for (const LogLine& line : lines) rows.push_back({id, line.at, line.level, storable(line.text)});
  if (!rows.empty()) transaction.execute_many(kLog, rows);
}

}  // namespace korrigo::jobs
