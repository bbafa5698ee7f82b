#include "jobs/turn.h"

#include <system_error>

#include "jobs/messages.h"

namespace korrigo::jobs {
namespace {

using storage::DatabaseError;
using storage::Fault;
using storage::Transaction;

using Kind = HandlerEnd::Kind;

Task without_content(const Task& task) {
  Task shown;
  shown.id = task.id;
  shown.kind = task.kind;
  shown.state = task.state;
  shown.fence = task.fence;
  shown.attempt = task.attempt;
  shown.max_attempts = task.max_attempts;
  shown.created_at = task.created_at;
  shown.started_at = task.started_at;
  shown.parent_id = task.parent_id;
  shown.parent_phase = task.parent_phase;
  shown.exam_id = task.exam_id;
  shown.progress = task.progress;
  return shown;
}

HandlerEnd passing_trouble(const char* what) {
  return {Kind::retry, {"task.trouble", "Something the task needs was not available.", what}};
}

HandlerEnd our_mistake(const char* what) {
  return {Kind::failure, {"task.internal", "The task stopped at an error of the program.", what}};
}

HandlerEnd sorted(const DatabaseError& error) {
  const bool passing = error.fault() == Fault::lost || error.fault() == Fault::busy || error.fault() == Fault::full;
  return passing ? passing_trouble(error.what()) : our_mistake(error.what());
}

}  // namespace

bool is_passing(ErrorKind kind) {
  return kind == ErrorKind::limited || kind == ErrorKind::too_busy;
}

std::chrono::milliseconds retry_delay(const Task& task, std::chrono::milliseconds first) {
  double delay = static_cast<double>(first.count());
  for (int i = 1; i < task.attempt; ++i) delay *= 3;
  const auto spread = std::hash<std::string>{}(task.id.text() + std::to_string(task.attempt)) % 1000;
  return std::chrono::milliseconds(static_cast<std::int64_t>(delay * (0.75 + 0.0005 * static_cast<double>(spread))));
}

Turn::Turn(storage::Database& database, Queue& queue, Task task)
    : context_(database, queue, std::move(task)), shown_(without_content(context_.task_)), told_(shown_) {}

std::optional<HandlerEnd> Turn::run(const Handler& handler) {
  std::optional<HandlerEnd> end;
  running_ = true;
  try {
    context_.safe_point();
    end = sorted(handler(context_));
  } catch (const Interrupted& interrupted) {
    end = after_interruption(interrupted.why());
  } catch (const Cancelled&) {
    end = after_interruption(context_.why_);
  } catch (const DatabaseError& error) {
    end = jobs::sorted(error);
  } catch (const std::system_error& error) {
    end = passing_trouble(error.what());
  } catch (const std::bad_alloc& error) {
    end = passing_trouble(error.what());
  } catch (const std::exception& error) {
    end = our_mistake(error.what());
  } catch (...) {
    end = our_mistake("an exception that is no std::exception");
  }
  running_ = false;
  return context_.ended_as_ ? std::nullopt : end;
}

std::optional<HandlerEnd> Turn::sorted(const Result<Ending>& outcome) const {
  if (outcome) return HandlerEnd{Kind::success};
  const Error& error = outcome.error();
  return HandlerEnd{is_passing(error.kind) ? Kind::retry : Kind::failure, {error.code, error.message, error.detail}};
}

std::optional<HandlerEnd> Turn::after_interruption(Interruption why) const {
  switch (why) {
    case Interruption::cancelled:
    case Interruption::paused:
    case Interruption::given_back:
      return HandlerEnd{Kind::give_back};  // what the row asks for is followed when that is written
    case Interruption::lost:
      return std::nullopt;
    case Interruption::timed_out:
      return HandlerEnd{Kind::failure, {"task.timed_out", "The task took longer than it may.", ""}};
    case Interruption::none:
      break;
  }
  return our_mistake("the handler stopped without having been asked to");
}

std::optional<Unsaved> Turn::take_unsaved() {
  auto unsaved = context_.unsaved_.lock();
  if (announced_ && !unsaved->progress && unsaved->lines.empty()) return std::nullopt;
  announced_ = true;
  return std::exchange(*unsaved, {});
}

void Turn::put_back(Unsaved taken) {
  auto unsaved = context_.unsaved_.lock();
  if (!unsaved->progress) unsaved->progress = std::move(taken.progress);
  taken.lines.insert(taken.lines.end(), unsaved->lines.begin(), unsaved->lines.end());
  unsaved->lines = std::move(taken.lines);
}

void Turn::store(Transaction& transaction, UtcTime now, const Unsaved& unsaved) {
  store_log(transaction, shown_.id, unsaved.lines);
  const bool held = unsaved.progress ? store_progress(transaction, now, told_, *unsaved.progress)
                                     : hold(transaction, told_).has_value();
  if (held) tell(transaction, told_);
}

TaskState Turn::write_end(Transaction& transaction, const HandlerEnd& end, std::chrono::milliseconds first_retry) {
  Task task = context_.task_;
  context_.store_unsaved(transaction, task);
  const bool written = put_end(transaction, task, end, first_retry);
  const bool given_up = task.state == TaskState::failure || task.state == TaskState::revoked;
  if (written && given_up) context_.queue_.tell_owner(transaction, task);
  return task.state;
}

/// False when the task was lost.
bool Turn::put_end(Transaction& transaction, Task& task, const HandlerEnd& end, std::chrono::milliseconds first_retry) {
  const UtcTime now = context_.clock().now();
  if (end.kind == Kind::give_back) return give_back(transaction, now, task);
  if (end.kind == Kind::success) {
    return end_task(transaction, now, task, TaskState::success, context_.result_, std::nullopt);
  }
  const bool again = end.kind == Kind::retry && task.attempt < task.max_attempts;
  const auto delay = retry_delay(task, first_retry);
  store_log(transaction, task.id,
            {{LogLine{now, again ? "warning" : "error",
                      fmt::format("attempt {} of {}: {} {}{}", task.attempt, task.max_attempts, end.error.message,
                                  end.error.detail, again ? fmt::format(" Again in {} ms.", delay.count()) : "")}}});
  if (again) return retry_later(transaction, now, task, now + delay, end.error);
  return end_task(transaction, now, task, TaskState::failure, nullptr, end.error);
}

}  // namespace korrigo::jobs
