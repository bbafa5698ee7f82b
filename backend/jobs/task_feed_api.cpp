#include "jobs/task_feed_api.h"

#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "accounts/guard_api.h"
#include "jobs/messages.h"
#include "jobs/task_json_api.h"
#include "jobs/task_status.h"

namespace korrigo::jobs {
namespace {

namespace json = boost::json;
using http::Request;
using storage::Transaction;
using Time = std::chrono::steady_clock::time_point;

constexpr std::string_view kBusPrefix = "task/";
constexpr std::string_view kListTopic = "tasks";
constexpr auto kBetweenMessages = std::chrono::milliseconds(500);  // of one task
constexpr auto kAfterTrouble = std::chrono::seconds(1);
constexpr std::size_t kReadAtOnce = 200;

std::string message_of(json::object task) {
  return json::serialize(json::object{{"type", "task"}, {"task", std::move(task)}});
}

std::string status_message(const Task& task) {
  return message_of(contract_status(status_json(task)));
}

}  // namespace

class TaskFeed::Implementation {
 public:
  Implementation(storage::Database& database, events::Bus& bus, http::Hub& hub) : database_(database), hub_(hub) {
    thread_ = std::thread([this] { run(); });
    subscription_ = bus.subscribe_prefix(
        std::string(kBusPrefix), [this](std::string_view topic, std::string_view message) { heard(topic, message); },
        [this] { missed(); });
  }
  ~Implementation() {
    subscription_ = {};
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  Result<std::vector<std::string>> topics_of_one(const Request& request);
  std::vector<std::string> welcome_to_one(const Request& request);
  std::vector<std::string> welcome_to_all();

 private:
  void heard(std::string_view topic, std::string_view message);
  void missed();
  /// Has the task read and published, at once or when its last message is old enough.
  void touch(const TaskId& id, bool at_once);
  void run();
  std::vector<TaskId> take_due(std::unique_lock<std::mutex>& lock);
  void publish(const std::vector<TaskId>& ids);
  void publish(const ListedTask& listed);
  void look_at_everything();

  storage::Database& database_;
  http::Hub& hub_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool missed_ = false;
  std::map<TaskId, Time> due_;
  std::map<TaskId, Time> sent_;  // within kBetweenMessages
  std::set<TaskId> shown_;       // by a socket of its own or in the list, and not over when last seen
  std::thread thread_;
  events::Bus::Subscription subscription_;
};

void TaskFeed::Implementation::heard(std::string_view topic, std::string_view message) {
  const auto id = TaskId::parse(topic.substr(kBusPrefix.size()));
  if (!id) return;
  // A quotation mark inside a JSON string is escaped, so this is the member.
  touch(*id, message.find(R"("type":"finished")") != std::string_view::npos);
}

void TaskFeed::Implementation::missed() {
  {
    const std::lock_guard lock(mutex_);
    missed_ = true;
  }
  changed_.notify_one();
}

void TaskFeed::Implementation::touch(const TaskId& id, bool at_once) {
  {
    const std::lock_guard lock(mutex_);
    const Time now = std::chrono::steady_clock::now();
    const auto sent = sent_.find(id);
    const Time when = at_once || sent == sent_.end() ? now : std::max(now, sent->second + kBetweenMessages);
    const auto [due, added] = due_.emplace(id, when);
    if (!added) due->second = std::min(due->second, when);
  }
  changed_.notify_one();
}

std::vector<TaskId> TaskFeed::Implementation::take_due(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    const Time now = std::chrono::steady_clock::now();
    std::erase_if(sent_, [&](const auto& each) { return each.second + kBetweenMessages <= now; });
    std::vector<TaskId> ids;
    Time next = Time::max();
    for (auto it = due_.begin(); it != due_.end();) {
      const bool now_due = it->second <= now && ids.size() < kReadAtOnce;
      if (now_due) ids.push_back(it->first);
      if (!now_due) next = std::min(next, it->second);
      it = now_due ? due_.erase(it) : std::next(it);
    }
    for (const TaskId& id : ids) sent_[id] = now;
    if (!ids.empty() || stopping_ || missed_) return ids;
    if (next == Time::max()) changed_.wait(lock);
    if (next != Time::max()) changed_.wait_until(lock, next);
  }
}

void TaskFeed::Implementation::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const std::vector<TaskId> ids = take_due(lock);
    const bool everything = std::exchange(missed_, false);
    lock.unlock();
    bool away = false;
    try {
      if (everything) look_at_everything();
      publish(ids);
    } catch (const storage::DatabaseError&) {
      away = true;
    }
    lock.lock();
    if (!away) continue;
    missed_ = missed_ || everything;
    for (const TaskId& id : ids) due_.emplace(id, std::chrono::steady_clock::now());
    changed_.wait_for(lock, kAfterTrouble, [this] { return stopping_; });
  }
}

void TaskFeed::Implementation::look_at_everything() {
  std::vector<TaskId> ids;
  if (hub_.subscribers(kListTopic) > 0) {
    for (const ListedTask& open : database_.read([](Transaction& t) { return open_tasks(t, kMostAtFirst); })) {
      ids.push_back(open.task.id);
    }
  }
  const std::lock_guard lock(mutex_);
  ids.insert(ids.end(), shown_.begin(), shown_.end());
  for (const TaskId& id : ids) due_.emplace(id, std::chrono::steady_clock::now());
}

void TaskFeed::Implementation::publish(const std::vector<TaskId>& ids) {
  const bool listed = hub_.subscribers(kListTopic) > 0;
  std::vector<TaskId> wanted;
  for (const TaskId& id : ids) {
    if (listed || hub_.subscribers(topic_of(id)) > 0) {
      wanted.push_back(id);
    } else {
      const std::lock_guard lock(mutex_);
      shown_.erase(id);
    }
  }
  if (wanted.empty()) return;
  const auto tasks = database_.read([&](Transaction& transaction) {
    std::vector<ListedTask> found;
    for (const TaskId& id : wanted) {
      if (auto task = listed_task(transaction, id)) found.push_back(std::move(*task));
    }
    return found;
  });
  for (const ListedTask& task : tasks) publish(task);
}

void TaskFeed::Implementation::publish(const ListedTask& listed) {
  const TaskId& id = listed.task.id;
  const std::string topic = topic_of(id);
  const bool over = is_over(listed.task.state);
  {
    const std::lock_guard lock(mutex_);
    if (over) shown_.erase(id);
    if (!over) shown_.insert(id);
  }
  if (over) {
    hub_.publish(topic, status_message(listed.task));
    hub_.close_topic(topic, http::close_code::kNormal);
    hub_.publish(kListTopic, message_of(task_json(listed)));
  } else {
    hub_.publish_latest(topic, {}, status_message(listed.task));
    hub_.publish_latest(kListTopic, id.text(), message_of(task_json(listed)));
  }
}

Result<std::vector<std::string>> TaskFeed::Implementation::topics_of_one(const Request& request) {
  const accounts::Caller& caller = accounts::caller_of(request);
  const auto id = TaskId::parse(request.path_parameter("task_id"));
  const auto found = id ? database_.read([&](Transaction& t) { return listed_task(t, *id); }) : std::nullopt;
  if (!found || (!caller.is_admin() && found->task.created_by != caller.user)) {
    return refuse(ErrorKind::forbidden, "auth.forbidden", "You are not allowed to do this.");
  }
  return std::vector{topic_of(*id)};
}

std::vector<std::string> TaskFeed::Implementation::welcome_to_one(const Request& request) {
  const TaskId id(std::string(request.path_parameter("task_id")));
  const auto found = database_.read([&](Transaction& t) { return listed_task(t, id); });
  if (!found) return {};
  {
    const std::lock_guard lock(mutex_);
    shown_.insert(id);
  }
  // Its end may already have been told: then nobody else would close this socket.
  if (is_over(found->task.state)) touch(id, true);
  return {status_message(found->task)};
}

std::vector<std::string> TaskFeed::Implementation::welcome_to_all() {
  std::vector<std::string> messages;
  const auto tasks = database_.read([](Transaction& t) { return open_tasks(t, kMostAtFirst); });
  const std::lock_guard lock(mutex_);
  for (const ListedTask& listed : tasks) {
    shown_.insert(listed.task.id);
    messages.push_back(message_of(task_json(listed)));
  }
  return messages;
}

TaskFeed::TaskFeed(storage::Database& database, events::Bus& bus, http::Hub& hub)
    : implementation_(std::make_unique<Implementation>(database, bus, hub)) {}

TaskFeed::~TaskFeed() = default;

std::vector<http::SocketRoute> TaskFeed::sockets() {
  Implementation& feed = *implementation_;
  http::SocketRoute one{.pattern = "/ws/tasks/{task_id}/",
                        .rights = accounts::kAny,
                        .topics = [&feed](Request& request) { return feed.topics_of_one(request); },
                        .welcome = [&feed](Request& request) { return feed.welcome_to_one(request); }};
  http::SocketRoute all{.pattern = "/ws/tasks/",
                        .rights = accounts::kAdmin,
                        .topics = [](Request&) { return std::vector{std::string(kListTopic)}; },
                        .welcome = [&feed](Request&) { return feed.welcome_to_all(); }};
  return {std::move(one), std::move(all)};
}

}  // namespace korrigo::jobs
