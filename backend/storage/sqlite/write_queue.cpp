#include "storage/sqlite/write_queue.h"

#include "storage/sqlite/transaction.h"

namespace korrigo::storage::sqlite {
namespace {

constexpr std::size_t kMaxGroup = 256;
// After this long a group is committed, so that those at its front do not wait for a long line behind them.
constexpr std::chrono::milliseconds kMaxGroupTime{20};

}  // namespace

WriteQueue::WriteQueue(const std::string& path, std::chrono::milliseconds busy_timeout,
                       std::function<void(std::vector<Notification>)> committed)
    : connection_(path, Connection::Role::writer, busy_timeout), committed_(std::move(committed)) {}

void WriteQueue::run(const Work& work) {
  Request mine;
  mine.work = &work;
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  while (!mine.done) {
    if (led_) {
      mine.changed.wait(lock);
    } else {
      lead(lock);
    }
  }
  lock.unlock();
  if (mine.error) std::rethrow_exception(mine.error);
}

void WriteQueue::lead(std::unique_lock<std::mutex>& lock) {
  led_ = true;
  const std::vector<Request*> group = next_group();
  lock.unlock();
  const std::size_t settled = commit(group);
  lock.lock();
  waiting_.insert(waiting_.begin(), group.begin() + static_cast<std::ptrdiff_t>(settled), group.end());
  led_ = false;
  for (std::size_t i = 0; i < settled; ++i) {
    group[i]->done = true;
    group[i]->changed.notify_one();
  }
  if (!waiting_.empty()) waiting_.front()->changed.notify_one();
}

std::vector<WriteQueue::Request*> WriteQueue::next_group() {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(kMaxGroup, waiting_.size()));
  std::vector<Request*> group(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return group;
}

std::size_t WriteQueue::commit(const std::vector<Request*>& group) {
  if (group.size() == 1) {
    commit_alone(*group.front());
    return 1;
  }
  try {
    connection_.execute("BEGIN IMMEDIATE");
  } catch (const DatabaseError&) {
    for (Request* request : group) request->error = std::current_exception();
    return group.size();
  }
  try {
    const std::size_t settled = run_group(group);
    connection_.execute("COMMIT");
    std::vector<Notification> notifications;
    for (std::size_t i = 0; i < settled; ++i) {
      std::move(group[i]->notifications.begin(), group[i]->notifications.end(), std::back_inserter(notifications));
    }
    committed_(std::move(notifications));
    return settled;
  } catch (const DatabaseError&) {
    // Nothing of the group was kept (disk full, a deferred constraint): each on its own, so that only those fail that
    // must.
    connection_.rollback();
    for (Request* request : group) commit_alone(*request);
    return group.size();
  }
}

std::size_t WriteQueue::run_group(const std::vector<Request*>& group) {
  const auto deadline = std::chrono::steady_clock::now() + kMaxGroupTime;
  std::size_t settled = 0;
  while (settled < group.size() && (settled == 0 || std::chrono::steady_clock::now() < deadline)) {
    run_in_savepoint(*group[settled++]);
  }
  return settled;
}

void WriteQueue::run_in_savepoint(Request& request) {
  connection_.execute("SAVEPOINT request");
  const bool kept = attempt(request);
  if (!connection_.in_transaction()) throw DatabaseError(Fault::full, "the transaction was given up by SQLite");
  connection_.execute(kept ? "RELEASE request" : "ROLLBACK TO request; RELEASE request");
}

void WriteQueue::commit_alone(Request& request) noexcept {
  request.error = nullptr;
  request.notifications.clear();
  try {
    connection_.execute("BEGIN IMMEDIATE");
    if (attempt(request)) {
      connection_.execute("COMMIT");
      committed_(std::move(request.notifications));
    }
  } catch (const DatabaseError&) {
    request.error = std::current_exception();
  }
  connection_.rollback();
}

bool WriteQueue::attempt(Request& request) {
  try {
    const OneTransaction only_one;
    SqliteTransaction transaction(connection_);
    const bool wanted = (*request.work)(transaction);
    if (wanted && transaction.failed()) {
      throw DatabaseError(Fault::other, "a transaction was to be committed though one of its statements had failed");
    }
    if (wanted) request.notifications = transaction.take_notifications();
    return wanted;
  } catch (...) {  // belongs to the thread that asked, which rethrows it
    request.error = std::current_exception();
    return false;
  }
}

}  // namespace korrigo::storage::sqlite
