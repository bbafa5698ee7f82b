/// Tasks whose effects can be counted, for workers that are killed. "count" adds its steps one by one to the table
/// effect, a checkpoint with each; "fan" has children that count, then adds one itself.
#pragma once

#include <thread>

#include "jobs/worker.h"

namespace korrigo::jobs {

inline constexpr int kSteps = 4;
inline constexpr int kFan = 3;
inline constexpr storage::Statement kCreateEffects{"effect.create",
                                                   "CREATE TABLE effect (task_id TEXT NOT NULL, step BIGINT NOT NULL)"};
inline constexpr storage::Statement kAddEffect{"effect.insert", "INSERT INTO effect (task_id, step) VALUES ($1, $2)"};

inline Result<Ending> count(TaskContext& context) {
  const auto done = context.task().checkpoint.is_null() ? 0 : context.task().checkpoint.as_int64();
  for (std::int64_t step = done; step < kSteps; ++step) {
    context.safe_point();
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    context.progress(step, kSteps, "counting");
    context.checkpoint(
        step + 1, [&](storage::Transaction& transaction) { transaction.execute(kAddEffect, context.task().id, step); });
  }
  return context.finish([&](storage::Transaction& transaction) -> Result<boost::json::value> {
    transaction.execute(kAddEffect, context.task().id, kSteps);
    return boost::json::value(kSteps);
  });
}

inline Result<Ending> fan(TaskContext& context) {
  if (context.task().phase == 0) {
    NewTask child{.kind = "count"};
    child.max_attempts = 1000;
    return context.wait_for(std::vector<NewTask>(kFan, child), "counting");
  }
  const auto children = static_cast<std::int64_t>(context.children().size());
  return context.finish([&](storage::Transaction& transaction) -> Result<boost::json::value> {
    transaction.execute(kAddEffect, context.task().id, 0);
    return boost::json::value(children);
  });
}

inline void add_counting_kinds(Kinds& kinds) {
  kinds.add("count", count);
  kinds.add("fan", fan);
}

inline WorkerOptions counting_options() {
  WorkerOptions options;
  options.threads = 4;
  options.lease = std::chrono::milliseconds(600);
  options.heartbeat = std::chrono::milliseconds(100);
  options.poll = std::chrono::milliseconds(50);
  options.progress = std::chrono::milliseconds(20);
  return options;
}

}  // namespace korrigo::jobs
