// PostgreSQL: many claim at once, each skipping the rows that another is about to take; several tasks in one statement.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "jobs/claim.h"
#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

constexpr storage::Statement kClaim{"task.claim", {}, R"(
  WITH best AS MATERIALIZED (
    SELECT candidate.id AS best_id
    FROM json_to_recordset(CAST($1 AS json)) AS room(kind TEXT, places BIGINT)
    CROSS JOIN LATERAL (
      SELECT task.id, task.order_key FROM task
      WHERE task.ready = 1 AND task.kind = room.kind
      ORDER BY task.order_key LIMIT room.places
      FOR NO KEY UPDATE SKIP LOCKED) AS candidate
    ORDER BY candidate.order_key LIMIT $4)
  UPDATE task
  SET ready = 0, state = CASE WHEN progress_total > 0 THEN 'PROGRESS' ELSE 'STARTED' END, worker_id = $2,
      fence = fence + 1, attempt = attempt + 1, started_at = coalesce(started_at, $3)
  FROM best WHERE task.id = best.best_id
  RETURNING )" KORRIGO_TASK_COLUMNS};

}  // namespace

std::vector<Task> claim_postgres(storage::Transaction& transaction, UtcTime now, const std::string& worker,
                                 std::span<const Room> rooms, int at_most) {
  boost::json::array list;
  for (const Room& room : rooms) {
    const int places = std::min(room.places, at_most);
    if (places > 0) list.push_back({{"kind", room.kind}, {"places", places}});
  }
  std::vector<Task> tasks;
  if (list.empty()) return tasks;
  keep_to_indexes(transaction);
  for (const storage::Row& row : transaction.rows(kClaim, boost::json::serialize(list), worker, now, at_most)) {
    tasks.push_back(task_of(row));
  }
  std::sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
    return order_key(a.age_from, a.priority) < order_key(b.age_from, b.priority);
  });
  return tasks;
}

}  // namespace korrigo::jobs
