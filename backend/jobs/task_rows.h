/// Rows of the table task, as the statements of this module read them.
#pragma once

#include <boost/json/value.hpp>

#include "jobs/task.h"
#include "storage/database.h"

/// The columns task_of() takes, for statements that are literals.
#define KORRIGO_TASK_COLUMNS                                                                                    \
  "id, kind, state, priority, payload, checkpoint, result, error_code, error_message, error_detail, "           \
  "progress_current, progress_total, stage, attempt, max_attempts, phase, fence, time_limit_s, parent_id, "     \
  "parent_phase, age_from, children_total, children_open, exam_id, created_by, worker_id, created_at, run_at, " \
  "started_at, finished_at, cancel_requested, pause_requested"

namespace korrigo::jobs {

/// `first` is the column where they begin.
Task task_of(const storage::Row& row, std::size_t first = 0);

#define KORRIGO_CHILD_COLUMNS "id, kind, state, payload, result, error_code, error_message, error_detail"
ChildEnd child_end_of(const storage::Row& row);

/// JSON text for a column or an event. Throws std::invalid_argument when a string in it is not UTF-8: not every engine
/// would refuse it, and nobody could read it again.
std::string json_text(const boost::json::value& value);
/// The same; null becomes SQL's null.
storage::Value column_of(const boost::json::value& value);

/// Text from anywhere as both engines take it: zero bytes and what is not UTF-8 become '?'.
std::string storable(std::string text);

/// Order of waiting tasks, in microseconds so that the children of one parent keep their order.
inline std::int64_t order_key(std::int64_t age_from, Priority priority) {
  return age_from + std::chrono::microseconds(handicap(priority)).count();
}

/// For the rest of a transaction on PostgreSQL, statements are planned to look rows up one by one. Plans are kept, and
/// one that was made while the table was small would read all of it, until the next ANALYZE, after it has grown.
void keep_to_indexes(storage::Transaction& transaction);

/// Wakes idle pools that do `kind`, when the transaction commits.
inline constexpr std::string_view kWakeChannel = "korrigo_jobs_wake";
void wake(storage::Transaction& transaction, std::string_view kind);
/// Makes pools look for requests to cancel and pause, when the transaction commits.
inline constexpr std::string_view kControlChannel = "korrigo_jobs_control";

}  // namespace korrigo::jobs
