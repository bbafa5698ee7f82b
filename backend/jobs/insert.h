/// New rows of the table task.
#pragma once

#include <span>

#include "jobs/task.h"
#include "storage/database.h"

namespace korrigo::jobs {

/// Adds the children that `parent`, whose phase is already the one that waits, will go on after.
void insert_children(storage::Transaction& transaction, UtcTime now, const Task& parent,
                     std::span<const NewTask> children);

}  // namespace korrigo::jobs
