/// What the tests of the queue share: a database with a clock that they move, and waiting for what pools do.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "jobs/claim.h"
#include "jobs/queue.h"
#include "jobs/task_status.h"
#include "jobs/turn_ends.h"
#include "jobs/worker.h"
#include "support/databases.h"

namespace korrigo::jobs {

using storage::Transaction;

/// Waits until `condition` holds; fails the test when it does not within 30 s.
template <class Condition>
void await(Condition&& condition, const char* what) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) FAIL() << "never came: " << what;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

class QueueTest : public test::AnyDatabase {
 protected:
  QueueTest() { database(); }
  template <class Work>
  auto write(Work&& work) {
    return database().write(std::forward<Work>(work));
  }
  TaskId enqueue(const NewTask& task) {
    return write([&](Transaction& t) { return queue.enqueue(t, task); });
  }
  TaskId enqueue(std::string kind, Priority priority = Priority::medium) {
    NewTask task{.kind = std::move(kind)};
    task.priority = priority;
    return enqueue(task);
  }
  Task task(const TaskId& id) {
    return database().read([&](Transaction& t) { return queue.find(t, id).value(); });
  }
  TaskState state(const TaskId& id) { return task(id).state; }
  std::string worker(std::string_view name = "w") {
    return write([&](Transaction& t) { return register_worker(t, clock.now(), name); });
  }
  std::vector<Task> claim_some(const std::string& by, int at_most, const std::vector<std::string>& kinds = {"a"}) {
    std::vector<Room> rooms;
    for (const std::string& kind : kinds) rooms.push_back({kind, at_most});
    return database().write_contended([&](Transaction& t) { return claim(t, clock.now(), by, rooms, at_most); });
  }
  Task claim_one(const std::string& by, const std::vector<std::string>& kinds = {"a"}) {
    auto tasks = claim_some(by, 1, kinds);
    if (tasks.empty()) throw std::runtime_error("nothing to claim");
    return std::move(tasks.front());
  }
  bool succeed(Task task, boost::json::value result = nullptr) {
    return write([&](Transaction& t) {
      Task copy = task;
      return end_task(t, clock.now(), copy, TaskState::success, result, std::nullopt);
    });
  }
  void await_state(const TaskId& id, TaskState wanted) {
    await([&] { return state(id) == wanted; }, std::string(name_of(wanted)).c_str());
  }

  ManualClock clock{UtcTime(std::chrono::hours(24 * 365 * 50))};
  Queue queue{clock};
};

/// Options of pools that tests do not wait for.
inline WorkerOptions quick(int threads = 2) {
  WorkerOptions options;
  options.threads = threads;
  options.poll = std::chrono::milliseconds(20);
  options.progress = std::chrono::milliseconds(10);
  return options;
}

}  // namespace korrigo::jobs
