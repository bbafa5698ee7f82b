// Random operations on the queue and on a small model of it: after each, both say the same.
#include "base/random.h"
#include "jobs/queue_tests.h"

namespace korrigo::jobs {
namespace {

using namespace std::chrono_literals;

struct ModelTask {
  std::string kind;
  TaskState state = TaskState::pending;
  bool ready = true;
  int attempt = 0;
  int phase = 0;
  std::int64_t fence = 0;
  std::string worker = {};
  bool cancel = false, pause = false;
  std::int64_t age_from = 0;
  Priority priority = Priority::medium;
  UtcTime run_at{};
  std::optional<TaskId> parent = {};
  std::int64_t open = 0;
  std::int64_t key() const { return age_from + std::chrono::microseconds(handicap(priority)).count(); }
  bool over() const { return is_over(state); }
};

/// What README.md says of the queue, in the plainest way.
class Model {
 public:
  std::map<TaskId, ModelTask> tasks;

  std::optional<std::int64_t> best_key() const {
    std::optional<std::int64_t> best;
    for (const auto& [id, task] : tasks)
      if (task.ready && (!best || task.key() < *best)) best = task.key();
    return best;
  }
  bool holds(const Task& handle) const {
    const ModelTask& task = tasks.at(handle.id);
    return !task.worker.empty() && task.fence == handle.fence;
  }
  void end(const TaskId& id, TaskState state) {
    ModelTask& task = tasks.at(id);
    put_down(task, state, false);
    task.cancel = task.pause = false;
    if (!task.parent) return;
    ModelTask& parent = tasks.at(*task.parent);
    if (parent.over() || parent.open == 0) return;
    if (--parent.open == 0 && parent.state == TaskState::progress) parent.ready = true;
  }
  /// Ends of a turn that a request overrides.
  bool followed(const TaskId& id) {
    ModelTask& task = tasks.at(id);
    if (task.cancel) {
      end(id, TaskState::revoked);
    } else if (task.pause) {
      put_down(task, TaskState::paused, false);
    } else {
      return false;
    }
    return true;
  }
  void put_down(ModelTask& task, TaskState state, bool ready) {
    task.state = state;
    task.ready = ready;
    task.worker.clear();
    task.pause = false;
  }
  std::vector<TaskId> tree(const TaskId& id) const {
    std::vector<TaskId> all = {id};
    for (const auto& [other, task] : tasks)
      if (task.parent == id) all.push_back(other);
    return all;
  }
};

class Models : public QueueTest {
 public:
  Models() {
    for (int i = 0; i < 3; ++i) workers.push_back(worker());
  }

  void add() {
    NewTask made{.kind = random.chance(0.5) ? "a" : "b"};
    made.priority = static_cast<Priority>(random.integer(0, 3));
    if (random.chance(0.2)) made.run_at = clock.now() + 30s;
    const auto id = enqueue(made);
    const bool now = !made.run_at;
    model.tasks[id] = {.kind = made.kind,
                       .ready = now,
                       .age_from = microseconds(),
                       .priority = *made.priority,
                       .run_at = made.run_at.value_or(clock.now())};
  }
  void add_group() {
    const std::vector<NewTask> children(static_cast<std::size_t>(random.integer(1, 3)), NewTask{.kind = "a"});
    const auto id = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "then"}, children); });
    model.tasks[id] = {.kind = "then",
                       .state = TaskState::progress,
                       .ready = false,
                       .phase = 1,
                       .age_from = microseconds(),
                       .run_at = clock.now(),
                       .open = static_cast<std::int64_t>(children.size())};
    std::int64_t place = 0;
    for (const Task& child : database().read([&](Transaction& t) { return list_tasks(t, {.parent_id = id}); })) {
      model.tasks[child.id] = {.kind = "a", .age_from = child.age_from, .run_at = clock.now(), .parent = id};
      EXPECT_LE(child.age_from - microseconds(), 2);
      ++place;
    }
    EXPECT_EQ(place, static_cast<std::int64_t>(children.size()));
  }
  void take() {
    const std::string& by = random.pick(std::span(workers));
    const auto best = model.best_key();
    const auto taken = claim_some(by, 1, {"a", "b", "then"});
    ASSERT_EQ(taken.size(), best ? 1U : 0U);
    if (!best) return;
    ModelTask& task = model.tasks.at(taken[0].id);
    ASSERT_TRUE(task.ready);
    ASSERT_EQ(task.key(), *best);
    task.ready = false;
    // Only a parent has progress here.
    task.state = task.phase > 0 ? TaskState::progress : TaskState::started;
    task.worker = by;
    ++task.fence;
    ++task.attempt;
    handles.push_back(taken[0]);
  }
  void use_handle() {
    if (handles.empty()) return;
    const Task handle = random.pick(std::span(handles));
    const bool held = model.holds(handle);
    Task copy = handle;
    ModelTask& task = model.tasks.at(handle.id);
    copy.attempt = task.attempt;
    const UtcTime now = clock.now();
    bool done = false;
    const int what = random.integer(0, 4);
    write([&](Transaction& t) {
      Task own = copy;
      if (what == 0) done = end_task(t, now, own, TaskState::success, 1, std::nullopt);
      if (what == 1) done = end_task(t, now, own, TaskState::failure, nullptr, TaskError{"x", "y", ""});
      if (what == 2) done = retry_later(t, now, own, now + 20s, {"x", "y", ""});
      if (what == 3) done = give_back(t, now, own);
      if (what == 4) done = store_checkpoint(t, own, 1);
    });
    ASSERT_EQ(done, held);
    if (!held) return;
    if (what == 0) model.end(handle.id, TaskState::success);
    if (what == 1) model.end(handle.id, TaskState::failure);
    if (what == 2 && !model.followed(handle.id)) {
      model.put_down(task, TaskState::retry, false);
      task.run_at = now + 20s;
    }
    if (what == 3) {
      if (!task.cancel) --task.attempt;
      if (!model.followed(handle.id))
        model.put_down(task, task.phase > 0 ? TaskState::progress : TaskState::pending, true);
    }
    if (what == 4) task.attempt = 1;
  }
  void steer() {
    if (model.tasks.empty()) return;
    auto found = model.tasks.begin();
    std::advance(found, random.integer(0, static_cast<int>(model.tasks.size()) - 1));
    const TaskId id = found->first;
    ModelTask& root = found->second;
    const int what = random.integer(0, 3);
    const auto priority = static_cast<Priority>(random.integer(0, 3));
    const auto answer = write([&](Transaction& t) -> Result<void> {
      if (what == 0) return queue.cancel(t, id);
      if (what == 1) return queue.pause(t, id);
      if (what == 2) return queue.resume(t, id);
      return queue.set_priority(t, id, priority);
    });
    const bool allowed = !root.over() && (what != 2 || root.state == TaskState::paused || root.pause);
    ASSERT_EQ(answer.has_value(), allowed);
    if (!allowed) return;
    for (const TaskId& each : model.tree(id)) {
      ModelTask& task = model.tasks.at(each);
      if (task.over()) continue;
      const bool held = !task.worker.empty();
      if (what == 0 && held) task.cancel = true;
      if (what == 0 && !held)
        each == id ? model.end(each, TaskState::revoked) : model.put_down(task, TaskState::revoked, false);
      if (what == 1 && held) task.pause = true;
      if (what == 1 && !held) model.put_down(task, TaskState::paused, false);
      if (what == 2 && held) task.pause = false;
      if (what == 2 && task.state == TaskState::paused)
        model.put_down(task, task.open > 0 ? TaskState::progress : TaskState::pending,
                       task.open == 0 && task.run_at <= clock.now());
      if (what == 3) task.priority = priority;
    }
  }
  void kill_a_worker() {
    std::string& dead = random.pick(std::span(workers));
    clock.advance(11s);
    for (const std::string& each : workers)
      if (each != dead) write([&](Transaction& t) { heartbeat(t, clock.now(), each); });
    const auto buried =
        write([&](Transaction& t) { return release_dead_workers(t, queue, clock.now(), clock.now() - 10s); });
    ASSERT_THAT(buried, testing::ElementsAre(dead));
    for (auto& [id, task] : model.tasks) {
      if (task.worker != dead || model.followed(id)) continue;
      task.run_at = clock.now();
      if (task.attempt >= 3) {
        model.end(id, TaskState::failure);
      } else {
        model.put_down(task, TaskState::retry, true);
      }
    }
    dead = worker();
  }
  void let_time_pass() {
    clock.advance(std::chrono::seconds(random.integer(1, 15)));
    for (const std::string& each : workers) write([&](Transaction& t) { heartbeat(t, clock.now(), each); });
    write([&](Transaction& t) { release_due_tasks(t, clock.now()); });
    for (auto& [id, task] : model.tasks) {
      const bool waits = task.state == TaskState::pending || task.state == TaskState::retry;
      if (waits && task.run_at <= clock.now()) task.ready = true;
    }
  }
  void compare() {
    for (const auto& [id, expected] : model.tasks) {
      const Task found = task(id);
      ASSERT_EQ(name_of(found.state), name_of(expected.state)) << expected.kind;
      ASSERT_EQ(found.worker.value_or(""), expected.worker);
      ASSERT_EQ(found.fence, expected.fence);
      ASSERT_EQ(found.attempt, expected.attempt);
      ASSERT_EQ(found.children_open, expected.open);
      ASSERT_EQ(found.cancel_requested, expected.cancel);
      ASSERT_EQ(found.pause_requested, expected.pause);
    }
  }
  std::int64_t microseconds() const { return std::chrono::microseconds(clock.now().time_since_epoch()).count(); }

  Random random{5};
  Model model;
  std::vector<std::string> workers;
  std::vector<Task> handles;
};
KORRIGO_ON_BOTH_ENGINES(Models);

TEST_P(Models, say_the_same_as_the_queue_after_any_operations) {
  const std::vector<std::pair<double, void (Models::*)()>> operations = {
      {0.12, &Models::add},          {0.05, &Models::add_group}, {0.30, &Models::take},
      {0.30, &Models::use_handle},   {0.15, &Models::steer},     {0.02, &Models::kill_a_worker},
      {0.06, &Models::let_time_pass}};
  const int rounds = std::getenv("KORRIGO_FULL") != nullptr ? 10 : 2;
  for (int round = 0; round < rounds; ++round) {
    for (int step = 0; step < 250; ++step) {
      double pick = random.unit();
      std::size_t at = 0;
      while (at + 1 < operations.size() && pick >= operations[at].first) pick -= operations[at++].first;
      (this->*operations[at].second)();
      if (step % 10 == 0) compare();
      if (HasFatalFailure()) FAIL() << "round " << round << ", step " << step << ", operation " << at;
    }
    for (const auto& known : model.tasks)
      if (!known.second.over()) write([&](Transaction& t) { return queue.cancel(t, known.first); });
    clock.advance(11s);
    write([&](Transaction& t) { release_dead_workers(t, queue, clock.now(), clock.now() - 10s); });
    model.tasks.clear();
    handles.clear();
    for (std::string& each : workers) each = worker();
  }
}

}  // namespace
}  // namespace korrigo::jobs
