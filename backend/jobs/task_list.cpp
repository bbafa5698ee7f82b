// Lists of tasks, newest first: ids sort by time, so the page after one is what sorts before its last id.
#include "jobs/task_rows.h"
#include "jobs/task_status.h"

namespace korrigo::jobs {
namespace {

/// A statement made of what a filter asks for. Groups and states stand in it literally, since only then do the partial
/// indexes serve them; each combination has a name of its own.
class ListStatement {
 public:
  void literally(std::string_view part, std::string_view condition) {
    name_ += fmt::format(".{}", part);
    sql_ += fmt::format(" AND {}", condition);
  }
  /// The parameter is always passed; when there is nothing to compare with, as null.
  void where(std::string_view compared, int parameter, bool given) {
    if (given) literally(compared, fmt::format("{} ${}", compared, parameter));
    if (!given) sql_ += fmt::format(" AND CAST(${} AS TEXT) IS NULL", parameter);
  }
  storage::Statement newest() {
    sql_ += " ORDER BY id DESC LIMIT $9";
    return {name_, sql_};
  }

 private:
  std::string name_ = "task_list";
  std::string sql_ = "SELECT " KORRIGO_TASK_COLUMNS " FROM task WHERE 1 = 1";
};

std::string_view condition_of(TaskGroup group) {
  switch (group) {
    case TaskGroup::all:
      return "1 = 1";
    case TaskGroup::waiting:
      return "state IN ('PENDING', 'RETRY') AND finished_at IS NULL";
    case TaskGroup::running:
      return "state IN ('STARTED', 'PROGRESS') AND finished_at IS NULL";
    case TaskGroup::paused:
      return "state = 'PAUSED' AND finished_at IS NULL";
    case TaskGroup::failed:
      return "state = 'FAILURE'";
    case TaskGroup::over:
      return "finished_at IS NOT NULL";
  }
  return "1 = 0";
}

}  // namespace

std::vector<Task> list_tasks(storage::Transaction& transaction, const TaskFilter& filter) {
  ListStatement list;
  list.literally(fmt::format("{}", static_cast<int>(filter.group)), condition_of(filter.group));
  if (filter.state) {
    const std::string_view open = is_over(*filter.state) ? "NOT NULL" : "NULL";
    list.literally(name_of(*filter.state),
                   fmt::format("state = '{}' AND finished_at IS {}", name_of(*filter.state), open));
  }
  if (!filter.parent_id && !filter.children_too) list.literally("roots", "parent_id IS NULL");
  list.where("parent_id =", 1, filter.parent_id.has_value());
  list.where("priority =", 2, filter.priority.has_value());
  list.where("kind =", 3, filter.kind.has_value());
  list.where("exam_id =", 4, filter.exam_id.has_value());
  list.where("created_by =", 5, filter.created_by.has_value());
  list.where("created_at >=", 6, filter.since.has_value());
  list.where("created_at <", 7, filter.until.has_value());
  list.where("id <", 8, filter.before.has_value());
  const auto priority = filter.priority ? std::optional(name_of(*filter.priority)) : std::nullopt;
  std::vector<Task> tasks;
  for (const storage::Row& row :
       transaction.rows(list.newest(), filter.parent_id, priority, filter.kind, filter.exam_id, filter.created_by,
                        filter.since, filter.until, filter.before, std::clamp(filter.limit, 1, 500))) {
    tasks.push_back(task_of(row));
  }
  return tasks;
}

}  // namespace korrigo::jobs
