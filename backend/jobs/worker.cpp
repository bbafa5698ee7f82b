#include "jobs/worker.h"

#include "jobs/pool.h"
#include "jobs/task_rows.h"

namespace korrigo::jobs {

void Kinds::add(std::string kind, Handler handler, int at_once) {
  entries_[std::move(kind)] = {std::move(handler), at_once};
}

WorkerPool::WorkerPool(storage::Database& database, Queue& queue, const Kinds& kinds, WorkerOptions options)
    : implementation_(std::make_unique<Implementation>(database, queue, kinds, std::move(options))) {}
WorkerPool::~WorkerPool() = default;

void WorkerPool::start() {
  implementation_->start();
}

void WorkerPool::stop() {
  implementation_->stop();
}

WorkerPool::Figures WorkerPool::figures() const {
  return implementation_->figures();
}

WorkerPool::Implementation::Implementation(storage::Database& database, Queue& queue, const Kinds& kinds,
                                           WorkerOptions options)
    : database_(database), queue_(queue), kinds_(kinds), options_(std::move(options)) {}

void WorkerPool::Implementation::start() {
  state_ = {};
  const auto claim_soon = [this] {
    const std::lock_guard lock(mutex_);
    state_.woken = true;
    for_clerk_.notify_one();
  };
  const auto look_soon = [this] {
    const std::lock_guard lock(mutex_);
    state_.look = true;
    for_watch_.notify_one();
  };
  wake_ = database_.listen(
      std::string(kWakeChannel),
      [this, claim_soon](std::string_view kind) {
        if (kinds_.entries().contains(kind)) claim_soon();
      },
      claim_soon);
  control_ = database_.listen(
      std::string(kControlChannel), [look_soon](std::string_view) { look_soon(); }, look_soon);
  for (int i = 0; i < options_.threads; ++i) workers_.emplace_back([this] { run_turns(); });
  clerk_ = std::thread([this] { run_clerk(); });
  watch_ = std::thread([this] { run_watch(); });
}

void WorkerPool::Implementation::stop() {
  if (workers_.empty()) return;
  wake_.reset();
  control_.reset();
  {
    const std::lock_guard lock(mutex_);
    state_.stopping = true;
    for (const TurnPtr& turn : state_.held) turn->interrupt(Interruption::given_back);
    hand_back_waiting(state_);
  }
  for_workers_.notify_all();
  for_clerk_.notify_one();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  {
    const std::lock_guard lock(mutex_);
    state_.idle_for_good = true;
  }
  for_clerk_.notify_one();
  clerk_.join();
  {
    const std::lock_guard lock(mutex_);
    state_.watch_ends = true;
  }
  for_watch_.notify_one();
  watch_.join();
}

WorkerPool::Figures WorkerPool::Implementation::figures() {
  const std::lock_guard lock(mutex_);
  return {options_.threads, state_.busy};
}

void WorkerPool::Implementation::run_turns() {
  using Steady = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  for (;;) {
    for_workers_.wait(lock, [&] { return state_.stopping || !state_.waiting.empty(); });
    if (state_.stopping) return;
    const TurnPtr turn = std::move(state_.waiting.front());
    state_.waiting.pop_front();
    ++state_.busy;
    lock.unlock();
    const auto begun = Steady::now();
    auto end = turn->run(kinds_.entries().find(turn->shown().kind)->second.handler);
    const auto took = Steady::now() - begun;
    const auto took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took);
    if (!end && turn->ended_as()) say_ended(*turn, *turn->ended_as(), took_ms, "");
    lock.lock();
    --state_.busy;
    state_.mean_turn_s += 0.1 * (std::chrono::duration<double>(took).count() - state_.mean_turn_s);
    if (end) {
      state_.ended.push_back({turn, std::move(*end), took_ms});
    } else {
      release(state_, turn);
    }
    for_clerk_.notify_one();
  }
}

void WorkerPool::Implementation::release(State& state, const TurnPtr& turn) {
  std::erase(state.held, turn);
  --state.places_taken[turn->shown().kind];
}

/// What was claimed and not begun.
void WorkerPool::Implementation::hand_back_waiting(State& state) {
  for (const TurnPtr& turn : state.waiting) state.ended.push_back({turn, {HandlerEnd::Kind::give_back}});
  state.waiting.clear();
}

void WorkerPool::Implementation::say_ended(const Turn& turn, TaskState state, std::chrono::milliseconds took,
                                           const std::string& detail) {
  if (options_.turn_ended) options_.turn_ended({turn.shown(), state, took, detail});
}

void WorkerPool::Implementation::trouble(const char* what, const std::exception& error) {
  if (options_.trouble) options_.trouble(fmt::format("{}: {}", what, error.what()));
}

}  // namespace korrigo::jobs
