#include "jobs/task_status.h"

#include <boost/json/serialize.hpp>

#include "jobs/queue_tests.h"

namespace korrigo::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class TaskStatuses : public QueueTest {
 protected:
  std::string status(const TaskId& id, Viewer viewer = {UserId{7}, false}) {
    return boost::json::serialize(database().read([&](Transaction& t) { return status_json(t, id.text(), viewer); }));
  }
  TaskId enqueue_for(UserId user) {
    NewTask task{.kind = "a"};
    task.created_by = user;
    return enqueue(task);
  }
  std::vector<TaskId> listed(const TaskFilter& filter) {
    std::vector<TaskId> ids;
    for (const Task& each : database().read([&](Transaction& t) { return list_tasks(t, filter); }))
      ids.push_back(each.id);
    return ids;
  }
  void fail(Task failed) {
    write([&](Transaction& t) {
      end_task(t, clock.now(), failed, TaskState::failure, nullptr, TaskError{"file.missing", "File not found", "x"});
    });
  }
};
KORRIGO_ON_BOTH_ENGINES(TaskStatuses);

TEST_P(TaskStatuses, answer_as_the_reference_does) {
  const auto id = enqueue_for(UserId{7});
  const std::string start = R"({"task_id":")" + id.text() + R"(",)";
  EXPECT_EQ(status(id), start + R"("status":"PENDING","ready":false})");
  Task held = claim_one(worker());
  EXPECT_EQ(status(id), start + R"("status":"STARTED","ready":false})");
  write([&](Transaction& t) { store_progress(t, clock.now(), held, {50, 100, ""}); });
  EXPECT_EQ(status(id),
            start + R"("status":"PROGRESS","ready":false,"progress":{"current":50,"total":100,"percent":50}})");
  succeed(held, {{"created", 150}});
  EXPECT_EQ(status(id), start + R"("status":"SUCCESS","ready":true,"result":{"created":150}})");
  const auto bad = enqueue_for(UserId{7});
  fail(claim_one(worker()));
  EXPECT_EQ(status(bad), R"({"task_id":")" + bad.text() +
                             R"(","status":"FAILURE","ready":true,"result":{"error":"File not found","status":"error",)"
                             R"("code":"file.missing"}})");
}

TEST_P(TaskStatuses, show_a_task_to_its_owner_and_to_admins_only) {
  const auto id = enqueue_for(UserId{7});
  claim_one(worker());
  EXPECT_THAT(status(id), testing::HasSubstr("STARTED"));
  EXPECT_THAT(status(id, {UserId{8}, true}), testing::HasSubstr("STARTED"));
  EXPECT_THAT(status(id, {UserId{8}, false}), testing::HasSubstr(R"("status":"PENDING","ready":false)"));
  const auto unknown = database().read([&](Transaction& t) { return status_json(t, "abc123", {UserId{7}, true}); });
  EXPECT_EQ(boost::json::serialize(unknown), R"({"task_id":"abc123","status":"PENDING","ready":false})");
}

TEST_P(TaskStatuses, list_by_group_and_filter_newest_first) {
  const auto at = [&](const NewTask& made) {
    clock.advance(std::chrono::seconds(1));
    return enqueue(made);
  };
  const ExamId exam("01940000-0000-7000-8000-000000000001");
  NewTask of_exam{.kind = "b"};
  of_exam.exam_id = exam;
  of_exam.created_by = UserId{3};
  const auto failed = at({.kind = "a"});
  fail(claim_one(worker()));
  const auto running = at({.kind = "a"});
  claim_one(worker());
  const auto paused = at({.kind = "a"});
  write([&](Transaction& t) { return queue.pause(t, paused); });
  const auto waiting = at({.kind = "a", .priority = Priority::high});
  const auto exams = at(of_exam);
  const auto group = write([&](Transaction& t) {
    return queue.enqueue_group(t, {.kind = "then"}, std::vector<NewTask>(2, NewTask{.kind = "child"}));
  });
  EXPECT_THAT(listed({}), testing::UnorderedElementsAre(group, exams, waiting, paused, running, failed));
  EXPECT_THAT(listed({.group = TaskGroup::waiting}), ElementsAre(exams, waiting));
  EXPECT_THAT(listed({.group = TaskGroup::paused}), ElementsAre(paused));
  EXPECT_THAT(listed({.group = TaskGroup::failed}), ElementsAre(failed));
  EXPECT_THAT(listed({.group = TaskGroup::over}), ElementsAre(failed));
  EXPECT_THAT(listed({.state = TaskState::started}), ElementsAre(running));
  EXPECT_THAT(listed({.priority = Priority::high}), ElementsAre(waiting));
  EXPECT_THAT(listed({.exam_id = exam}), ElementsAre(exams));
  EXPECT_THAT(listed({.created_by = UserId{3}}), ElementsAre(exams));
  EXPECT_THAT(listed({.parent_id = group}), SizeIs(2));
  EXPECT_THAT(listed({.children_too = true, .limit = 3}), SizeIs(3));
  EXPECT_THAT(listed({.before = paused}), ElementsAre(running, failed));
  EXPECT_THAT(listed({.since = clock.now() + std::chrono::seconds(1)}), IsEmpty());
}

TEST_P(TaskStatuses, count_what_is_open_and_what_ended_lately) {
  for (int i = 0; i < 3; ++i) enqueue("a", Priority::high);
  fail(claim_one(worker()));
  const Task good = claim_one(worker());
  clock.advance(std::chrono::seconds(10));
  succeed(good);
  const auto counts =
      database().read([&](Transaction& t) { return count_tasks(t, clock.now() - std::chrono::hours(1)); });
  std::map<std::string, std::int64_t> by_state;
  for (const TaskCount& each : counts) by_state[std::string(name_of(each.state))] += each.count;
  EXPECT_EQ(by_state, (std::map<std::string, std::int64_t>{{"PENDING", 1}, {"FAILURE", 1}, {"SUCCESS", 1}}));
  const auto spans = database().read(
      [&](Transaction& t) { return throughput(t, clock.now() - std::chrono::hours(1), std::chrono::hours(1)); });
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].succeeded, 1);
  EXPECT_EQ(spans[0].failed, 1);
  EXPECT_DOUBLE_EQ(spans[0].mean_seconds, 5);
}

}  // namespace
}  // namespace korrigo::jobs
