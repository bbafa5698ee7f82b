/// What nobody asks for and has to be done all the same: periodic tasks that tidy up.
#pragma once

#include "exams/uploads.h"
#include "jobs/queue.h"
#include "jobs/worker.h"
#include "storage/blobs.h"

namespace korrigo::app {

/// Registers and schedules
///   cleanup_old_files       every hour: uploads nobody came back for, temporary files of killed processes, sessions
///   and
///                           failed log-ins that are over
///   cleanup_orphaned_files  every day: files that no row refers to; rows whose file is gone are named in the task's
///   log
/// What the arguments refer to outlives the pool.
void keep_tidy(jobs::Kinds& kinds, jobs::Queue& queue, storage::Database& database, storage::Blobs& blobs,
               exams::Uploads& uploads);

}  // namespace korrigo::app
