// The routes of tasks on both engines.
#include "jobs/tasks_api.h"

#include "http/file_reading.h"
#include "jobs/tasks_api_tests.h"

namespace korrigo::jobs {
namespace {

using http::Method;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class TaskRoutes : public QueueTest {
 protected:
  TaskRoutes() {
    router.add(routes(database(), queue, [this](const std::string& key) { return opened(key); }));
  }
  std::optional<UniqueFd> opened(const std::string& key) {
    if (!std::filesystem::exists(files.path() / key)) return std::nullopt;
    return open_for_reading(files.path() / key);
  }
  Answer get(std::string_view target, const accounts::Caller& who = kBoss) {
    return ask(router, Method::get, target, who);
  }
  Answer post(const TaskId& id, std::string_view act) {
    return ask(router, Method::post, fmt::format("/api/tasks/{}/{}/", id.text(), act));
  }
  std::vector<std::string> listed(std::string_view query) {
    const Answer answer = get(fmt::format("/api/tasks/?{}", query));
    EXPECT_EQ(answer.status, 200) << query;
    std::vector<std::string> kinds;
    for (const auto& task : answer.body.at("results").as_array()) {
      kinds.emplace_back(task.at("kind").as_string());
    }
    return kinds;
  }
  TaskId owned(std::string kind) {
    NewTask task{.kind = std::move(kind)};
    task.created_by = kOwner.user;
    return enqueue(task);
  }
  TaskId finished(const std::string& kind, boost::json::value result = nullptr) {
    const TaskId id = owned(kind);
    EXPECT_TRUE(succeed(claim_one(worker(), {kind}), std::move(result)));
    return id;
  }
  TaskId aged(std::string kind, Priority priority = Priority::medium) {
    clock.advance(std::chrono::seconds(1));
    return enqueue(std::move(kind), priority);
  }

  TempFolder files;
  http::Router router;
};
KORRIGO_ON_BOTH_ENGINES(TaskRoutes);

TEST_P(TaskRoutes, lists_the_newest_first_by_page) {
  for (const char* kind : {"a", "b", "c"}) aged(kind);
  const Answer first = get("/api/tasks/?page_size=2");
  EXPECT_EQ(first.body.at("count"), 3);
  EXPECT_EQ(first.body.at("results").as_array().size(), 2U);
  EXPECT_EQ(first.body.at("results").at(0).at("kind"), "c");
  EXPECT_EQ(first.body.at("next"), "/api/tasks/?page_size=2&page=2");
  EXPECT_THAT(listed("page_size=2&page=2"), ElementsAre("a"));
  EXPECT_EQ(get("/api/tasks/?page=9").code(), "page.not_found");
  EXPECT_THAT(listed("ordering=created_at"), ElementsAre("a", "b", "c"));
}

TEST_P(TaskRoutes, orders_by_urgency_and_by_end) {
  aged("low", Priority::low);
  aged("critical", Priority::critical);
  aged("high", Priority::high);
  EXPECT_THAT(listed("ordering=priority"), ElementsAre("critical", "high", "low"));
  EXPECT_THAT(listed("ordering=-priority"), ElementsAre("low", "high", "critical"));
  ASSERT_TRUE(succeed(claim_one(worker(), {"high"})));
  clock.advance(std::chrono::seconds(1));
  ASSERT_TRUE(succeed(claim_one(worker(), {"low"})));
  EXPECT_THAT(listed("ordering=finished_at"), ElementsAre("high", "low", "critical"));
  EXPECT_THAT(listed("ordering=-finished_at"), ElementsAre("low", "high", "critical"));
}

TEST_P(TaskRoutes, filters_by_what_is_asked) {
  const ExamId exam(make_uuid_v7(clock.now()));
  NewTask batch{.kind = "batch"};
  batch.exam_id = exam;
  enqueue(batch);
  finished("done");
  enqueue("urgent", Priority::critical);
  ASSERT_TRUE(post(enqueue("cancelled"), "cancel").status == 200);
  EXPECT_THAT(listed("status=SUCCESS"), ElementsAre("done"));
  EXPECT_THAT(listed("status=SUCCESS,REVOKED"), UnorderedElementsAre("done", "cancelled"));
  EXPECT_THAT(listed("status=PENDING"), UnorderedElementsAre("batch", "urgent"));
  EXPECT_THAT(listed("priority=CRITICAL"), ElementsAre("urgent"));
  EXPECT_THAT(listed("kind=batch&status=PENDING,SUCCESS"), ElementsAre("batch"));
  EXPECT_THAT(listed("exam=" + exam.text()), ElementsAre("batch"));
  EXPECT_THAT(listed("exam=" + make_uuid_v4()), IsEmpty());
  for (const char* wrong : {"status=DONE", "priority=HUGE", "exam=7", "parent=x", "ordering=kind"}) {
    const Answer answer = get(fmt::format("/api/tasks/?{}", wrong));
    EXPECT_EQ(answer.status, 400) << wrong;
    EXPECT_EQ(answer.code(), "request.invalid") << wrong;
  }
}

TEST_P(TaskRoutes, leave_out_what_the_server_started_itself_unless_it_failed) {
  aged("cleanup");
  clock.advance(std::chrono::seconds(1));
  owned("export");
  aged("mail");
  Task mail = claim_one(worker(), {"mail"});
  write([&](Transaction& t) { end_task(t, clock.now(), mail, TaskState::failure, nullptr, TaskError{"x", "y", ""}); });
  EXPECT_THAT(listed("by_server=false"), ElementsAre("mail", "export"));
  EXPECT_THAT(listed("by_server=true"), ElementsAre("mail", "export", "cleanup"));
  EXPECT_THAT(listed("by_server=false&status=PENDING"), ElementsAre("export"));
  EXPECT_EQ(get("/api/tasks/?by_server=no").code(), "request.invalid");
}

TEST_P(TaskRoutes, show_children_only_under_their_parent) {
  const NewTask children[] = {NewTask{.kind = "x"}, NewTask{.kind = "y"}};
  const TaskId parent = write([&](Transaction& t) { return queue.enqueue_group(t, NewTask{.kind = "p"}, children); });
  EXPECT_THAT(listed(""), ElementsAre("p"));
  EXPECT_THAT(listed("parent=" + parent.text()), UnorderedElementsAre("x", "y"));
  const Answer answer = get("/api/tasks/");
  EXPECT_EQ(answer.body.at("results").at(0).at("children_count"), 2);
  EXPECT_EQ(answer.body.at("results").at(0).at("progress").at("total"), 2);
}

TEST_P(TaskRoutes, steer_and_say_what_can_be_done_next) {
  const TaskId id = enqueue("a");
  Answer answer = post(id, "pause");
  EXPECT_EQ(answer.body.at("status"), "PAUSED");
  EXPECT_TRUE(answer.body.at("permissions").at("resume").as_bool());
  EXPECT_FALSE(answer.body.at("permissions").at("pause").as_bool());
  EXPECT_EQ(post(id, "resume").body.at("status"), "PENDING");
  EXPECT_EQ(post(id, "resume").code(), "task.not_paused");
  EXPECT_EQ(post(id, "retry").code(), "task.not_over");
  answer = post(id, "cancel");
  EXPECT_EQ(answer.body.at("status"), "REVOKED");
  EXPECT_EQ(answer.body.at("error_code"), "task.cancelled");
  EXPECT_TRUE(answer.body.at("permissions").at("retry").as_bool());
  EXPECT_FALSE(answer.body.at("permissions").at("cancel").as_bool());
  EXPECT_EQ(post(id, "cancel").status, 409);
  EXPECT_EQ(post(id, "retry").body.at("status"), "PENDING");
  EXPECT_EQ(post(TaskId(make_uuid_v4()), "cancel").code(), "task.not_found");
  EXPECT_EQ(ask(router, Method::post, "/api/tasks/none/pause/").status, 404);
}

TEST_P(TaskRoutes, do_not_offer_a_retry_that_would_be_refused) {
  NewTask keyed{.kind = "a"};
  keyed.idempotency_key = "once";
  const TaskId first = enqueue(keyed);
  EXPECT_TRUE(post(first, "cancel").body.at("permissions").at("retry").as_bool());
  enqueue(keyed);
  const Answer answer = get("/api/tasks/?status=REVOKED");
  EXPECT_FALSE(answer.body.at("results").at(0).at("permissions").at("retry").as_bool());
  EXPECT_EQ(post(first, "retry").code(), "task.duplicate");
}

TEST_P(TaskRoutes, change_the_priority_of_what_is_not_over) {
  const TaskId id = enqueue("a");
  const std::string path = fmt::format("/api/tasks/{}/", id.text());
  const Answer answer = ask(router, Method::patch, path, kBoss, R"({"priority": "LOW"})");
  EXPECT_EQ(answer.body.at("priority"), "LOW");
  EXPECT_EQ(ask(router, Method::patch, path, kBoss, R"({"priority": "SOON"})").status, 400);
  EXPECT_EQ(ask(router, Method::patch, path, kBoss, "{}").code(), "request.invalid");
  post(id, "cancel");
  EXPECT_EQ(ask(router, Method::patch, path, kBoss, R"({"priority": "HIGH"})").code(), "task.over");
}

TEST_P(TaskRoutes, leave_a_trace_of_who_steered) {
  const TaskId id = enqueue("a");
  post(id, "cancel");
  const audit::Page page = database().read([](Transaction& t) { return audit::list(t, {}); });
  ASSERT_EQ(page.count, 1);
  EXPECT_EQ(page.entries[0].action, "task.cancel");
  EXPECT_EQ(page.entries[0].target_id, id.text());
  EXPECT_EQ(page.entries[0].by.user, kBoss.user);
}

TEST_P(TaskRoutes, tell_the_status_to_its_owner_alone) {
  const TaskId id = finished("a", {{"copies", 3}});
  const std::string path = fmt::format("/api/tasks/{}/status/", id.text());
  EXPECT_EQ(get(path, kOwner).body.at("result").at("copies"), 3);
  EXPECT_EQ(get(path, kBoss).body.at("ready"), true);
  EXPECT_EQ(get(path, kStranger).body.at("status"), "PENDING");
  EXPECT_EQ(get("/api/tasks/abc123/status/", kStranger).body.at("task_id"), "abc123");
}

TEST_P(TaskRoutes, give_every_ready_status_a_result) {
  const TaskId empty = finished("a");
  EXPECT_TRUE(get(fmt::format("/api/tasks/{}/status/", empty.text())).body.at("result").as_object().empty());
  const TaskId cancelled = enqueue("a");
  post(cancelled, "cancel");
  const Answer answer = get(fmt::format("/api/tasks/{}/status/", cancelled.text()));
  EXPECT_EQ(answer.body.at("result").at("status"), "revoked");
  EXPECT_FALSE(answer.body.at("result").at("error").as_string().empty());
}

TEST_P(TaskRoutes, send_the_file_a_task_made) {
  write_file(files.path() / "export.csv", std::string_view("name\n"));
  const TaskId id = finished("a", {{"file", "export.csv"}, {"filename", "Élèves.csv"}, {"content_type", "text/csv"}});
  const std::string path = fmt::format("/api/tasks/{}/result/", id.text());
  const Answer answer = get(path, kOwner);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.response.headers.get("Content-Type"), "text/csv");
  EXPECT_THAT(std::string(answer.response.headers.get("Content-Disposition").value()),
              testing::StartsWith("attachment; filename=\"_l_ves.csv\""));
  std::string bytes(5, ' ');
  http::read_at(std::get<http::FileBody>(answer.response.body).fd.get(), 0, bytes);
  EXPECT_EQ(bytes, "name\n");
  EXPECT_EQ(get(path, kStranger).code(), "task.not_found");
  EXPECT_EQ(get(fmt::format("/api/tasks/{}/result/", make_uuid_v4())).code(), "task.not_found");
}

TEST_P(TaskRoutes, refuse_a_file_that_is_not_there) {
  for (const TaskId& id : {finished("a"), finished("a", {{"file", "gone.csv"}}), finished("a", {{"file", 7}})}) {
    const Answer answer = get(fmt::format("/api/tasks/{}/result/", id.text()));
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.code(), "task.no_file");
  }
}

TEST_P(TaskRoutes, show_log_lines_in_order) {
  const TaskId id = enqueue("reading");
  write([&](Transaction& t) {
    const LogLine lines[] = {
        {clock.now(), "info", "one"}, {clock.now(), "warning", "two"}, {clock.now(), "error", "3"}};
    store_log(t, id, lines);
  });
  const std::string path = fmt::format("/api/tasks/{}/logs/", id.text());
  const Answer answer = get(path + "?page_size=2&page=1");
  EXPECT_EQ(answer.body.at("count"), 3);
  EXPECT_EQ(answer.body.at("results").at(1).at("message"), "two");
  EXPECT_EQ(answer.body.at("results").at(1).at("level"), "warning");
  EXPECT_EQ(answer.body.at("results").at(1).at("logger"), "reading");
  EXPECT_EQ(get(path + "?page_size=2&page=2").body.at("results").at(0).at("message"), "3");
  EXPECT_EQ(get(fmt::format("/api/tasks/{}/logs/", make_uuid_v4())).status, 404);
}

}  // namespace
}  // namespace korrigo::jobs
