/// What the outside sees of tasks: the reference's status answer, lists, log lines, counts.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "jobs/task.h"
#include "storage/database.h"

namespace korrigo::jobs {

/// The answer of GET /api/tasks/{id}/status/: {"task_id", "status", "ready"} with "result" when ready and "progress"
/// while there is some. PENDING for an id that is unknown, malformed, or of a task that `viewer` did not start.
struct Viewer {
  UserId user;
  bool is_admin = false;
};
boost::json::object status_json(storage::Transaction& transaction, std::string_view task_id, const Viewer& viewer);
/// The same of a task already read and allowed.
boost::json::object status_json(const Task& task);

/// A task for lists and the task page; no payload, no result.
boost::json::object summary_json(const Task& task);

enum class TaskGroup { all, waiting, running, paused, failed, over };

struct TaskFilter {
  TaskGroup group = TaskGroup::all;
  std::optional<TaskState> state = {};
  std::optional<Priority> priority = {};
  std::optional<std::string> kind = {};
  std::optional<ExamId> exam_id = {};
  std::optional<UserId> created_by = {};
  std::optional<TaskId> parent_id = {};  // its children
  bool children_too = false;             // without parent_id: tasks that have a parent are listed as well
  std::optional<UtcTime> since = {};     // created
  std::optional<UtcTime> until = {};
  std::optional<TaskId> before = {};  // the last id of the page before: lists are newest first
  int limit = 50;
};
std::vector<Task> list_tasks(storage::Transaction& transaction, const TaskFilter& filter);

struct LogEntry {
  UtcTime at;
  std::string level;  // "info", "warning", "error"
  std::string text;
};
std::vector<LogEntry> log_of(storage::Transaction& transaction, const TaskId& id);

/// Tasks not over, and those over since `since`.
struct TaskCount {
  std::string kind;
  TaskState state = TaskState::pending;
  Priority priority = Priority::medium;
  std::int64_t count = 0;
};
std::vector<TaskCount> count_tasks(storage::Transaction& transaction, UtcTime since);

/// Tasks over, by kind and span of time, for plots.
struct Throughput {
  std::string kind;
  UtcTime from;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  double mean_seconds = 0;  // from first turn to end
};
std::vector<Throughput> throughput(storage::Transaction& transaction, UtcTime since, std::chrono::seconds span);

}  // namespace korrigo::jobs
