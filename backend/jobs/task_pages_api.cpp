#include "jobs/task_pages_api.h"

#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;

#define KORRIGO_LISTED_TASKS                                                                            \
  "SELECT CASE WHEN state IN ('FAILURE', 'REVOKED') AND trimmed = 0 AND NOT EXISTS ("                   \
  "SELECT 1 FROM task AS other WHERE other.idempotency_key = task.idempotency_key "                     \
  "AND other.idempotency_key IS NOT NULL AND other.state NOT IN ('FAILURE', 'REVOKED')) THEN 1 ELSE 0 " \
  "END, " KORRIGO_TASK_COLUMNS " FROM task"

constexpr Statement kFind{"task_pages.find", KORRIGO_LISTED_TASKS " WHERE id = $1"};
constexpr Statement kOpen{"task_pages.open", KORRIGO_LISTED_TASKS R"(
  WHERE finished_at IS NULL ORDER BY CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, id DESC LIMIT $1)"};
constexpr Statement kLog{"task_pages.log", R"(
  SELECT at, level, text FROM task_log WHERE task_id = $1 ORDER BY id LIMIT $2 OFFSET $3)"};
constexpr Statement kLogCount{"task_pages.log_count", "SELECT count(*) FROM task_log WHERE task_id = $1"};

ListedTask listed(const storage::Row& row) {
  return {task_of(row, 1), row.get<bool>(0)};
}

/// The conditions of a filter, and a name for each combination: PostgreSQL tells names apart by 63 bytes at most.
struct Conditions {
  std::string name;
  std::string sql = " WHERE 1 = 1";

  void literally(std::string_view condition) { sql += fmt::format(" AND {}", condition); }
  /// The parameter is always passed; when there is nothing to compare with, as null.
  void equal(std::string_view column, int parameter, bool given) {
    name += given ? '1' : '0';
    if (given) literally(fmt::format("{} = ${}", column, parameter));
    if (!given) literally(fmt::format("CAST(${} AS TEXT) IS NULL", parameter));
  }
};

/// States stand in the text literally, since only then do the partial indexes serve them.
void add_states(Conditions& conditions, std::vector<TaskState> states) {
  if (states.empty()) return;
  std::ranges::sort(states);
  states.erase(std::unique(states.begin(), states.end()), states.end());
  std::string names;
  for (const TaskState state : states) {
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name_of(state));
    conditions.name += fmt::format("{}", static_cast<int>(state));
  }
  conditions.literally(states.size() == 1 ? "state = " + names : "state IN (" + names + ")");
  if (std::ranges::all_of(states, is_over)) conditions.literally("finished_at IS NOT NULL");
  if (std::ranges::none_of(states, is_over)) conditions.literally("finished_at IS NULL");
}

Conditions conditions_of(const TaskPageFilter& filter) {
  Conditions conditions;
  add_states(conditions, filter.states);
  conditions.name += '.';
  conditions.equal("parent_id", 1, filter.parent_id.has_value());
  if (!filter.parent_id) conditions.literally("parent_id IS NULL");
  conditions.equal("priority", 2, filter.priority.has_value());
  conditions.equal("kind", 3, filter.kind.has_value());
  conditions.equal("exam_id", 4, filter.exam_id.has_value());
  conditions.name += filter.by_server ? '1' : '0';
  if (!filter.by_server) conditions.literally("(created_by IS NOT NULL OR state = 'FAILURE')");
  return conditions;
}

/// Ids sort by the time they were made.
std::string order_of(const TaskPageCut& cut) {
  const std::string_view way = cut.descending ? "DESC" : "ASC";
  switch (cut.order) {
    case TaskOrder::created_at:
      return fmt::format("id {}", way);
    case TaskOrder::priority:
      return fmt::format(
          "CASE priority WHEN 'CRITICAL' THEN 0 WHEN 'HIGH' THEN 1 WHEN 'MEDIUM' THEN 2 ELSE 3 END {}, id DESC", way);
    case TaskOrder::finished_at:
      return fmt::format("finished_at {} NULLS LAST, id DESC", way);
  }
  return "id";
}

}  // namespace

std::optional<ListedTask> listed_task(Transaction& transaction, const TaskId& id) {
  const auto row = transaction.row(kFind, id);
  if (!row) return std::nullopt;
  return listed(*row);
}

TaskPage task_page(Transaction& transaction, const TaskPageFilter& filter, const TaskPageCut& cut) {
  const Conditions conditions = conditions_of(filter);
  const auto priority = filter.priority ? std::optional(name_of(*filter.priority)) : std::nullopt;
  const std::string count_name = "task_pages.count." + conditions.name;
  const std::string count_sql = "SELECT count(*) FROM task" + conditions.sql;
  const std::string name = fmt::format("task_pages.list.{}.{}{}", conditions.name, static_cast<int>(cut.order),
                                       cut.descending ? "down" : "up");
  const std::string sql = KORRIGO_LISTED_TASKS + conditions.sql + " ORDER BY " + order_of(cut) + " LIMIT $5 OFFSET $6";
  TaskPage page;
  page.count = transaction.row({count_name, count_sql}, filter.parent_id, priority, filter.kind, filter.exam_id)
                   ->get<std::int64_t>(0);
  for (const storage::Row& row :
       transaction.rows({name, sql}, filter.parent_id, priority, filter.kind, filter.exam_id, cut.limit, cut.offset)) {
    page.tasks.push_back(listed(row));
  }
  return page;
}

std::vector<ListedTask> open_tasks(Transaction& transaction, int limit) {
  std::vector<ListedTask> tasks;
  for (const storage::Row& row : transaction.rows(kOpen, limit)) tasks.push_back(listed(row));
  return tasks;
}

LogPage log_page(Transaction& transaction, const TaskId& id, std::int64_t offset, int limit) {
  LogPage page;
  page.count = transaction.row(kLogCount, id)->get<std::int64_t>(0);
  for (const storage::Row& row : transaction.rows(kLog, id, limit, offset)) {
    page.lines.push_back({row.get<UtcTime>(0), row.get<std::string>(1), row.get<std::string>(2)});
  }
  return page;
}

}  // namespace korrigo::jobs
