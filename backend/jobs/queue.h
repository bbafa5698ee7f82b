/// The durable queue: tasks come to exist, and are steered, inside their causes' transactions.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>

#include "jobs/task.h"
#include "storage/database.h"

namespace korrigo::jobs {

/// Used by any number of threads; holds no tasks. Every function throws DatabaseError as storage does.
class Queue {
 public:
  explicit Queue(const Clock& clock) : clock_(clock) {}

  /// Rows of a domain that stand for a task: called when one of the kind is given up (FAILURE, REVOKED: cancelled,
  /// failed, its worker lost for good) and when it is opened again by retry(), in that transaction and with the task as
  /// it then is. Must only write rows; an exception leaves the task as it was. One for each kind, before the queue is
  /// used.
  using Owner = std::function<void(storage::Transaction&, const Task&)>;
  void set_owner(std::string kind, Owner owner) { owners_.insert_or_assign(std::move(kind), std::move(owner)); }

  /// The task exists when `transaction` commits, and idle workers everywhere are woken then. Listeners are told of it
  /// (messages.h), of at most kToldAtOnce made by one call.
  /// With an idempotency key, the task that has this key, and has neither failed nor been revoked nor lost its result
  /// to retention, is returned instead of a new one.
  TaskId enqueue(storage::Transaction& transaction, const NewTask& task);
  std::vector<TaskId> enqueue_all(storage::Transaction& transaction, std::span<const NewTask> tasks);

  /// `then` waits for all `children` to be over, however they ended, and runs after them: its handler finds phase 1 and
  /// the ends of the children in its TaskContext. Its progress is how many have ended. Without children it runs at
  /// once. A handler that wants children of its own task uses TaskContext::wait_for instead.
  TaskId enqueue_group(storage::Transaction& transaction, const NewTask& then, std::span<const NewTask> children);

  std::optional<Task> find(storage::Transaction& transaction, const TaskId& id);
  /// How the children of the current phase ended, in the order they were given; those not over are left out.
  std::vector<ChildEnd> children_of(storage::Transaction& transaction, const Task& parent);

  // Steering. Each is refused with not_found "task.not_found", or conflict "task.over" / "task.not_paused" /
  // "task.not_over" / "task.forgotten", and reaches the descendants that are not over.

  /// A waiting task is REVOKED at once, one in a worker's hands at its next safe point, within a second anywhere.
  Result<void> cancel(storage::Transaction& transaction, const TaskId& id);
  /// A waiting task is PAUSED at once, one in a worker's hands at its next safe point; it keeps its checkpoint.
  Result<void> pause(storage::Transaction& transaction, const TaskId& id);
  Result<void> resume(storage::Transaction& transaction, const TaskId& id);
  /// A task that failed or was cancelled starts over from its checkpoint with all its attempts. Conflict
  /// "task.forgotten" when retention has dropped what it needs, "task.duplicate" when another took its idempotency key.
  Result<void> retry(storage::Transaction& transaction, const TaskId& id);
  /// Changes the order of waiting tasks; those that run are not interrupted.
  Result<void> set_priority(storage::Transaction& transaction, const TaskId& id, Priority priority);

  /// A task of `kind` every `every`, first at `first_at` or, when that is past, at the next multiple. Once in the
  /// cluster, and not again while the one before is not over. Calling it again changes the entry called `name`.
  void schedule(storage::Transaction& transaction, std::string_view name, const NewTask& task,
                std::chrono::seconds every, UtcTime first_at);
  void unschedule(storage::Transaction& transaction, std::string_view name);

  const Clock& clock() const { return clock_; }
  static constexpr std::size_t kToldAtOnce = 100;

  /// For those who write ends of tasks: `task` was given up or opened again.
  void tell_owner(storage::Transaction& transaction, const Task& task);

 private:
  const Clock& clock_;
  std::map<std::string, Owner, std::less<>> owners_;
};

}  // namespace korrigo::jobs
