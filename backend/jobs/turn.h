/// One claimed task in a pool, from its claim to its end.
#pragma once

#include <memory>

#include "jobs/context.h"
#include "jobs/worker.h"

namespace korrigo::jobs {

/// How a handler left its turn, still to be written.
struct HandlerEnd {
  enum class Kind { success, failure, retry, give_back } kind = Kind::success;
  TaskError error = {};
};

/// Run by one thread, watched by another: interrupt(), and what is shown of it.
class Turn {
 public:
  Turn(storage::Database& database, Queue& queue, Task task);

  /// What does not change: id, kind, attempt, fence, parent, exam, times of creation and of the first turn.
  const Task& shown() const { return shown_; }
  UtcTime deadline() const { return context_.deadline_; }
  void interrupt(Interruption why) { context_.interrupt(why); }
  /// Inside the handler.
  bool running() const { return running_; }

  /// Calls the handler and sorts what comes of it. Nothing when the end is already written, or when the task was lost.
  std::optional<HandlerEnd> run(const Handler& handler);
  /// Read after run() returned nothing; nothing when the task was lost.
  std::optional<TaskState> ended_as() const { return context_.ended_as_; }

  /// What is to be stored and told now: progress and log lines since the last time, or that the task has started.
  /// Nothing when there is nothing.
  std::optional<Unsaved> take_unsaved();
  void put_back(Unsaved unsaved);
  void store(storage::Transaction& transaction, UtcTime now, const Unsaved& unsaved);

  // The writes of HandlerEnd; run again when their transaction is. Return the state the task is then in.
  TaskState write_end(storage::Transaction& transaction, const HandlerEnd& end, std::chrono::milliseconds first_retry);
  void write_unsaved(storage::Transaction& transaction) { context_.store_unsaved(transaction, context_.task_); }
  Task& task() { return context_.task_; }
  const boost::json::value& result() const { return context_.result_; }

 private:
  bool put_end(storage::Transaction& transaction, Task& task, const HandlerEnd& end,
               std::chrono::milliseconds first_retry);
  std::optional<HandlerEnd> sorted(const Result<Ending>& outcome) const;
  std::optional<HandlerEnd> after_interruption(Interruption why) const;

  TaskContext context_;
  const Task shown_;
  std::atomic<bool> running_{false};
  // The watcher's own:
  Task told_;
  bool announced_ = false;
};

/// Whether trying again may help: too_busy and limited, a database or a system that was not up to it.
bool is_passing(ErrorKind kind);
/// first, 3 x first, 9 x first ... +-25 %, spread by the task's id.
std::chrono::milliseconds retry_delay(const Task& task, std::chrono::milliseconds first);

}  // namespace korrigo::jobs
