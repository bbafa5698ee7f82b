// Cancel, pause, resume, retry, reprioritise: what the office does to tasks and all that hangs below them.
#include "jobs/messages.h"
#include "jobs/queue.h"
#include "jobs/task_rows.h"
#include "jobs/turn_ends.h"

// The task $1 and its descendants.
#define KORRIGO_TREE                                                                \
  "WITH RECURSIVE tree AS (SELECT id AS tree_id FROM task WHERE id = $1 UNION ALL " \
  "SELECT task.id FROM task JOIN tree ON task.parent_id = tree.tree_id) "

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kLock{"task.lock", "SELECT " KORRIGO_TASK_COLUMNS " FROM task WHERE id = $1",
                          "SELECT " KORRIGO_TASK_COLUMNS " FROM task WHERE id = $1 FOR NO KEY UPDATE"};
constexpr Statement kRevokeIdle{"task.revoke_idle", KORRIGO_TREE R"(
  UPDATE task
  SET state = 'REVOKED', finished_at = $2, ready = 0, error_code = $3, error_message = $4, error_detail = ''
  WHERE id IN (SELECT tree_id FROM tree) AND finished_at IS NULL AND worker_id IS NULL
  RETURNING )" KORRIGO_TASK_COLUMNS};
constexpr Statement kAskToCancel{"task.ask_to_cancel", KORRIGO_TREE R"(
  UPDATE task SET cancel_requested = 1 WHERE id IN (SELECT tree_id FROM tree) AND worker_id IS NOT NULL)"};
constexpr Statement kPauseIdle{"task.pause_idle", KORRIGO_TREE R"(
  UPDATE task SET state = 'PAUSED', ready = 0
  WHERE id IN (SELECT tree_id FROM tree) AND finished_at IS NULL AND worker_id IS NULL AND state <> 'PAUSED'
  RETURNING )" KORRIGO_TASK_COLUMNS};
constexpr Statement kAskToPause{"task.ask_to_pause", KORRIGO_TREE R"(
  UPDATE task SET pause_requested = 1 WHERE id IN (SELECT tree_id FROM tree) AND worker_id IS NOT NULL)"};
constexpr Statement kResume{"task.resume", KORRIGO_TREE R"(
  UPDATE task
  SET state = CASE WHEN children_open > 0 THEN 'PROGRESS' ELSE 'PENDING' END,
      ready = CASE WHEN children_open = 0 AND run_at <= $2 THEN 1 ELSE 0 END
  WHERE id IN (SELECT tree_id FROM tree) AND state = 'PAUSED'
  RETURNING )" KORRIGO_TASK_COLUMNS};
constexpr Statement kTakePauseBack{"task.take_pause_back", KORRIGO_TREE R"(
  UPDATE task SET pause_requested = 0 WHERE id IN (SELECT tree_id FROM tree) AND worker_id IS NOT NULL)"};
constexpr Statement kForgotten{"task.forgotten", "SELECT trimmed, idempotency_key FROM task WHERE id = $1"};
constexpr Statement kTaken{"task.key_taken", R"(
  SELECT 1 FROM task
  WHERE idempotency_key = $1 AND idempotency_key IS NOT NULL AND state NOT IN ('FAILURE', 'REVOKED'))"};
constexpr Statement kOpenAgain{"task.open_again", R"(
  UPDATE task
  SET state = 'PENDING', finished_at = NULL, attempt = 0, run_at = $2, ready = 1, children_open = 0, result = NULL,
      error_code = NULL, error_message = NULL, error_detail = NULL
  WHERE id = $1)"};
// A cancelled parent's children that did not succeed.
constexpr Statement kChildrenToReopen{"task.children_to_reopen", R"(
  SELECT id FROM task
  WHERE parent_id = $1 AND parent_phase = $2 AND state IN ('FAILURE', 'REVOKED') AND trimmed = 0)"};
constexpr Statement kSpareChildren{"task.spare_children", R"(
  UPDATE task SET cancel_requested = 0 WHERE parent_id = $1 AND parent_phase = $2 AND worker_id IS NOT NULL)"};
constexpr Statement kWaitAgain{"task.wait_again", R"(
  UPDATE task
  SET state = 'PROGRESS', ready = 0, progress_current = children_total - open.count, children_open = open.count
  FROM (SELECT count(*) AS count FROM task WHERE parent_id = $1 AND parent_phase = $2 AND finished_at IS NULL) AS open
  WHERE id = $1 AND open.count > 0)"};
constexpr Statement kParentWaitsAgain{"task.parent_waits_again", R"(
  UPDATE task SET children_open = children_open + 1, progress_current = progress_current - 1
  WHERE id = $1 AND phase = $2 AND children_open > 0 AND finished_at IS NULL)"};
constexpr Statement kDetach{"task.detach", "UPDATE task SET parent_phase = -1 WHERE id = $1"};
constexpr Statement kPrioritise{"task.prioritise", KORRIGO_TREE R"(
  UPDATE task SET priority = $2, order_key = age_from + $3
  WHERE id IN (SELECT tree_id FROM tree) AND finished_at IS NULL)"};

Result<Task> locked(Transaction& transaction, const TaskId& id) {
  const auto row = transaction.row(kLock, id);
  if (!row) return refuse(ErrorKind::not_found, "task.not_found", "There is no such task.");
  return task_of(*row);
}

Result<Task> locked_open(Transaction& transaction, const TaskId& id) {
  auto task = locked(transaction, id);
  if (task && is_over(task->state)) return refuse(ErrorKind::conflict, "task.over", "The task is already over.");
  return task;
}

void look_at_requests(Transaction& transaction, const TaskId& id) {
  transaction.notify(kControlChannel, id.text());
}

/// The row of one task that is over becomes a waiting one.
void open_again(Transaction& transaction, UtcTime now, const Task& task) {
  transaction.execute(kOpenAgain, task.id, now);
  wake(transaction, task.kind);
}

/// Children that have to be done before `parent`, just opened again, can go on; it waits for them.
void reopen_children(Transaction& transaction, Queue& queue, const Task& parent) {
  for (const storage::Row& row : transaction.rows(kChildrenToReopen, parent.id, parent.phase)) {
    const auto child = locked(transaction, row.get<TaskId>(0));
    open_again(transaction, queue.clock().now(), *child);
    if (child->children_open > 0) reopen_children(transaction, queue, *child);
    queue.tell_owner(transaction, *child);
  }
  transaction.execute(kSpareChildren, parent.id, parent.phase);
  transaction.execute(kWaitAgain, parent.id, parent.phase);
  look_at_requests(transaction, parent.id);
}

}  // namespace

Result<void> Queue::cancel(Transaction& transaction, const TaskId& id) {
  const auto task = locked_open(transaction, id);
  if (!task) return tl::unexpected(task.error());
  const UtcTime now = clock_.now();
  for (const storage::Row& row : transaction.rows(kRevokeIdle, id, now, "task.cancelled", "The task was cancelled.")) {
    const Task revoked = task_of(row);
    tell(transaction, revoked);
    tell_owner(transaction, revoked);
    if (revoked.id == id && revoked.parent_id) child_ended(transaction, now, revoked);
  }
  if (transaction.execute(kAskToCancel, id) > 0) look_at_requests(transaction, id);
  return {};
}

Result<void> Queue::pause(Transaction& transaction, const TaskId& id) {
  const auto task = locked_open(transaction, id);
  if (!task) return tl::unexpected(task.error());
  for (const storage::Row& row : transaction.rows(kPauseIdle, id)) tell(transaction, task_of(row));
  if (transaction.execute(kAskToPause, id) > 0) look_at_requests(transaction, id);
  return {};
}

Result<void> Queue::resume(Transaction& transaction, const TaskId& id) {
  const auto task = locked(transaction, id);
  if (!task) return tl::unexpected(task.error());
  if (task->state != TaskState::paused && !task->pause_requested) {
    return refuse(ErrorKind::conflict, "task.not_paused", "The task is not paused.");
  }
  for (const storage::Row& row : transaction.rows(kResume, id, clock_.now())) {
    const Task resumed = task_of(row);
    wake(transaction, resumed.kind);
    tell(transaction, resumed);
  }
  if (transaction.execute(kTakePauseBack, id) > 0) look_at_requests(transaction, id);
  return {};
}

Result<void> Queue::retry(Transaction& transaction, const TaskId& id) {
  const auto task = locked(transaction, id);
  if (!task) return tl::unexpected(task.error());
  if (task->state != TaskState::failure && task->state != TaskState::revoked) {
    return refuse(ErrorKind::conflict, "task.not_over", "Only a task that failed or was cancelled can be retried.");
  }
  const auto row = transaction.row(kForgotten, id);
  if (row->get<bool>(0)) {
    return refuse(ErrorKind::conflict, "task.forgotten", "The task is too old to be retried: what it needs is gone.");
  }
  if (const auto key = row->get<std::optional<std::string>>(1); key && transaction.row(kTaken, *key)) {
    return refuse(ErrorKind::conflict, "task.duplicate", "The same has been asked for again since.");
  }
  open_again(transaction, clock_.now(), *task);
  if (task->children_open > 0) reopen_children(transaction, *this, *task);
  if (task->parent_id && transaction.execute(kParentWaitsAgain, *task->parent_id, task->parent_phase) == 0) {
    transaction.execute(kDetach, id);
  }
  tell(transaction, *find(transaction, id));
  tell_owner(transaction, *task);
  return {};
}

Result<void> Queue::set_priority(Transaction& transaction, const TaskId& id, Priority priority) {
  const auto task = locked_open(transaction, id);
  if (!task) return tl::unexpected(task.error());
  transaction.execute(kPrioritise, id, name_of(priority), order_key(0, priority));
  return {};
}

}  // namespace korrigo::jobs
