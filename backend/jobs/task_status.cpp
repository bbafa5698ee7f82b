#include "jobs/task_status.h"

#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

using boost::json::object;
using storage::Statement;
using storage::Transaction;

constexpr Statement kFind{"task_status.find", "SELECT " KORRIGO_TASK_COLUMNS " FROM task WHERE id = $1"};
constexpr Statement kLog{"task_status.log", "SELECT at, level, text FROM task_log WHERE task_id = $1 ORDER BY id"};
constexpr Statement kCounts{"task_status.counts", R"(
  SELECT kind, state, priority, count(*) FROM task WHERE finished_at IS NULL GROUP BY kind, state, priority
  UNION ALL
  SELECT kind, state, priority, count(*) FROM task
  WHERE finished_at IS NOT NULL AND trimmed IN (0, 1) AND finished_at >= $1 GROUP BY kind, state, priority)"};
constexpr Statement kThroughput{"task_status.throughput", R"(
  SELECT kind, finished_at / $2 * $2, count(CASE WHEN state = 'SUCCESS' THEN 1 END),
         count(CASE WHEN state = 'FAILURE' THEN 1 END),
         CAST(sum(finished_at - coalesce(started_at, finished_at)) AS BIGINT), count(*)
  FROM task
  WHERE finished_at IS NOT NULL AND trimmed IN (0, 1) AND finished_at >= $1
  GROUP BY kind, finished_at / $2 * $2 ORDER BY 2, 1)"};

object status_of(std::string_view id, TaskState state) {
  return {{"task_id", id}, {"status", name_of(state)}, {"ready", is_over(state)}};
}

object progress_json(const Progress& progress) {
  object json{{"current", progress.current}, {"total", progress.total}, {"percent", progress.percent()}};
  if (!progress.stage.empty()) json["stage"] = progress.stage;
  return json;
}

boost::json::value time_json(const std::optional<UtcTime>& time) {
  return time ? boost::json::value(to_iso(*time)) : boost::json::value();
}

template <class Id>
boost::json::value id_json(const std::optional<Id>& id) {
  return id ? boost::json::value(id->text()) : boost::json::value();
}

}  // namespace

object status_json(const Task& task) {
  object json = status_of(task.id.text(), task.state);
  if (task.state == TaskState::success) json["result"] = task.result;
  if (is_over(task.state) && task.error) {
    json["result"] = object{{"error", task.error->message}, {"status", "error"}, {"code", task.error->code}};
  }
  const bool begun = task.progress.total > 0 || !task.progress.stage.empty();
  if (begun && (task.state == TaskState::progress || task.state == TaskState::paused)) {
    json["progress"] = progress_json(task.progress);
  }
  return json;
}

object status_json(Transaction& transaction, std::string_view task_id, const Viewer& viewer) {
  if (const auto id = TaskId::parse(task_id)) {
    if (const auto row = transaction.row(kFind, *id)) {
      const Task task = task_of(*row);
      if (viewer.is_admin || task.created_by == viewer.user) return status_json(task);
    }
  }
  return status_of(task_id, TaskState::pending);
}

object summary_json(const Task& task) {
  object json{{"task_id", task.id.text()},
              {"kind", task.kind},
              {"status", name_of(task.state)},
              {"ready", is_over(task.state)},
              {"priority", name_of(task.priority)},
              {"progress", progress_json(task.progress)},
              {"attempt", task.attempt},
              {"max_attempts", task.max_attempts},
              {"children_total", task.children_total},
              {"children_open", task.children_open},
              {"parent_id", id_json(task.parent_id)},
              {"exam_id", id_json(task.exam_id)},
              {"worker", task.worker ? boost::json::value(*task.worker) : boost::json::value()},
              {"created_by", task.created_by ? boost::json::value(task.created_by->value) : boost::json::value()},
              {"created_at", to_iso(task.created_at)},
              {"run_at", to_iso(task.run_at)},
              {"started_at", time_json(task.started_at)},
              {"finished_at", time_json(task.finished_at)},
              {"cancel_requested", task.cancel_requested},
              {"pause_requested", task.pause_requested}};
  json["error"] = nullptr;
  if (task.error) {
    json["error"] =
        object{{"code", task.error->code}, {"message", task.error->message}, {"detail", task.error->detail}};
  }
  return json;
}

std::vector<LogEntry> log_of(Transaction& transaction, const TaskId& id) {
  std::vector<LogEntry> lines;
  for (const storage::Row& row : transaction.rows(kLog, id))
    lines.push_back({row.get<UtcTime>(0), row.get<std::string>(1), row.get<std::string>(2)});
  return lines;
}

std::vector<TaskCount> count_tasks(Transaction& transaction, UtcTime since) {
  std::vector<TaskCount> counts;
  for (const storage::Row& row : transaction.rows(kCounts, since)) {
    counts.push_back({row.get<std::string>(0), state_named(row.get<std::string>(1)).value(),
                      priority_named(row.get<std::string>(2)).value(), row.get<std::int64_t>(3)});
  }
  return counts;
}

std::vector<Throughput> throughput(Transaction& transaction, UtcTime since, std::chrono::seconds span) {
  std::vector<Throughput> spans;
  for (const storage::Row& row : transaction.rows(kThroughput, since, std::chrono::milliseconds(span).count())) {
    const auto milliseconds = static_cast<double>(row.get<std::int64_t>(4));
    spans.push_back({row.get<std::string>(0), row.get<UtcTime>(1), row.get<std::int64_t>(2), row.get<std::int64_t>(3),
                     milliseconds / 1000 / static_cast<double>(row.get<std::int64_t>(5))});
  }
  return spans;
}

}  // namespace korrigo::jobs
