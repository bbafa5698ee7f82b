// The watch: what happens beside the turns - progress, heartbeat, requests, time limits, and the chores of the cluster,
// which every pool does so that none is needed for them.
#include "jobs/pool.h"
#include "jobs/schedules.h"

namespace korrigo::jobs {

using storage::Transaction;
using Steady = std::chrono::steady_clock;

namespace {

constexpr storage::Statement kRequests{
    "task.requests", "SELECT id, fence, cancel_requested, pause_requested FROM task WHERE worker_id = $1"};
constexpr std::chrono::seconds kGrace{5};  // for a handler over its time to reach a safe point

}  // namespace

void WorkerPool::Implementation::run_watch() {
  Watch watch;
  watch.beat_at = Steady::now();
  watch.beat = now();
  std::unique_lock lock(mutex_);
  for (;;) {
    for_watch_.wait_for(lock, options_.progress, [&] { return state_.look || state_.watch_ends; });
    const bool look = std::exchange(state_.look, false);
    if (state_.watch_ends) break;
    lock.unlock();
    try {
      watch_once(watch, look);
    } catch (const std::exception& error) {
      trouble("watching over tasks", error);
    }
    lock.lock();
  }
  const std::string worker = state_.worker;
  lock.unlock();
  try {
    if (!worker.empty())
      database_.write_contended([&](Transaction& transaction) { unregister_worker(transaction, worker); });
  } catch (const std::exception& error) {
    trouble("taking the worker off the list", error);
  }
}

void WorkerPool::Implementation::watch_once(Watch& watch, bool look) {
  // One time for both: when the clock jumps in between, this worker must not bury itself.
  const UtcTime time = now();
  keep_heartbeat(watch, time);
  store_shown();
  end_overdue_turns();
  const bool chores = Steady::now() - watch.chores_at >= options_.poll;
  if (!look && !chores) return;
  auto rows = look_for_requests();
  if (!chores) return;
  watch.chores_at = Steady::now();
  give_back_strays(std::move(rows));
  do_chores(watch, time);
}

std::vector<WorkerPool::Implementation::TurnPtr> WorkerPool::Implementation::held_turns() {
  const std::lock_guard lock(mutex_);
  return state_.held;
}

void WorkerPool::Implementation::store_shown() {
  std::vector<std::pair<TurnPtr, Unsaved>> all;
  for (const TurnPtr& turn : held_turns()) {
    if (!turn->running()) continue;
    if (auto unsaved = turn->take_unsaved()) all.emplace_back(turn, std::move(*unsaved));
  }
  if (all.empty()) return;
  try {
    database_.write_contended([&](Transaction& transaction) {
      for (const auto& [turn, unsaved] : all) turn->store(transaction, now(), unsaved);
    });
  } catch (...) {
    for (auto& [turn, unsaved] : all) turn->put_back(std::move(unsaved));
    throw;
  }
}

void WorkerPool::Implementation::keep_heartbeat(Watch& watch, UtcTime beat) {
  const auto since = beat - watch.beat;
  const bool due = Steady::now() - watch.beat_at >= options_.heartbeat || since >= options_.heartbeat ||
                   since <= -options_.heartbeat;
  if (!due) return;
  std::string worker;
  {
    const std::lock_guard lock(mutex_);
    worker = state_.worker;
  }
  const bool known = worker.empty() || database_.write_contended([&](Transaction& transaction) {
    return heartbeat(transaction, beat, worker);
  });
  // After a gap of this worker's own - the database was away, the machine slept, the clock jumped - the others may not
  // have had the time to show that they live.
  if (since >= options_.lease / 2) watch.bury_after = beat + options_.lease;
  watch.beat = beat;
  watch.beat_at = Steady::now();
  if (known) return;
  for (const TurnPtr& turn : held_turns()) turn->interrupt(Interruption::lost);
  const std::lock_guard lock(mutex_);
  if (state_.worker == worker) state_.worker.clear();
}

/// Returns what this worker holds, as the rows say.
std::map<TaskId, WorkerPool::Implementation::Request> WorkerPool::Implementation::look_for_requests() {
  const std::vector<TurnPtr> turns = held_turns();  // before the rows are read: what is held now was committed by now
  std::string worker;
  {
    const std::lock_guard lock(mutex_);
    worker = state_.worker;
  }
  std::map<TaskId, Request> rows;
  database_.read([&](Transaction& transaction) {
    rows.clear();
    for (const storage::Row& row : transaction.rows(kRequests, worker))
      rows[row.get<TaskId>(0)] = {row.get<std::int64_t>(1), row.get<bool>(2), row.get<bool>(3)};
  });
  for (const TurnPtr& turn : turns) {
    const auto row = rows.find(turn->shown().id);
    if (row == rows.end() || row->second.fence != turn->shown().fence) {
      turn->interrupt(Interruption::lost);
    } else if (row->second.cancel) {
      turn->interrupt(Interruption::cancelled);
    } else if (row->second.pause) {
      turn->interrupt(Interruption::paused);
    }
  }
  return rows;
}

/// The database committed a claim and its answer never came: the task would be held for as long as this worker lives.
void WorkerPool::Implementation::give_back_strays(std::map<TaskId, Request> rows) {
  {
    const std::lock_guard lock(mutex_);
    if (state_.settling) return;  // it may be about to learn of them; look again later
    for (const TurnPtr& turn : state_.held) rows.erase(turn->shown().id);
  }
  for (const auto& row : rows) {
    database_.write_contended([&](Transaction& transaction) {
      auto task = queue_.find(transaction, row.first);
      if (task && task->fence == row.second.fence) give_back(transaction, now(), *task);
    });
  }
}

void WorkerPool::Implementation::end_overdue_turns() {
  for (const TurnPtr& turn : held_turns()) {
    if (!turn->running() || now() <= turn->deadline()) continue;
    turn->interrupt(Interruption::timed_out);
    if (now() <= turn->deadline() + kGrace) continue;
    // Nothing can stop the handler's thread; what it still writes will be refused.
    database_.write_contended([&](Transaction& transaction) {
      Task task = turn->shown();
      TaskError error{"task.timed_out", "The task took longer than it may.", "it reached no safe point in time"};
      if (end_task(transaction, now(), task, TaskState::failure, nullptr, std::move(error))) {
        queue_.tell_owner(transaction, task);
      }
    });
    turn->interrupt(Interruption::lost);
  }
}

void WorkerPool::Implementation::do_chores(const Watch& watch, UtcTime time) {
  const UtcTime seen_before = time >= watch.bury_after ? time - options_.lease : UtcTime{};
  const bool due = database_.read([&](Transaction& t) { return something_due(t, time, seen_before); });
  if (!due) return;
  database_.write_contended([&](Transaction& transaction) {
    release_dead_workers(transaction, queue_, time, seen_before);
    release_due_tasks(transaction, time);
    enqueue_due_schedules(transaction, queue_);
  });
}

}  // namespace korrigo::jobs
