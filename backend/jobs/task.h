/// A task: slow work that outlives the request that asked for it.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace korrigo::jobs {

/// As stored and sent. PENDING, RETRY: waiting. STARTED, PROGRESS: in a worker's hands or waiting for children.
/// PAUSED: until somebody resumes it. SUCCESS, FAILURE, REVOKED (cancelled): over.
enum class TaskState { pending, started, progress, retry, paused, success, failure, revoked };
std::string_view name_of(TaskState state);  // "PENDING"
std::optional<TaskState> state_named(std::string_view name);
inline bool is_over(TaskState state) {
  return state == TaskState::success || state == TaskState::failure || state == TaskState::revoked;
}

enum class Priority { critical, high, medium, low };
std::string_view name_of(Priority priority);  // "CRITICAL"
std::optional<Priority> priority_named(std::string_view name);

/// How long a task of this priority lets CRITICAL ones that came later go first. Waiting tasks are taken in the order
/// of (time of enqueueing + handicap), so that each gains on later ones by merely waiting and none starves.
std::chrono::minutes handicap(Priority priority);

/// What a caller asks for.
struct NewTask {
  std::string kind;                          // which handler: "process_pdf_batch"
  boost::json::object payload = {};          // what the handler needs; small: files are named, not held
  std::optional<Priority> priority = {};     // default: its parent's, else MEDIUM
  int max_attempts = 3;                      // tries in all; those given back unfinished are not counted
  std::chrono::seconds time_limit{30 * 60};  // of one turn (see TaskContext)
  std::optional<UtcTime> run_at = {};        // not before
  std::optional<ExamId> exam_id = {};        // default: its parent's
  std::optional<UserId> created_by = {};     // default: its parent's
  std::string idempotency_key = {};          // see Queue::enqueue; "": none
};

struct TaskError {
  std::string code;     // "pdf.encrypted", "task.worker_lost"
  std::string message;  // one sentence for the user
  std::string detail;   // for admins and the log
};

struct Progress {
  std::int64_t current = 0;
  std::int64_t total = 0;  // 0: not known
  std::string stage;       // short and stable, translated by the front end: "sides"
  int percent() const { return total <= 0 ? 0 : static_cast<int>(100 * std::min(current, total) / total); }
};

/// A row of the queue as it was when it was read.
struct Task {
  TaskId id;
  std::string kind;
  TaskState state = TaskState::pending;
  Priority priority = Priority::medium;
  boost::json::object payload;
  boost::json::value checkpoint;  // null: none
  boost::json::value result;      // null: none, or dropped by retention
  std::optional<TaskError> error;
  Progress progress;
  int attempt = 0;  // 1 in the first try
  int max_attempts = 3;
  int phase = 0;  // how often it has waited for children
  std::int64_t fence = 0;
  std::chrono::seconds time_limit{0};
  std::optional<TaskId> parent_id;
  std::int64_t parent_phase = 0;    // the parent's phase that waits for this one
  std::int64_t age_from = 0;        // microseconds since 1970: see handicap()
  std::int64_t children_total = 0;  // of the current phase
  std::int64_t children_open = 0;   // of these, not yet over
  std::optional<ExamId> exam_id;
  std::optional<UserId> created_by;
  std::optional<std::string> worker;  // in whose hands
  UtcTime created_at{};
  UtcTime run_at{};
  std::optional<UtcTime> started_at;  // first turn
  std::optional<UtcTime> finished_at;
  bool cancel_requested = false;
  bool pause_requested = false;
};

/// How a child ended, for the parent that goes on.
struct ChildEnd {
  TaskId id;
  std::string kind;
  TaskState state = TaskState::success;  // success, failure or revoked
  boost::json::object payload;
  boost::json::value result;
  std::optional<TaskError> error;
};

}  // namespace korrigo::jobs
