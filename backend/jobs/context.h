/// What a handler sees of its task. A handler runs a turn: from the claim of the task to one of its ends - finished,
/// waiting for children, an error, or an interruption. It runs on a thread of a WorkerPool, and may run more than once
/// (after a crash, a retry, a pause), so it begins by looking at phase and checkpoint and repeats nothing that a
/// commit() has already written.
///
///   Result<Ending> split(TaskContext& context) {
///     if (context.task().phase == 0) return context.wait_for(chunks_of(context.task().payload), "sides");
///     for (const ChildEnd& chunk : context.children()) ...
///     return context.finish([&](Transaction& transaction) { ...; return boost::json::object{{"copies", 44}}; });
///   }
#pragma once

#include <atomic>
#include <functional>
#include <span>

#include "base/guarded.h"
#include "base/parallel.h"
#include "jobs/queue.h"
#include "jobs/task.h"
#include "jobs/turn_ends.h"

namespace korrigo::jobs {

/// Why a turn is broken off.
enum class Interruption {
  none,
  cancelled,   // somebody cancelled the task
  paused,      // somebody paused it
  given_back,  // the worker stops: the task goes on elsewhere, from its checkpoint, without costing an attempt
  lost,        // another worker has, or will have, the task: nothing can be written any more
  timed_out,   // over its time limit
};

/// Thrown to leave the turn; a handler lets it pass. Being a Cancelled, work that watches TaskContext::cancel() may
/// throw that one instead.
class Interrupted : public Cancelled {
 public:
  explicit Interrupted(Interruption why) : why_(why) {}
  Interruption why() const { return why_; }

 private:
  Interruption why_;
};

/// Proof that the turn was ended in the database; only a TaskContext makes it.
class Ending {
 private:
  friend class TaskContext;
  Ending() = default;
};

/// Used by the handler's thread; progress(), log(), cancel() and safe_point() also by threads the handler starts.
class TaskContext {
 public:
  using FinalWork = std::function<Result<boost::json::value>(storage::Transaction&)>;

  TaskContext(const TaskContext&) = delete;
  TaskContext& operator=(const TaskContext&) = delete;

  /// As it was claimed; the checkpoint is kept up to date.
  const Task& task() const { return task_; }
  const boost::json::object& payload() const { return task_.payload; }
  /// How the children of this phase ended, in the order they were given. Reads the database.
  std::vector<ChildEnd> children();
  storage::Database& database() { return database_; }
  const Clock& clock() const;

  /// Throws Interrupted when the turn is to be broken off. Cheap: call it for every item.
  void safe_point();
  /// Set when safe_point() would throw, for work that watches a flag (for_each_parallel).
  const Cancel& cancel() const { return cancel_; }

  /// Shown to whoever watches; stored and sent at most twice a second, the latest of them always.
  void progress(std::int64_t current, std::int64_t total, std::string_view stage = {});
  /// A line for GET /api/tasks/{id}/logs/; at most kMaxLogLines a turn, later ones are left out.
  enum class Level { info, warning, error };
  void log(Level level, std::string text);
  static constexpr int kMaxLogLines = 1000;

  /// One short transaction that is only committed while this worker still holds the task; throws Interrupted(lost)
  /// otherwise. What it wrote is there however the turn ends, so the handler must find it again when it runs anew.
  void commit(const std::function<void(storage::Transaction&)>& work);
  /// The same, and the checkpoint with it: the next turn begins with this value. Work that went forward earns the task
  /// its attempts back.
  void checkpoint(boost::json::value state, const std::function<void(storage::Transaction&)>& work = {});

  /// SUCCESS with this result.
  Ending finish(boost::json::value result);
  Ending finish(std::nullptr_t) { return finish(boost::json::value()); }
  /// SUCCESS in the same transaction as the handler's own final rows; its result is what `work` returns. An error
  /// rolls both back and is returned, for the handler to return.
  Result<Ending> finish(const FinalWork& work);
  /// Ends the turn; the handler is called again, with phase one higher, when all children are over. `also` writes in
  /// the same transaction. `stage` is shown while they run. With no children the next turn comes at once.
  Ending wait_for(std::span<const NewTask> children, std::string_view stage = {}, boost::json::value checkpoint = {},
                  const std::function<void(storage::Transaction&)>& also = {});

 private:
  friend class Turn;
  TaskContext(storage::Database& database, Queue& queue, Task task);
  void interrupt(Interruption why);
  Held require_held(storage::Transaction& transaction);
  /// What was not stored yet, in the transaction that ends the turn.
  void store_unsaved(storage::Transaction& transaction, Task& task);

  storage::Database& database_;
  Queue& queue_;
  Task task_;
  const UtcTime deadline_;
  Cancel cancel_;
  std::atomic<Interruption> why_{Interruption::none};
  Guarded<Unsaved> unsaved_;
  std::atomic<int> lines_logged_{0};
  boost::json::value result_;          // of a finish that the pool is to write
  std::optional<TaskState> ended_as_;  // the turn's end is written
};

using Handler = std::function<Result<Ending>(TaskContext&)>;

}  // namespace korrigo::jobs
