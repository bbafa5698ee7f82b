/// Tasks that come by themselves.
#pragma once

#include "jobs/queue.h"

namespace korrigo::jobs {

/// Enqueues what is due of Queue::schedule's entries; in each interval one caller in the cluster does.
void enqueue_due_schedules(storage::Transaction& transaction, Queue& queue);

}  // namespace korrigo::jobs
