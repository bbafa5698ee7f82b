/// The threads that do the tasks of a process.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "jobs/context.h"
#include "jobs/queue.h"

namespace korrigo::jobs {

/// Which handler does which kind. Filled by the composition root before a pool starts.
class Kinds {
 public:
  /// `at_once`: the most turns of this kind running in one pool; 0: as many as there are threads.
  void add(std::string kind, Handler handler, int at_once = 0);

  struct Entry {
    Handler handler;
    int at_once = 0;
  };
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

/// How a turn ended, for metrics and logs.
struct TurnEnd {
  const Task& task;
  TaskState state;  // RETRY: will be tried again; PENDING: given back; PROGRESS: waits for children
  std::chrono::milliseconds took{0};
  std::string detail;  // of an error
};

struct WorkerOptions {
  int threads = 2;
  std::string name = "worker";              // shown on the task page: host and process
  std::chrono::milliseconds lease{10'000};  // a worker silent for this long has lost its tasks
  std::chrono::milliseconds heartbeat{3'000};
  std::chrono::milliseconds poll{1000};                  // safety net, beside being woken
  std::chrono::milliseconds progress{500};               // how often progress is stored
  std::chrono::milliseconds first_retry{60'000};         // then three times as long each time, +-25 %
  std::function<void(const TurnEnd&)> turn_ended = {};   // after its commit, on a thread of the pool
  std::function<void(const std::string&)> trouble = {};  // the queue itself could not do something; it goes on
};

/// Claims tasks of the given kinds and does them. Threads of its own; never throws out of them. While the database is
/// away it waits and goes on. On PostgreSQL several tasks are claimed at once.
class WorkerPool {
 public:
  WorkerPool(storage::Database& database, Queue& queue, const Kinds& kinds, WorkerOptions options);
  /// stop()
  ~WorkerPool();

  void start();
  /// Claims nothing more, tells every handler at its next safe point to give its task back, and returns when all have.
  void stop();

  struct Figures {
    int threads = 0;
    int busy = 0;
  };
  Figures figures() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace korrigo::jobs
