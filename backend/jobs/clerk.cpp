// The clerk: one transaction writes how turns ended and claims what takes their places, so that a busy pool commits
// once for many tasks and a quiet one at once.
#include "jobs/pool.h"
#include "jobs/task_rows.h"

namespace korrigo::jobs {

using storage::DatabaseError;
using storage::Fault;
using storage::Transaction;

namespace {

constexpr double kAheadSeconds = 0.1;  // short tasks are claimed ahead for so long
constexpr int kMostAhead = 64;
constexpr int kLastTries = 5;  // of a pool that stops while the database is away: the leases will do it

bool may_pass(Fault fault) {
  return fault == Fault::lost || fault == Fault::busy || fault == Fault::full;
}

}  // namespace

/// How many tasks may be claimed now.
int WorkerPool::Implementation::places(const State& state) const {
  if (state.stopping) return 0;
  const double ahead =
      std::min<double>(kMostAhead, options_.threads * kAheadSeconds / std::max(state.mean_turn_s, 1e-6));
  const int wanted = options_.threads + (state.mean_turn_s < kAheadSeconds ? static_cast<int>(ahead) : 0);
  const int have = state.busy + static_cast<int>(state.waiting.size());
  if (have >= options_.threads && have > wanted / 2) return 0;
  return wanted - have;
}

std::vector<Room> WorkerPool::Implementation::rooms(const State& state) const {
  std::vector<Room> rooms;
  for (const auto& [kind, entry] : kinds_.entries()) {
    const auto taken = state.places_taken.find(kind);
    const int free = entry.at_once - (taken == state.places_taken.end() ? 0 : taken->second);
    const int most = entry.at_once > 0 ? free : kMostAhead + options_.threads;
    if (most > 0) rooms.push_back({kind, most});
  }
  return rooms;
}

bool WorkerPool::Implementation::clerk_has_work(const State& state) const {
  return !state.ended.empty() || state.idle_for_good || (state.woken && places(state) > 0);
}

void WorkerPool::Implementation::run_clerk() {
  int tries_left = kLastTries;
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool polled = !for_clerk_.wait_for(lock, options_.poll, [&] { return clerk_has_work(state_); });
    if (polled) state_.woken = true;
    if (state_.stopping) hand_back_waiting(state_);
    if (state_.ended.empty() && state_.idle_for_good) return;
    std::vector<Ended> ended = std::exchange(state_.ended, {});
    const int at_most = state_.woken ? places(state_) : 0;
    if (ended.empty() && at_most == 0) continue;
    state_.settling = true;
    lock.unlock();
    const bool done = settle_and_claim(ended, at_most);
    lock.lock();
    state_.settling = false;
    if (done) continue;
    state_.ended.insert(state_.ended.begin(), ended.begin(), ended.end());
    if (state_.stopping && --tries_left == 0) return;
    for_watch_.notify_one();
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    lock.lock();
  }
}

/// False: the database was not up to it, try again.
bool WorkerPool::Implementation::settle_and_claim(std::vector<Ended>& ended, int at_most) {
  std::string worker;
  std::vector<Room> room;
  {
    const std::lock_guard lock(mutex_);
    worker = state_.worker;
    room = rooms(state_);
    state_.woken = false;
  }
  std::vector<Task> tasks;
  std::vector<TaskState> states;
  std::string registered;
  try {
    database_.write_contended([&](Transaction& transaction) {
      write_ends(transaction, ended, states);
      registered = at_most > 0 && worker.empty() ? register_worker(transaction, now(), options_.name) : worker;
      tasks.clear();
      if (at_most > 0) tasks = claim(transaction, now(), registered, room, at_most);
    });
  } catch (const DatabaseError& error) {
    trouble("claiming tasks and writing their ends", error);
    const bool buried = error.fault() == Fault::foreign_key;  // this worker was taken for dead
    if (may_pass(error.fault()) || buried) {
      const std::lock_guard lock(mutex_);
      state_.woken = true;
      if (buried) state_.worker.clear();
      return false;
    }
    return write_ends_one_by_one(ended);
  } catch (const std::exception& error) {
    trouble("writing the ends of tasks", error);
    return write_ends_one_by_one(ended);
  }
  settled(ended, states);
  const std::lock_guard lock(mutex_);
  state_.worker = registered;
  if (static_cast<int>(tasks.size()) == at_most) state_.woken = true;
  for (Task& task : tasks) {
    ++state_.places_taken[task.kind];
    state_.held.push_back(std::make_shared<Turn>(database_, queue_, std::move(task)));
    state_.waiting.push_back(state_.held.back());
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) for_workers_.notify_one();
  return true;
}

void WorkerPool::Implementation::write_ends(Transaction& transaction, std::span<Ended> ended,
                                            std::vector<TaskState>& states) {
  states.assign(ended.size(), TaskState::success);
  std::vector<Task*> succeeded;
  std::vector<boost::json::value> results;
  for (std::size_t i = 0; i < ended.size(); ++i) {
    if (ended[i].end.kind == HandlerEnd::Kind::success) {
      ended[i].turn->write_unsaved(transaction);
      succeeded.push_back(&ended[i].turn->task());
      results.push_back(ended[i].turn->result());
    } else {
      states[i] = ended[i].turn->write_end(transaction, ended[i].end, options_.first_retry);
    }
  }
  end_tasks(transaction, now(), succeeded, results);
}

/// One of them cannot be written as it is: it fails, the others must not wait for it. False: the database was not up to
/// it, try what is left in `ended` again.
bool WorkerPool::Implementation::write_ends_one_by_one(std::vector<Ended>& ended) {
  for (; !ended.empty(); ended.erase(ended.begin())) {
    TaskState state = TaskState::failure;
    try {
      state = write_end_alone(ended.front());
    } catch (const DatabaseError& error) {
      trouble("writing the end of a task", error);
      if (may_pass(error.fault())) return false;
    }
    settled({ended.data(), 1}, {&state, 1});
  }
  return true;
}

TaskState WorkerPool::Implementation::write_end_alone(Ended& ended) {
  const auto write = [&] {
    return database_.write_contended(
        [&](Transaction& transaction) { return ended.turn->write_end(transaction, ended.end, options_.first_retry); });
  };
  const auto not_stored = [&](const std::exception& why) {
    ended.end = {HandlerEnd::Kind::failure, {"task.internal", "The task's result could not be stored.", why.what()}};
  };
  try {
    return write();
  } catch (const DatabaseError& error) {
    if (may_pass(error.fault())) throw;
    not_stored(error);
  } catch (const std::exception& error) {
    not_stored(error);
  }
  return write();
}

void WorkerPool::Implementation::settled(std::span<const Ended> ended, std::span<const TaskState> states) {
  for (std::size_t i = 0; i < ended.size(); ++i)
    say_ended(*ended[i].turn, states[i], ended[i].took, ended[i].end.error.detail);
  const std::lock_guard lock(mutex_);
  for (const Ended& each : ended) release(state_, each.turn);
}

}  // namespace korrigo::jobs
