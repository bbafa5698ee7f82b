#include "jobs/context.h"

#include <stdexcept>

#include "jobs/insert.h"

namespace korrigo::jobs {

using storage::Transaction;

TaskContext::TaskContext(storage::Database& database, Queue& queue, Task task)
    : database_(database), queue_(queue), task_(std::move(task)), deadline_(queue.clock().now() + task_.time_limit) {}

std::vector<ChildEnd> TaskContext::children() {
  return database_.read([&](Transaction& transaction) { return queue_.children_of(transaction, task_); });
}

const Clock& TaskContext::clock() const {
  return queue_.clock();
}

void TaskContext::safe_point() {
  if (why_ == Interruption::none && clock().now() > deadline_) interrupt(Interruption::timed_out);
  if (why_ != Interruption::none) throw Interrupted(why_);
}

void TaskContext::interrupt(Interruption why) {
  auto none = Interruption::none;
  if (!why_.compare_exchange_strong(none, why) && why == Interruption::lost) why_ = why;
  cancel_.request();
}

void TaskContext::progress(std::int64_t current, std::int64_t total, std::string_view stage) {
  unsaved_.lock()->progress = Progress{current, total, std::string(stage)};
}

void TaskContext::log(Level level, std::string text) {
  constexpr std::array<std::string_view, 3> kLevels = {"info", "warning", "error"};
  const int line = ++lines_logged_;
  if (line > kMaxLogLines + 1) return;
  if (line > kMaxLogLines) std::tie(level, text) = std::pair(Level::warning, "Further lines are left out.");
  unsaved_.lock()->lines.push_back(
      {clock().now(), std::string(kLevels[static_cast<std::size_t>(level)]), std::move(text)});
}

Held TaskContext::require_held(Transaction& transaction) {
  if (ended_as_) throw std::logic_error("the turn of a task went on after its end");
  const auto held = hold(transaction, task_);
  if (held) return *held;
  interrupt(Interruption::lost);
  throw Interrupted(Interruption::lost);
}

void TaskContext::store_unsaved(Transaction& transaction, Task& task) {
  auto unsaved = unsaved_.lock();  // left in place: the transaction may be run again
  if (unsaved->progress) store_progress(transaction, clock().now(), task, *unsaved->progress);
  store_log(transaction, task.id, unsaved->lines);
}

void TaskContext::commit(const std::function<void(Transaction&)>& work) {
  database_.write([&](Transaction& transaction) {
    require_held(transaction);
    work(transaction);
  });
}

void TaskContext::checkpoint(boost::json::value state, const std::function<void(Transaction&)>& work) {
  database_.write([&](Transaction& transaction) {
    require_held(transaction);
    if (work) work(transaction);
    store_checkpoint(transaction, task_, state);
  });
}

Ending TaskContext::finish(boost::json::value result) {
  result_ = std::move(result);
  return {};
}

Result<Ending> TaskContext::finish(const FinalWork& work) {
  const auto outcome = database_.write([&](Transaction& transaction) -> Result<void> {
    require_held(transaction);
    auto result = work(transaction);
    if (!result) return tl::unexpected(result.error());
    Task task = task_;
    store_unsaved(transaction, task);
    end_task(transaction, clock().now(), task, TaskState::success, std::move(*result), std::nullopt);
    return {};
  });
  if (!outcome) return tl::unexpected(outcome.error());
  ended_as_ = TaskState::success;
  return Ending();
}

Ending TaskContext::wait_for(std::span<const NewTask> children, std::string_view stage, boost::json::value checkpoint,
                             const std::function<void(Transaction&)>& also) {
  database_.write([&](Transaction& transaction) {
    const Held held = require_held(transaction);
    // Once it waits, no worker is there to notice.
    if (held.cancel_requested) interrupt(Interruption::cancelled);
    if (held.pause_requested) interrupt(Interruption::paused);
    if (held.cancel_requested || held.pause_requested) throw Interrupted(why_);
    if (also) also(transaction);
    Task parent = task_;
    store_unsaved(transaction, parent);
    begin_waiting(transaction, clock().now(), parent, static_cast<std::int64_t>(children.size()), stage, checkpoint);
    insert_children(transaction, clock().now(), parent, children);
  });
  ended_as_ = TaskState::progress;
  return {};
}

}  // namespace korrigo::jobs
