/// Slow work of this module, as tasks.
#pragma once

#include "jobs/worker.h"
#include "storage/blobs.h"

namespace korrigo::publication {

/// Registers the kinds of final_job.h and export_job.h. What is referred to outlives the pool.
void add_kinds(jobs::Kinds& kinds, jobs::Queue& queue, storage::Blobs& blobs);

}  // namespace korrigo::publication
