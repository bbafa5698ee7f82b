#include "jobs/queue_tests.h"

namespace korrigo::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Queues : public QueueTest {
 protected:
  std::vector<TaskId> claimed_in_order(const std::vector<std::string>& kinds = {"a"}) {
    const std::string by = worker();
    std::vector<TaskId> ids;
    for (;;) {
      const auto tasks = claim_some(by, 1, kinds);
      if (tasks.empty()) return ids;
      ids.push_back(tasks.front().id);
    }
  }
};
KORRIGO_ON_BOTH_ENGINES(Queues);

TEST_P(Queues, hold_a_task_exactly_when_its_cause_was_committed) {
  EXPECT_THROW(write([&](Transaction& t) {
                 queue.enqueue(t, {.kind = "a"});
                 throw std::runtime_error("no");
               }),
               std::runtime_error);
  EXPECT_THAT(claim_some(worker(), 10), IsEmpty());
  NewTask task{.kind = "a", .payload = {{"file", "é\u0000.pdf"}}};
  task.exam_id = ExamId("01940000-0000-7000-8000-000000000001");
  task.created_by = UserId{7};
  const TaskId id = enqueue(task);
  const Task claimed = claim_one(worker());
  EXPECT_EQ(claimed.id, id);
  EXPECT_EQ(claimed.payload, task.payload);
  EXPECT_EQ(claimed.exam_id, task.exam_id);
  EXPECT_EQ(claimed.created_by, task.created_by);
  EXPECT_EQ(claimed.state, TaskState::started);
  EXPECT_EQ(claimed.attempt, 1);
}

TEST_P(Queues, give_each_task_to_one_of_eight_threads) {
  constexpr int kTasks = 400;
  write([&](Transaction& t) { queue.enqueue_all(t, std::vector<NewTask>(kTasks, NewTask{.kind = "a"})); });
  std::vector<std::thread> threads;
  std::vector<std::vector<TaskId>> claimed(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const std::string by = worker();
      for (int misses = 0; misses < 50;) {
        const auto tasks = claim_some(by, 1 + i % 3);
        for (const Task& each : tasks) claimed[i].push_back(each.id);
        misses = tasks.empty() ? misses + 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<TaskId> all;
  for (const auto& some : claimed) all.insert(all.end(), some.begin(), some.end());
  EXPECT_THAT(all, SizeIs(kTasks));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST_P(Queues, take_the_more_urgent_first_and_the_older_among_equals) {
  const auto low = enqueue("a", Priority::low);
  clock.advance(1s);
  const auto medium = enqueue("a", Priority::medium);
  clock.advance(1s);
  const auto high = enqueue("b", Priority::high);
  const auto critical = enqueue("a", Priority::critical);
  clock.advance(1s);
  const auto later = enqueue("a", Priority::critical);
  EXPECT_THAT(claimed_in_order({"a", "b"}), ElementsAre(critical, later, high, medium, low));
}

TEST_P(Queues, let_no_stream_of_urgent_tasks_starve_a_low_one) {
  const auto low = enqueue("a", Priority::low);
  const std::string by = worker();
  for (int minutes = 0; minutes < 200; minutes += 10) {
    enqueue("a", Priority::critical);
    const Task next = claim_one(by);
    if (next.id == low) {
      EXPECT_GE(minutes, 120);
      return;
    }
    clock.advance(10min);
  }
  FAIL() << "the low one was never taken";
}

TEST_P(Queues, take_no_more_of_a_kind_than_it_has_places) {
  for (int i = 0; i < 5; ++i) enqueue("a");
  const auto b = enqueue("b");
  const std::string by = worker();
  const std::vector<Room> rooms = {{"a", 2}, {"b", 5}, {"c", 5}};
  const auto tasks = write([&](Transaction& t) { return claim(t, clock.now(), by, rooms, 10); });
  EXPECT_THAT(tasks, SizeIs(3));
  EXPECT_EQ(std::count_if(tasks.begin(), tasks.end(), [](const Task& each) { return each.kind == "a"; }), 2);
}

TEST_P(Queues, keep_a_task_back_until_its_time) {
  NewTask task{.kind = "a"};
  task.run_at = clock.now() + 1min;
  const auto id = enqueue(task);
  const auto release = [&] { return write([&](Transaction& t) { return release_due_tasks(t, clock.now()); }); };
  EXPECT_THAT(release(), IsEmpty());
  EXPECT_THAT(claim_some(worker(), 1), IsEmpty());
  clock.advance(1min);
  EXPECT_THAT(release(), ElementsAre("a"));
  EXPECT_EQ(claim_one(worker()).id, id);
}

TEST_P(Queues, return_the_earlier_task_for_one_idempotency_key) {
  NewTask task{.kind = "a"};
  task.idempotency_key = "export of exam 1";
  const auto ids = write([&](Transaction& t) { return queue.enqueue_all(t, std::vector<NewTask>{task, task}); });
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_EQ(enqueue(task), ids[0]);
  Task claimed = claim_one(worker());
  write([&](Transaction& t) {
    Task copy = claimed;
    end_task(t, clock.now(), copy, TaskState::failure, nullptr, TaskError{"x", "y", ""});
  });
  const auto anew = enqueue(task);
  EXPECT_NE(anew, ids[0]);
  const auto again = write([&](Transaction& t) { return queue.retry(t, ids[0]); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "task.duplicate");
}

TEST_P(Queues, return_one_task_to_threads_that_ask_with_one_key_at_once) {
  NewTask task{.kind = "a"};
  task.idempotency_key = "k";
  std::vector<TaskId> ids(8);
  std::vector<std::thread> threads;
  for (TaskId& id : ids) threads.emplace_back([&] { id = enqueue(task); });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(ids, testing::Each(ids[0]));
}

TEST_P(Queues, refuse_what_a_worker_writes_that_was_taken_for_dead) {
  enqueue("a");
  const std::string dead = worker();
  Task lost = claim_one(dead);
  clock.advance(11s);
  write([&](Transaction& t) { release_dead_workers(t, queue, clock.now(), clock.now() - 10s); });
  EXPECT_FALSE(write([&](Transaction& t) { return store_checkpoint(t, lost, 1); }));
  EXPECT_FALSE(write([&](Transaction& t) { return heartbeat(t, clock.now(), dead); }));
  EXPECT_THROW(claim_some(dead, 1), storage::DatabaseError);
  const std::string other = worker();
  const Task found = claim_one(other);
  EXPECT_EQ(found.id, lost.id);
  EXPECT_EQ(found.attempt, 2);
  EXPECT_FALSE(succeed(lost, "old"));
  EXPECT_TRUE(succeed(found, "new"));
  EXPECT_FALSE(succeed(found, "twice"));
  EXPECT_EQ(task(lost.id).result, "new");
}

TEST_P(Queues, leave_a_worker_alone_that_shows_it_lives) {
  enqueue("a");
  const std::string alive = worker();
  claim_one(alive);
  for (int i = 0; i < 5; ++i) {
    clock.advance(3s);
    EXPECT_TRUE(write([&](Transaction& t) { return heartbeat(t, clock.now(), alive); }));
    const auto dead =
        write([&](Transaction& t) { return release_dead_workers(t, queue, clock.now(), clock.now() - 10s); });
    EXPECT_THAT(dead, IsEmpty());
  }
}

TEST_P(Queues, give_a_task_up_whose_workers_keep_dying_unless_it_went_forward) {
  const auto die = [&](bool forward) {
    Task held = claim_one(worker());
    if (forward) write([&](Transaction& t) { store_checkpoint(t, held, held.fence); });
    clock.advance(11s);
    write([&](Transaction& t) { release_dead_workers(t, queue, clock.now(), clock.now() - 10s); });
  };
  const auto id = enqueue("a");
  die(false);
  die(false);
  die(true);
  EXPECT_EQ(state(id), TaskState::retry);
  die(false);
  EXPECT_EQ(task(id).checkpoint, 3);
  die(false);
  EXPECT_EQ(state(id), TaskState::failure);
  EXPECT_EQ(task(id).error->code, "task.worker_lost");
}

TEST_P(Queues, change_the_order_of_those_that_wait) {
  const auto first = enqueue("a", Priority::low);
  const auto second = enqueue("a", Priority::medium);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.set_priority(t, first, Priority::critical); }));
  EXPECT_THAT(claimed_in_order(), ElementsAre(first, second));
}

TEST_P(Queues, steer_what_waits_at_once) {
  const auto id = enqueue("a");
  EXPECT_TRUE(write([&](Transaction& t) { return queue.pause(t, id); }));
  EXPECT_EQ(state(id), TaskState::paused);
  EXPECT_THAT(claim_some(worker(), 1), IsEmpty());
  EXPECT_TRUE(write([&](Transaction& t) { return queue.resume(t, id); }));
  EXPECT_EQ(state(id), TaskState::pending);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, id); }));
  EXPECT_EQ(state(id), TaskState::revoked);
  EXPECT_THAT(claim_some(worker(), 1), IsEmpty());
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, id); }));
  EXPECT_EQ(claim_one(worker()).id, id);
}

TEST_P(Queues, refuse_to_steer_what_is_not_there_or_over) {
  const auto id = enqueue("a");
  succeed(claim_one(worker()));
  const auto code = [&](auto operation, const TaskId& which) {
    const auto answer = write([&](Transaction& t) -> Result<void> { return (queue.*operation)(t, which); });
    return answer ? std::string() : answer.error().code;
  };
  const TaskId unknown("01940000-0000-7000-8000-000000000001");
  for (const auto operation : {&Queue::cancel, &Queue::pause}) {
    EXPECT_EQ(code(operation, id), "task.over");
    EXPECT_EQ(code(operation, unknown), "task.not_found");
  }
  EXPECT_EQ(code(&Queue::resume, id), "task.not_paused");
  EXPECT_EQ(code(&Queue::resume, unknown), "task.not_found");
  EXPECT_EQ(code(&Queue::retry, id), "task.not_over");
  EXPECT_EQ(code(&Queue::resume, enqueue("a")), "task.not_paused");
}

TEST_P(Queues, go_on_after_all_children_however_they_ended) {
  const std::vector<NewTask> children = {
      {.kind = "a", .payload = {{"n", 0}}}, {.kind = "a", .payload = {{"n", 1}}}, {.kind = "a", .payload = {{"n", 2}}}};
  const auto parent = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "then"}, children); });
  const std::string by = worker();
  const auto held = claim_some(by, 3);
  ASSERT_THAT(held, SizeIs(3));
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, held[2].id); }));
  EXPECT_TRUE(succeed(held[1], 11));
  write([&](Transaction& t) {
    Task copy = held[0];
    end_task(t, clock.now(), copy, TaskState::failure, nullptr, TaskError{"page.bad", "Page 0 is bad.", ""});
  });
  EXPECT_EQ(task(parent).progress.percent(), 66);
  EXPECT_THAT(claim_some(by, 1, {"then"}), IsEmpty());
  write([&](Transaction& t) {
    Task copy = held[2];
    give_back(t, clock.now(), copy);  // as a worker does that was asked to cancel
  });
  const Task then = claim_one(by, {"then"});
  EXPECT_EQ(then.phase, 1);
  const auto ends = database().read([&](Transaction& t) { return queue.children_of(t, then); });
  ASSERT_THAT(ends, SizeIs(3));
  EXPECT_EQ(ends[0].error->code, "page.bad");
  EXPECT_EQ(ends[1].result, 11);
  EXPECT_EQ(ends[1].payload.at("n"), 1);
  EXPECT_EQ(ends[2].state, TaskState::revoked);
}

TEST_P(Queues, steer_children_with_their_parent) {
  const std::vector<NewTask> children(4, {.kind = "a"});
  const auto parent = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "then"}, children); });
  const std::string by = worker();
  EXPECT_TRUE(succeed(claim_one(by)));
  const Task running = claim_one(by);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.pause(t, parent); }));
  EXPECT_THAT(claim_some(by, 5), IsEmpty());
  EXPECT_TRUE(task(running.id).pause_requested);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.resume(t, parent); }));
  EXPECT_FALSE(task(running.id).pause_requested);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, parent); }));
  EXPECT_EQ(state(parent), TaskState::revoked);
  EXPECT_TRUE(task(running.id).cancel_requested);
  EXPECT_THAT(claim_some(by, 5), IsEmpty());
  // Retried, the parent waits for those that did not succeed, and for the one that still runs.
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, parent); }));
  EXPECT_EQ(task(parent).children_open, 3);
  EXPECT_FALSE(task(running.id).cancel_requested);
  EXPECT_TRUE(succeed(running));
  for (const Task& each : claim_some(by, 5)) EXPECT_TRUE(succeed(each));
  EXPECT_EQ(claim_one(by, {"then"}).id, parent);
}

TEST_P(Queues, wait_again_for_a_child_that_is_retried) {
  const std::vector<NewTask> children(2, {.kind = "a"});
  const auto parent = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "then"}, children); });
  const std::string by = worker();
  const auto fail = [&](Task failed) {
    write([&](Transaction& t) {
      Task copy = failed;
      end_task(t, clock.now(), copy, TaskState::failure, nullptr, TaskError{"x", "y", ""});
    });
  };
  const auto held = claim_some(by, 2);
  fail(held[0]);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, held[0].id); }));
  EXPECT_EQ(task(parent).children_open, 2);
  fail(held[1]);
  fail(claim_one(by));
  EXPECT_EQ(claim_one(by, {"then"}).id, parent);
  // The parent has gone on: a child retried now is on its own.
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, held[1].id); }));
  EXPECT_TRUE(succeed(claim_one(by)));
  EXPECT_EQ(task(parent).children_open, 0);
}

}  // namespace
}  // namespace korrigo::jobs
