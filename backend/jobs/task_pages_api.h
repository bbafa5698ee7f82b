/// Tasks as the routes list them: by page and in several orders, which the keyset lists of task_status.h do not have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/task.h"
#include "storage/database.h"

namespace korrigo::jobs {

/// A task and what its row alone does not say.
struct ListedTask {
  Task task;
  /// Over without success, with all that Queue::retry needs still there and no successor under its idempotency key.
  bool can_be_retried = false;
};

std::optional<ListedTask> listed_task(storage::Transaction& transaction, const TaskId& id);

enum class TaskOrder { created_at, priority, finished_at };

/// What is not set does not matter. Without `parent_id`, children are left out.
struct TaskPageFilter {
  std::vector<TaskState> states = {};
  std::optional<std::string> kind = {};
  std::optional<Priority> priority = {};
  std::optional<ExamId> exam_id = {};
  std::optional<TaskId> parent_id = {};
  bool by_server = true;  // false: without what the server started itself, unless it failed
};

struct TaskPageCut {
  TaskOrder order = TaskOrder::created_at;
  bool descending = true;  // of priority: LOW first
  std::int64_t offset = 0;
  int limit = 50;
};

struct TaskPage {
  std::vector<ListedTask> tasks;
  std::int64_t count = 0;  // over all pages
};
/// Tasks that have not finished come last in the order of finished_at, either way.
TaskPage task_page(storage::Transaction& transaction, const TaskPageFilter& filter, const TaskPageCut& cut);

/// Those not over, parents before children, newest first; at most `limit`.
std::vector<ListedTask> open_tasks(storage::Transaction& transaction, int limit);

struct LogPage {
  struct Line {
    UtcTime at;
    std::string level;
    std::string text;
  };
  std::vector<Line> lines;  // in the order they were written
  std::int64_t count = 0;
};
LogPage log_page(storage::Transaction& transaction, const TaskId& id, std::int64_t offset, int limit);

}  // namespace korrigo::jobs
