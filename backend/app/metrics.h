/// The service's figures for Prometheus, under the names of the reference where it has any.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "http/server.h"
#include "jobs/task_status.h"
#include "jobs/worker.h"

namespace korrigo::app {

/// What is read at the moment of asking.
struct Gauges {
  int database_connections = 0;
  bool database_up = true;
  std::size_t http_connections = 0;
  std::size_t websockets = 0;
  std::size_t waiting_requests = 0;
  int workers = 0;  // threads
  int busy_workers = 0;
  std::vector<jobs::TaskCount> tasks = {};  // of those that are over nothing is shown
};

/// Counts what this process does, from its start. Any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void count(const http::RequestRecord& record);
  /// Whole tasks when they are over, and each turn. `now` on the clock of the tasks' times.
  void count(const jobs::TurnEnd& end, UtcTime now);
  /// The text exposition format, version 0.0.4.
  std::string text(const Gauges& gauges);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace korrigo::app
