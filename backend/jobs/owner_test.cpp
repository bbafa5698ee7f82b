// Rows of a domain that stand for a task hear, in the same transaction, that it was given up or opened again.
#include "jobs/queue_tests.h"

namespace korrigo::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr storage::Statement kCreate{"owned.create", "CREATE TABLE owned (task_id TEXT NOT NULL, state TEXT NOT NULL)"};
constexpr storage::Statement kAdd{"owned.add", "INSERT INTO owned (task_id, state) VALUES ($1, $2)"};
constexpr storage::Statement kTold{"owned.told", "SELECT state FROM owned WHERE task_id = $1"};

class Owners : public QueueTest {
 protected:
  Owners() {
    write([](Transaction& t) { t.execute(kCreate); });
    queue.set_owner("a", [](Transaction& t, const Task& task) {
      EXPECT_EQ(task.payload.at("exam"), "7") << "the task is whole";
      t.execute(kAdd, task.id, name_of(task.state));
    });
  }
  TaskId owned(int max_attempts = 3) {
    NewTask task{.kind = "a", .payload = {{"exam", "7"}}};
    task.max_attempts = max_attempts;
    return enqueue(task);
  }
  std::vector<std::string> told(const TaskId& id) {
    return database().read([&](Transaction& t) {
      std::vector<std::string> states;
      for (const storage::Row& row : t.rows(kTold, id)) states.push_back(row.get<std::string>(0));
      return states;
    });
  }
  /// A pool whose handler of "a" is this.
  std::unique_ptr<WorkerPool> pool(Handler handler) {
    kinds.add("a", std::move(handler));
    auto made = std::make_unique<WorkerPool>(database(), queue, kinds, quick());
    made->start();
    return made;
  }
  Kinds kinds;
};
KORRIGO_ON_BOTH_ENGINES(Owners);

TEST_P(Owners, hear_of_a_waiting_task_that_is_cancelled_and_tried_again) {
  const TaskId id = owned();
  EXPECT_TRUE(write([&](Transaction& t) { return queue.pause(t, id); }));
  EXPECT_THAT(told(id), IsEmpty());
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, id); }));
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, id); }));
  EXPECT_THAT(told(id), ElementsAre("REVOKED", "PENDING"));
}

TEST_P(Owners, hear_nothing_of_what_is_rolled_back) {
  const TaskId id = owned();
  EXPECT_FALSE(write([&](Transaction& t) -> Result<void> {
    EXPECT_TRUE(queue.cancel(t, id));
    return refuse(ErrorKind::conflict, "not.now", "Not now.");
  }));
  EXPECT_EQ(state(id), TaskState::pending);
  EXPECT_THAT(told(id), IsEmpty());
}

TEST_P(Owners, hear_of_children_cancelled_with_their_parent) {
  const std::vector<NewTask> children(2, {.kind = "a", .payload = {{"exam", "7"}}});
  const TaskId parent = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "then"}, children); });
  const std::string by = worker();
  const Task done = claim_one(by);
  EXPECT_TRUE(succeed(done));
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, parent); }));
  EXPECT_THAT(told(done.id), IsEmpty());
  EXPECT_EQ(database().read([&](Transaction& t) {
    return t.row(storage::Statement{"owned.count", "SELECT count(*) FROM owned"})->get<int>(0);
  }),
            1);
}

TEST_P(Owners, hear_of_refusals_and_bugs_but_not_of_what_is_tried_again) {
  std::atomic<int> tries = 0;
  const auto running = pool([&](TaskContext& context) -> Result<Ending> {
    const int attempt = ++tries;
    if (attempt == 1) return refuse(ErrorKind::too_busy, "x.busy", "Busy.");
    if (attempt == 2) return refuse(ErrorKind::invalid_input, "x.bad", "Bad.");
    if (attempt == 3) throw std::logic_error("a bug");
    return context.finish(nullptr);
  });
  const TaskId refused = owned();
  await_state(refused, TaskState::retry);
  EXPECT_THAT(told(refused), IsEmpty());
  clock.advance(5min);
  await_state(refused, TaskState::failure);
  EXPECT_THAT(told(refused), ElementsAre("FAILURE"));
  const TaskId broken = owned();
  await_state(broken, TaskState::failure);
  EXPECT_THAT(told(broken), ElementsAre("FAILURE"));
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, broken); }));
  await_state(broken, TaskState::success);
  EXPECT_THAT(told(broken), ElementsAre("FAILURE", "PENDING"));
}

TEST_P(Owners, hear_of_a_running_task_that_is_cancelled) {
  std::atomic<bool> begun = false;
  const auto running = pool([&](TaskContext& context) -> Result<Ending> {
    begun = true;
    for (;;) {
      context.safe_point();
      std::this_thread::sleep_for(1ms);
    }
  });
  const TaskId id = owned();
  await([&] { return begun.load(); }, "running");
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, id); }));
  await_state(id, TaskState::revoked);
  EXPECT_THAT(told(id), ElementsAre("REVOKED"));
}

TEST_P(Owners, hear_of_a_task_whose_last_worker_died) {
  const TaskId id = owned(2);
  for (int death = 1; death <= 2; ++death) {
    claim_one(worker());
    clock.advance(11s);
    EXPECT_THAT(told(id), IsEmpty());
    write([&](Transaction& t) { release_dead_workers(t, queue, clock.now(), clock.now() - 10s); });
  }
  EXPECT_THAT(told(id), ElementsAre("FAILURE"));
}

TEST_P(Owners, hear_of_a_task_over_its_time_that_reaches_no_safe_point) {
  std::atomic<bool> begun = false, leave = false;
  const auto running = pool([&](TaskContext& context) -> Result<Ending> {
    begun = true;
    while (!leave) std::this_thread::sleep_for(1ms);
    return context.finish(nullptr);
  });
  const TaskId id = owned();
  await([&] { return begun.load(); }, "running");
  clock.advance(40min);
  await_state(id, TaskState::failure);
  leave = true;
  EXPECT_THAT(told(id), ElementsAre("FAILURE"));
}

}  // namespace
}  // namespace korrigo::jobs
