/// What is dropped of tasks that are over.
#pragma once

#include "jobs/queue.h"
#include "jobs/worker.h"

namespace korrigo::jobs {

struct Retention {
  std::chrono::hours results{24};       // then payload, result, checkpoint and log of tasks that did not fail go
  std::chrono::hours history{24 * 90};  // then the row goes, a failed one's too
};

/// Drops what is over its time, in short transactions. Returns how many tasks were touched.
std::int64_t forget_old_tasks(storage::Database& database, const Clock& clock, const Retention& retention);

/// Registers the kind "cleanup_finished_tasks" and has it come every hour.
void keep_forgetting(Kinds& kinds, Queue& queue, storage::Database& database, const Retention& retention);

}  // namespace korrigo::jobs
