/// What is told about a task on the topic "task/<id>": when it is made (children are not announced), as it goes on, and
/// how it ended.
///   {"type": "progress", "task_id", "kind", "status", "stage", "current", "total", "percent", "exam_id"?,
///   "parent_id"?}
///   {"type": "finished", the same, "ready": true, "result" or "error": {"code", "message"}}
/// A result too large for an event is left out and "result_omitted" is true: GET the status.
#pragma once

#include <string>

#include "jobs/task.h"
#include "storage/database.h"

namespace korrigo::jobs {

std::string topic_of(const TaskId& id);  // "task/<id>"

/// When the transaction commits: how far `task` is, or, when it is over, how it ended.
void tell(storage::Transaction& transaction, const Task& task);

}  // namespace korrigo::jobs
