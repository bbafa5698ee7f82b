// What the sockets of tasks hear, on both engines.
#include "jobs/task_feed_api.h"

#include "jobs/tasks_api_tests.h"

namespace korrigo::jobs {
namespace {

using http::Request;

/// A client that has joined a route, as the server would let it.
class Listener {
 public:
  Listener(http::Hub& hub, const http::SocketRoute& route, Request request) {
    const auto topics = route.topics(request);
    if (!topics) {
      refused_ = topics.error().kind;
      return;
    }
    outbox_ = hub.subscribe(*topics, [] {});
    outbox_->release(route.welcome(request));
  }
  std::optional<ErrorKind> refused() const { return refused_; }
  /// The next message's task.
  boost::json::object next() {
    const auto item = take();
    if (!item.text) throw std::runtime_error("closed");
    const auto message = boost::json::parse(*item.text).as_object();
    EXPECT_EQ(message.at("type"), "task");
    return message.at("task").as_object();
  }
  /// Reads on until a task has this state.
  boost::json::object until(TaskState state) {
    for (;;) {
      auto task = next();
      if (task.at("status").as_string() == name_of(state)) return task;
    }
  }
  /// The close code, whatever still comes before it.
  int closed() {
    for (;;) {
      const auto item = take();
      if (!item.text) return item.code;
    }
  }

 private:
  http::Outbox::Item take() {
    std::optional<http::Outbox::Item> item;
    await([&] { return (item = outbox_->pop()).has_value(); }, "a message");
    if (!item) throw std::runtime_error("no message");
    return std::move(*item);
  }

  std::shared_ptr<http::Outbox> outbox_;
  std::optional<ErrorKind> refused_;
};

class TaskSockets : public QueueTest {
 protected:
  Listener one(const std::string& id, const accounts::Caller& who = kBoss) {
    Request request = request_of(http::Method::get, "/ws/tasks/x/", who);
    request.path_parameters = {{"task_id", id}};
    return Listener(hub, feed.sockets().at(0), std::move(request));
  }
  Listener all() { return Listener(hub, feed.sockets().at(1), request_of(http::Method::get, "/ws/tasks/", kBoss)); }
  void cancel(const TaskId& id) {
    write([&](Transaction& t) { return queue.cancel(t, id); });
  }

  events::Bus bus{database()};
  http::Hub hub;
  TaskFeed feed{database(), bus, hub};
};
KORRIGO_ON_BOTH_ENGINES(TaskSockets);

TEST_P(TaskSockets, tell_how_one_task_stands_until_it_is_over) {
  const TaskId id = enqueue("a");
  Listener listener = one(id.text());
  EXPECT_EQ(listener.next().at("status"), "PENDING");
  Task task = claim_one(worker());
  write([&](Transaction& t) { return store_progress(t, clock.now(), task, {3, 10, "sides"}); });
  write([&](Transaction& t) {
    const auto now = queue.find(t, id);
    EXPECT_EQ(now->state, TaskState::progress);
    events::publish(t, "task/" + id.text(), R"({"type":"progress"})");
  });
  EXPECT_EQ(listener.until(TaskState::progress).at("progress").at("current"), 3);
  ASSERT_TRUE(succeed(task, {{"copies", 2}}));
  const auto last = listener.until(TaskState::success);
  EXPECT_EQ(last.at("ready"), true);
  EXPECT_EQ(last.at("result").at("copies"), 2);
  EXPECT_EQ(listener.closed(), http::close_code::kNormal);
}

TEST_P(TaskSockets, tell_a_latecomer_how_it_ended) {
  const TaskId id = enqueue("a");
  cancel(id);
  Listener listener = one(id.text());
  EXPECT_EQ(listener.next().at("status"), "REVOKED");
  EXPECT_EQ(listener.closed(), http::close_code::kNormal);
}

TEST_P(TaskSockets, are_closed_to_those_who_did_not_start_the_task) {
  NewTask mine{.kind = "a"};
  mine.created_by = kOwner.user;
  const TaskId id = enqueue(mine);
  EXPECT_FALSE(one(id.text(), kOwner).refused());
  EXPECT_EQ(one(id.text(), kStranger).refused(), ErrorKind::forbidden);
  EXPECT_EQ(one(make_uuid_v4(), kBoss).refused(), ErrorKind::forbidden);
  EXPECT_EQ(one("abc123", kBoss).refused(), ErrorKind::forbidden);
}

TEST_P(TaskSockets, tell_admins_of_every_task) {
  const TaskId before = enqueue("before");
  const TaskId over = enqueue("over");
  cancel(over);
  Listener listener = all();
  EXPECT_EQ(listener.next().at("id").as_string(), before.text());
  const TaskId after = enqueue("after");
  cancel(after);
  auto told = listener.until(TaskState::revoked);
  while (told.at("id").as_string() == over.text()) told = listener.until(TaskState::revoked);  // still under way then
  EXPECT_EQ(told.at("id").as_string(), after.text());
  EXPECT_EQ(told.at("permissions").at("retry"), true);
}

TEST_P(TaskSockets, tell_admins_of_a_task_as_soon_as_it_is_made) {
  Listener listener = all();
  const TaskId made = enqueue("made");
  const auto told = listener.next();
  EXPECT_EQ(told.at("id").as_string(), made.text());
  EXPECT_EQ(told.at("status"), "PENDING");
  const std::vector<NewTask> children(2, {.kind = "a"});
  const TaskId group = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "then"}, children); });
  EXPECT_EQ(listener.until(TaskState::progress).at("id").as_string(), group.text());
}

TEST_P(TaskSockets, send_much_news_of_one_task_as_little) {
  const TaskId id = enqueue("a");
  Listener listener = one(id.text());
  listener.next();
  Task task = claim_one(worker());
  for (int i = 0; i < 200; ++i) bus.publish("task/" + id.text(), R"({"type":"progress"})");
  ASSERT_TRUE(succeed(task));
  int messages = 0;
  for (TaskState state = TaskState::pending; state != TaskState::success; ++messages) {
    state = state_named(listener.next().at("status").as_string()).value();
  }
  EXPECT_LT(messages, 100);
}

}  // namespace
}  // namespace korrigo::jobs
