/// Workers and what they hold. A worker is a row with a heartbeat; a task is held while it names a worker. A claim
/// raises the task's fence, so a holder is known by (id, fence) and a worker that was taken for dead writes nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/queue.h"
#include "storage/database.h"

namespace korrigo::jobs {

/// Adds a worker; the id begins with `name`.
std::string register_worker(storage::Transaction& transaction, UtcTime now, std::string_view name);
/// False: the worker was taken for dead and holds nothing any more; it must register anew.
bool heartbeat(storage::Transaction& transaction, UtcTime now, const std::string& worker);
/// Takes the worker off the list, unless it still holds tasks.
void unregister_worker(storage::Transaction& transaction, const std::string& worker);

struct Room {
  std::string kind;
  int places = 1;
};
/// Up to `at_most` tasks that are ready, best first, of each kind no more than it has places. Throws
/// DatabaseError(foreign_key) when the worker is not registered.
std::vector<Task> claim(storage::Transaction& transaction, UtcTime now, const std::string& worker,
                        std::span<const Room> rooms, int at_most);

/// Takes the tasks of workers not seen since `seen_before` from them: they go on elsewhere, or fail when that was their
/// last attempt. Returns the workers' ids.
std::vector<std::string> release_dead_workers(storage::Transaction& transaction, Queue& queue, UtcTime now,
                                              UtcTime seen_before);
/// Makes tasks ready whose time has come; returns their kinds.
std::vector<std::string> release_due_tasks(storage::Transaction& transaction, UtcTime now);
/// Whether one of these two, or a schedule, has something to do. Reads only.
bool something_due(storage::Transaction& transaction, UtcTime now, UtcTime seen_before);

// The two engines' ways, behind claim().
std::vector<Task> claim_sqlite(storage::Transaction& transaction, UtcTime now, const std::string& worker,
                               std::span<const Room> rooms, int at_most);
std::vector<Task> claim_postgres(storage::Transaction& transaction, UtcTime now, const std::string& worker,
                                 std::span<const Room> rooms, int at_most);

}  // namespace korrigo::jobs
