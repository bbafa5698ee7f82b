#include "jobs/claim.h"

#include <set>

#include "jobs/task_rows.h"
#include "jobs/turn_ends.h"

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kRegister{"worker.insert",
                              "INSERT INTO worker (id, name, started_at, seen_at) VALUES ($1, $2, $3, $3)"};
constexpr Statement kHeartbeat{"worker.heartbeat", "UPDATE worker SET seen_at = $2 WHERE id = $1"};
constexpr Statement kUnregister{
    "worker.unregister", "DELETE FROM worker WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM task WHERE worker_id = $1)"};
constexpr Statement kDelete{"worker.delete", "DELETE FROM worker WHERE id = $1"};
constexpr Statement kSilent{"worker.silent", "SELECT id FROM worker WHERE seen_at < $1",
                            // Skips a worker that claims at this moment, and one that another is already burying.
                            "SELECT id FROM worker WHERE seen_at < $1 FOR UPDATE SKIP LOCKED"};
constexpr Statement kHeldBy{"task.held_by", "SELECT " KORRIGO_TASK_COLUMNS " FROM task WHERE worker_id = $1"};
constexpr Statement kReleaseDue{"task.release_due", R"(
  UPDATE task SET ready = 1 WHERE ready = 0 AND state IN ('PENDING', 'RETRY') AND run_at <= $1 RETURNING kind)"};
constexpr Statement kSomethingDue{"task.something_due", R"(
  SELECT CASE WHEN EXISTS (SELECT 1 FROM worker WHERE seen_at < $2)
                OR EXISTS (SELECT 1 FROM task WHERE ready = 0 AND state IN ('PENDING', 'RETRY') AND run_at <= $1)
                OR EXISTS (SELECT 1 FROM task_schedule WHERE next_at <= $1)
         THEN 1 ELSE 0 END)"};

}  // namespace

std::string register_worker(Transaction& transaction, UtcTime now, std::string_view name) {
  std::string id = fmt::format("{}-{}", name, random_hex(6));
  transaction.execute(kRegister, id, name, now);
  return id;
}

bool heartbeat(Transaction& transaction, UtcTime now, const std::string& worker) {
  return transaction.execute(kHeartbeat, worker, now) == 1;
}

void unregister_worker(Transaction& transaction, const std::string& worker) {
  transaction.execute(kUnregister, worker);
}

std::vector<Task> claim(Transaction& transaction, UtcTime now, const std::string& worker, std::span<const Room> rooms,
                        int at_most) {
  return transaction.engine() == storage::Engine::postgres ? claim_postgres(transaction, now, worker, rooms, at_most)
                                                           : claim_sqlite(transaction, now, worker, rooms, at_most);
}

std::vector<std::string> release_dead_workers(Transaction& transaction, Queue& queue, UtcTime now,
                                              UtcTime seen_before) {
  std::vector<std::string> dead;
  for (const storage::Row& row : transaction.rows(kSilent, seen_before)) dead.push_back(row.get<std::string>(0));
  for (const std::string& worker : dead) {
    for (const storage::Row& row : transaction.rows(kHeldBy, worker)) {
      Task task = task_of(row);
      if (take_from_dead(transaction, now, task) && is_over(task.state)) queue.tell_owner(transaction, task);
    }
    transaction.execute(kDelete, worker);
  }
  return dead;
}

std::vector<std::string> release_due_tasks(Transaction& transaction, UtcTime now) {
  std::set<std::string> kinds;
  for (const storage::Row& row : transaction.rows(kReleaseDue, now)) kinds.insert(row.get<std::string>(0));
  for (const std::string& kind : kinds) wake(transaction, kind);
  return {kinds.begin(), kinds.end()};
}

bool something_due(Transaction& transaction, UtcTime now, UtcTime seen_before) {
  return transaction.row(kSomethingDue, now, seen_before)->get<bool>(0);
}

}  // namespace korrigo::jobs
