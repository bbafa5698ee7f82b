/// How a turn can end in the database. Each write is refused unless the task is still held with the fence of its claim.
#pragma once

#include <span>

#include "jobs/task.h"
#include "storage/database.h"

namespace korrigo::jobs {

struct Held {
  bool cancel_requested = false;
  bool pause_requested = false;
};
/// What is asked of a task that is still held, locked until the transaction ends; nothing when it was lost.
std::optional<Held> hold(storage::Transaction& transaction, const Task& task);

/// False when the task was lost. The task that is passed is changed to what the row now says.
bool store_checkpoint(storage::Transaction& transaction, Task& task, const boost::json::value& state);
/// Without telling: the caller does.
bool store_progress(storage::Transaction& transaction, UtcTime now, Task& task, const Progress& progress);

/// SUCCESS (`error` empty), FAILURE or REVOKED; tells, and lets a waiting parent go on.
bool end_task(storage::Transaction& transaction, UtcTime now, Task& task, TaskState state, boost::json::value result,
              std::optional<TaskError> error);
/// SUCCESS of several; returns for each whether it was still held.
std::vector<bool> end_tasks(storage::Transaction& transaction, UtcTime now, std::span<Task* const> tasks,
                            std::span<const boost::json::value> results);

// Other ends; a request to cancel or pause that came meanwhile is followed instead.
bool retry_later(storage::Transaction& transaction, UtcTime now, Task& task, UtcTime run_at, const TaskError& error);
/// To the front of the queue again, without having cost an attempt.
bool give_back(storage::Transaction& transaction, UtcTime now, Task& task);
/// The worker died: what is left of the attempts decides.
bool take_from_dead(storage::Transaction& transaction, UtcTime now, Task& task);
/// The next phase begins when `children` tasks, to be inserted by the caller, are over. The caller has called hold().
void begin_waiting(storage::Transaction& transaction, UtcTime now, Task& task, std::int64_t children,
                   std::string_view stage, const boost::json::value& checkpoint);

/// A child of a waiting parent is over.
void child_ended(storage::Transaction& transaction, UtcTime now, const Task& child);

struct LogLine {
  UtcTime at;
  std::string level;  // "info", "warning", "error"
  std::string text;
};
void store_log(storage::Transaction& transaction, const TaskId& id, std::span<const LogLine> lines);

/// What a handler said and nobody has stored yet.
struct Unsaved {
  std::optional<Progress> progress;
  std::vector<LogLine> lines;
};

}  // namespace korrigo::jobs
