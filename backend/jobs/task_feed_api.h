/// What the WebSockets of tasks hear: one task with its state, or every task that changes.
#pragma once

#include <memory>
#include <vector>

#include "events/bus.h"
#include "http/websocket.h"
#include "storage/database.h"

namespace korrigo::jobs {

/// Listens to the bus for "task/...", reads the rows again on a thread of its own (several events of one task in half a
/// second are one message; the end of a task comes at once), and publishes them:
///   hub topic "task/<id>"  {"type": "task", "task": TaskStatus}; closed with 1000 after the state that is ready
///   hub topic "tasks"      {"type": "task", "task": Task}
/// Rows that nobody listens to are not read. While the database is away nothing is sent; afterwards every task that is
/// listened to is. All arguments outlive the feed, and the server that uses sockets() ends before it.
class TaskFeed {
 public:
  TaskFeed(storage::Database& database, events::Bus& bus, http::Hub& hub);
  ~TaskFeed();
  TaskFeed(const TaskFeed&) = delete;
  TaskFeed& operator=(const TaskFeed&) = delete;

  /// /ws/tasks/{task_id}/ for whoever started the task and for admins; /ws/tasks/ for admins. The latter begins with at
  /// most kMostAtFirst tasks that are not over, parents first.
  std::vector<http::SocketRoute> sockets();
  static constexpr int kMostAtFirst = 500;  // half of what an Outbox holds

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace korrigo::jobs
