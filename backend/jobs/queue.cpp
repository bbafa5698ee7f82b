#include "jobs/queue.h"

#include <set>

#include "jobs/insert.h"
#include "jobs/messages.h"
#include "jobs/task_rows.h"

namespace korrigo::jobs {
namespace {

using storage::Statement;
using storage::Transaction;
using storage::Value;

#define KORRIGO_INSERT_TASK                                                                                         \
  "INSERT INTO task (id, kind, state, priority, payload, stage, ready, age_from, order_key, run_at, max_attempts, " \
  "time_limit_s, phase, parent_id, parent_phase, progress_total, children_total, children_open, exam_id, "          \
  "created_by, idempotency_key, created_at) "                                                                       \
  "VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15, $16, $17, $18, $19)"

constexpr Statement kInsert{"task.insert", KORRIGO_INSERT_TASK};
constexpr Statement kInsertKeyed{"task.insert_keyed", KORRIGO_INSERT_TASK " ON CONFLICT DO NOTHING"};
constexpr Statement kFindKey{"task.find_key", R"(
  SELECT id FROM task
  WHERE idempotency_key = $1 AND idempotency_key IS NOT NULL AND state NOT IN ('FAILURE', 'REVOKED'))"};
constexpr Statement kFind{"task.find", "SELECT " KORRIGO_TASK_COLUMNS " FROM task WHERE id = $1"};
constexpr Statement kChildren{"task.children",
                              "SELECT " KORRIGO_CHILD_COLUMNS
                              " FROM task WHERE parent_id = $1 AND parent_phase = $2 AND finished_at IS NOT NULL"
                              " ORDER BY age_from, id"};

/// Where a new task stands.
struct Place {
  const Task* parent = nullptr;
  std::int64_t age_from = 0;
  std::size_t children = 0;
};

std::vector<Value> row_of(const TaskId& id, const NewTask& task, UtcTime now, const Place& place) {
  const Task* parent = place.parent;
  const Priority priority = task.priority.value_or(parent ? parent->priority : Priority::medium);
  const UtcTime run_at = std::max(task.run_at.value_or(now), now);
  const bool waits = place.children > 0;
  const auto exam_id = task.exam_id || !parent ? task.exam_id : parent->exam_id;
  const auto created_by = task.created_by || !parent ? task.created_by : parent->created_by;
  return {id,
          task.kind,
          name_of(waits ? TaskState::progress : TaskState::pending),
          name_of(priority),
          json_text(task.payload),
          !waits && run_at <= now,
          place.age_from,
          order_key(place.age_from, priority),
          run_at,
          task.max_attempts,
          task.time_limit.count(),
          waits ? 1 : 0,
          parent ? std::optional(parent->id) : std::nullopt,
          parent ? parent->phase : 0,
          place.children,
          exam_id,
          created_by,
          task.idempotency_key.empty() ? storage::Value() : storage::Value(task.idempotency_key),
          now};
}

std::int64_t microseconds(UtcTime time) {
  return std::chrono::microseconds(time.time_since_epoch()).count();
}

std::optional<TaskId> with_key(Transaction& transaction, const std::string& key) {
  const auto row = transaction.row(kFindKey, key);
  return row ? std::optional(row->get<TaskId>(0)) : std::nullopt;
}

/// The row, unless there is one with its key; the id that counts, and whether it is new.
std::pair<TaskId, bool> insert_keyed(Transaction& transaction, TaskId id, const std::string& key,
                                     const std::vector<Value>& row) {
  if (auto earlier = with_key(transaction, key)) return {std::move(*earlier), false};
  if (transaction.execute_many(kInsertKeyed, {row}) == 1) return {std::move(id), true};
  return {with_key(transaction, key).value(), false};  // another came first, while this one waited for it
}

void tell_new(Transaction& transaction, const TaskId& id, const NewTask& task, TaskState state) {
  Task shown;
  shown.id = id;
  shown.kind = task.kind;
  shown.state = state;
  shown.exam_id = task.exam_id;
  tell(transaction, shown);
}

}  // namespace

TaskId Queue::enqueue(Transaction& transaction, const NewTask& task) {
  return enqueue_all(transaction, {&task, 1}).front();
}

std::vector<TaskId> Queue::enqueue_all(Transaction& transaction, std::span<const NewTask> tasks) {
  const UtcTime now = clock_.now();
  std::vector<TaskId> ids;
  std::vector<std::vector<Value>> rows;
  std::set<std::string_view> kinds;
  std::size_t told = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    TaskId id(make_uuid_v7(now));
    const Place place{nullptr, microseconds(now) + static_cast<std::int64_t>(std::min<std::size_t>(i, 999)), 0};
    auto row = row_of(id, tasks[i], now, place);
    bool fresh = true;
    if (tasks[i].idempotency_key.empty()) {
      rows.push_back(std::move(row));
    } else {
      std::tie(id, fresh) = insert_keyed(transaction, id, tasks[i].idempotency_key, row);
    }
    if (fresh) kinds.insert(tasks[i].kind);
    if (fresh && told++ < kToldAtOnce) tell_new(transaction, id, tasks[i], TaskState::pending);
    ids.push_back(std::move(id));
  }
  if (!rows.empty()) transaction.execute_many(kInsert, rows);
  for (const std::string_view kind : kinds) wake(transaction, kind);
  return ids;
}

TaskId Queue::enqueue_group(Transaction& transaction, const NewTask& then, std::span<const NewTask> children) {
  if (children.empty()) return enqueue(transaction, then);
  const UtcTime now = clock_.now();
  TaskId id(make_uuid_v7(now));
  bool fresh = true;
  const auto row = row_of(id, then, now, {nullptr, microseconds(now), children.size()});
  if (then.idempotency_key.empty()) {
    transaction.execute_many(kInsert, {row});
  } else {
    std::tie(id, fresh) = insert_keyed(transaction, id, then.idempotency_key, row);
  }
  if (!fresh) return id;
  insert_children(transaction, now, *find(transaction, id), children);
  tell_new(transaction, id, then, TaskState::progress);
  return id;
}

void insert_children(Transaction& transaction, UtcTime now, const Task& parent, std::span<const NewTask> children) {
  std::vector<std::vector<Value>> rows;
  std::set<std::string_view> kinds;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const Place place{&parent, parent.age_from + static_cast<std::int64_t>(i), 0};
    rows.push_back(row_of(TaskId(make_uuid_v7(now)), children[i], now, place));
    kinds.insert(children[i].kind);
  }
  if (!rows.empty()) transaction.execute_many(kInsert, rows);
  for (const std::string_view kind : kinds) wake(transaction, kind);
}

std::optional<Task> Queue::find(Transaction& transaction, const TaskId& id) {
  const auto row = transaction.row(kFind, id);
  return row ? std::optional(task_of(*row)) : std::nullopt;
}

void Queue::tell_owner(Transaction& transaction, const Task& task) {
  const auto owner = owners_.find(task.kind);
  if (owner == owners_.end()) return;
  if (const auto whole = find(transaction, task.id)) owner->second(transaction, *whole);
}

std::vector<ChildEnd> Queue::children_of(Transaction& transaction, const Task& parent) {
  std::vector<ChildEnd> ends;
  for (const storage::Row& row : transaction.rows(kChildren, parent.id, parent.phase))
    ends.push_back(child_end_of(row));
  return ends;
}

}  // namespace korrigo::jobs
