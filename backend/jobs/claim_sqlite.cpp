// SQLite has one writer, so nothing can be taken twice, but no LATERAL: the best task of each kind is looked up in the
// index, the best of these is taken, and so on within the one transaction.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "jobs/claim.h"
#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

constexpr storage::Statement kClaim{"task.claim_one", R"(
  UPDATE task
  SET ready = 0, state = CASE WHEN progress_total > 0 THEN 'PROGRESS' ELSE 'STARTED' END, worker_id = $2,
      fence = fence + 1, attempt = attempt + 1, started_at = coalesce(started_at, $3)
  WHERE id = (
    SELECT task.id
    FROM json_each($1) AS kinds
    JOIN task ON task.id = (SELECT best.id FROM task AS best
                            WHERE best.ready = 1 AND best.kind = kinds.value ORDER BY best.order_key LIMIT 1)
    ORDER BY task.order_key LIMIT 1)
  RETURNING )" KORRIGO_TASK_COLUMNS};

std::string kinds_with_room(const std::vector<Room>& rooms) {
  boost::json::array kinds;
  for (const Room& room : rooms)
    if (room.places > 0) kinds.emplace_back(room.kind);
  return kinds.empty() ? std::string() : boost::json::serialize(kinds);
}

}  // namespace

std::vector<Task> claim_sqlite(storage::Transaction& transaction, UtcTime now, const std::string& worker,
                               std::span<const Room> rooms, int at_most) {
  std::vector<Room> left(rooms.begin(), rooms.end());
  std::string kinds = kinds_with_room(left);
  std::vector<Task> tasks;
  while (static_cast<int>(tasks.size()) < at_most && !kinds.empty()) {
    const auto row = transaction.row(kClaim, kinds, worker, now);
    if (!row) break;
    tasks.push_back(task_of(*row));
    const auto room =
        std::find_if(left.begin(), left.end(), [&](const Room& r) { return r.kind == tasks.back().kind; });
    if (--room->places == 0) kinds = kinds_with_room(left);
  }
  return tasks;
}

}  // namespace korrigo::jobs
