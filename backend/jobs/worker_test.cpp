#include "jobs/worker.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <system_error>

#include "events/bus.h"
#include "jobs/queue_tests.h"
#include "jobs/retention.h"

namespace korrigo::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Opens once; what waits for it goes on.
class Gate {
 public:
  void open() { open_ = true; }
  void pass(TaskContext& context) {
    ++waiting_;
    while (!open_) {
      context.safe_point();
      std::this_thread::sleep_for(1ms);
    }
  }
  int waiting() const { return waiting_; }

 private:
  std::atomic<bool> open_{false};
  std::atomic<int> waiting_{0};
};

class Workers : public QueueTest {
 protected:
  WorkerPool& start(WorkerOptions options = quick()) {
    options.trouble = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
    pools.push_back(std::make_unique<WorkerPool>(database(), queue, kinds, std::move(options)));
    pools.back()->start();
    return *pools.back();
  }
  void TearDown() override { pools.clear(); }
  std::string logged(const TaskId& id) {
    std::string all;
    for (const LogEntry& line : database().read([&](Transaction& t) { return log_of(t, id); })) all += line.text + "\n";
    return all;
  }

  Kinds kinds;
  std::vector<std::unique_ptr<WorkerPool>> pools;
};
KORRIGO_ON_BOTH_ENGINES(Workers);

TEST_P(Workers, do_what_is_enqueued_once_each) {
  std::atomic<int> done{0};
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    ++done;
    return context.finish({{"n", context.payload().at("n")}});
  });
  start(quick(4));
  start(quick(4));
  std::vector<NewTask> tasks;
  for (int i = 0; i < 200; ++i) tasks.push_back({.kind = "a", .payload = {{"n", i}}});
  const auto ids = write([&](Transaction& t) { return queue.enqueue_all(t, tasks); });
  for (const TaskId& id : ids) await_state(id, TaskState::success);
  EXPECT_EQ(done, 200);
  EXPECT_EQ(boost::json::serialize(task(ids[17]).result), R"({"n":17})");
}

TEST_P(Workers, write_final_rows_and_success_together_or_neither) {
  kinds.add("a", [&](TaskContext& context) {
    return context.finish([&](Transaction& t) -> Result<boost::json::value> {
      NewTask made{.kind = "made"};
      made.idempotency_key = fmt::format("by {}", context.task().id.text());
      queue.enqueue(t, made);
      if (context.payload().contains("bad")) return refuse(ErrorKind::invalid_input, "a.bad", "It is bad.");
      return boost::json::value(1);
    });
  });
  start();
  const auto good = enqueue("a");
  const auto bad = enqueue({.kind = "a", .payload = {{"bad", true}}});
  await_state(good, TaskState::success);
  await_state(bad, TaskState::failure);
  EXPECT_EQ(task(bad).error->code, "a.bad");
  TaskFilter filter;
  filter.kind = "made";
  EXPECT_THAT(database().read([&](Transaction& t) { return list_tasks(t, filter); }), SizeIs(1));
}

struct Trouble {
  const char* name;
  std::function<Result<Ending>()> stumble;
  bool again;
  const char* code;
};

TEST_P(Workers, try_again_what_may_pass_and_nothing_else) {
  const std::vector<Trouble> troubles = {
      {"busy", [] { return refuse(ErrorKind::too_busy, "x.busy", "Busy."); }, true, "x.busy"},
      {"limited", [] { return refuse(ErrorKind::limited, "x.limited", "Limited."); }, true, "x.limited"},
      {"system", []() -> Result<Ending> { throw std::system_error(ENOSPC, std::generic_category()); }, true,
       "task.trouble"},
      {"lost", []() -> Result<Ending> { throw storage::DatabaseError(storage::Fault::lost, "gone"); }, true,
       "task.trouble"},
      {"input", [] { return refuse(ErrorKind::invalid_input, "x.input", "Bad."); }, false, "x.input"},
      {"missing", [] { return refuse(ErrorKind::not_found, "x.missing", "Gone."); }, false, "x.missing"},
      {"conflict", [] { return refuse(ErrorKind::conflict, "x.conflict", "No."); }, false, "x.conflict"},
      {"bug", []() -> Result<Ending> { throw std::logic_error("oops"); }, false, "task.internal"},
      {"check", []() -> Result<Ending> { throw storage::DatabaseError(storage::Fault::check, "no"); }, false,
       "task.internal"},
  };
  kinds.add("a", [&](TaskContext& context) { return troubles[context.payload().at("n").as_int64()].stumble(); });
  start();
  for (std::size_t i = 0; i < troubles.size(); ++i) {
    SCOPED_TRACE(troubles[i].name);
    const auto id = enqueue({.kind = "a", .payload = {{"n", i}}});
    await_state(id, troubles[i].again ? TaskState::retry : TaskState::failure);
    EXPECT_EQ(task(id).error->code, troubles[i].code);
  }
}

TEST_P(Workers, wait_longer_before_each_try_and_stop_after_the_third) {
  std::atomic<int> tries{0};
  kinds.add("a", [&](TaskContext&) -> Result<Ending> {
    ++tries;
    return refuse(ErrorKind::too_busy, "x.busy", "Busy.");
  });
  start();
  const auto id = enqueue("a");
  await_state(id, TaskState::retry);
  const auto first = task(id).run_at - clock.now();
  EXPECT_GE(first, 45s);
  EXPECT_LE(first, 75s);
  clock.set(task(id).run_at);
  await([&] { return tries == 2 && state(id) == TaskState::retry; }, "second try");
  const auto second = task(id).run_at - clock.now();
  EXPECT_GE(second, 135s);
  EXPECT_LE(second, 225s);
  clock.set(task(id).run_at);
  await_state(id, TaskState::failure);
  EXPECT_EQ(tries, 3);
  EXPECT_THAT(logged(id), HasSubstr("attempt 3 of 3: Busy."));
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, id); }));
  await([&] { return tries == 4; }, "a retry by hand");
}

TEST_P(Workers, go_on_from_the_checkpoint_after_a_retry) {
  std::vector<std::int64_t> begun;
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    const auto from = context.task().checkpoint.is_null() ? 0 : context.task().checkpoint.as_int64();
    begun.push_back(from);
    if (from == 0) {
      context.checkpoint(5);
      return refuse(ErrorKind::too_busy, "x.busy", "Busy.");
    }
    return context.finish(from);
  });
  start();
  const auto id = enqueue("a");
  await_state(id, TaskState::retry);
  clock.advance(2min);
  await_state(id, TaskState::success);
  EXPECT_THAT(begun, ElementsAre(0, 5));
}

TEST_P(Workers, follow_requests_at_the_next_safe_point) {
  Gate gate;
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    context.progress(3, 10, "pages");
    gate.pass(context);
    return context.finish(nullptr);
  });
  start(quick(3));
  const auto cancelled = enqueue("a"), paused = enqueue("a"), left = enqueue("a");
  await([&] { return gate.waiting() == 3; }, "all three running");
  EXPECT_TRUE(write([&](Transaction& t) { return queue.cancel(t, cancelled); }));
  EXPECT_TRUE(write([&](Transaction& t) { return queue.pause(t, paused); }));
  await_state(cancelled, TaskState::revoked);
  await_state(paused, TaskState::paused);
  EXPECT_EQ(task(paused).attempt, 0);
  EXPECT_EQ(task(paused).progress.percent(), 30);
  gate.open();
  await_state(left, TaskState::success);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.resume(t, paused); }));
  await_state(paused, TaskState::success);
}

TEST_P(Workers, give_their_tasks_back_when_they_stop) {
  Gate gate;
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    context.checkpoint("kept");
    gate.pass(context);
    return context.finish(context.task().attempt);
  });
  WorkerPool& first = start(quick(2));
  const auto one = enqueue("a"), two = enqueue("a"), waiting = enqueue("a");
  await([&] { return gate.waiting() == 2; }, "two running");
  first.stop();
  for (const TaskId& id : {one, two, waiting}) {
    EXPECT_EQ(state(id), TaskState::pending);
    EXPECT_EQ(task(id).attempt, 0);
  }
  EXPECT_EQ(task(one).checkpoint, "kept");
  gate.open();
  start();
  for (const TaskId& id : {one, two, waiting}) await_state(id, TaskState::success);
}

TEST_P(Workers, fan_out_and_go_on_when_the_last_child_has_ended) {
  kinds.add("chunk", [&](TaskContext& context) -> Result<Ending> {
    const auto n = context.payload().at("n").as_int64();
    if (n == 2) return refuse(ErrorKind::malformed, "page.bad", "Page 2 is bad.");
    return context.finish(n * 10);
  });
  kinds.add("batch", [&](TaskContext& context) -> Result<Ending> {
    if (context.task().phase == 0) {
      std::vector<NewTask> chunks;
      for (int n = 0; n < 5; ++n) chunks.push_back({.kind = "chunk", .payload = {{"n", n}}});
      return context.wait_for(chunks, "sides", "begun");
    }
    if (context.task().phase == 1) return context.wait_for({}, "booklets", context.task().checkpoint);
    EXPECT_EQ(context.task().checkpoint, "begun");
    return context.finish("end");
  });
  kinds.add("sum", [&](TaskContext& context) -> Result<Ending> {
    std::int64_t sum = 0;
    boost::json::array bad;
    for (const ChildEnd& child : context.children()) {
      if (child.error) bad.emplace_back(child.error->message);
      if (!child.error) sum += child.result.as_int64();
    }
    return context.finish({{"sum", sum}, {"bad", bad}});
  });
  start(quick(3));
  const auto batch = enqueue("batch");
  std::vector<NewTask> chunks;
  for (int n = 0; n < 5; ++n) chunks.push_back({.kind = "chunk", .payload = {{"n", n}}});
  const auto sum = write([&](Transaction& t) { return queue.enqueue_group(t, {.kind = "sum"}, chunks); });
  await_state(batch, TaskState::success);
  await_state(sum, TaskState::success);
  EXPECT_EQ(boost::json::serialize(task(sum).result), R"({"sum":80,"bad":["Page 2 is bad."]})");
}

TEST_P(Workers, end_a_task_over_its_time_even_when_it_reaches_no_safe_point) {
  std::atomic<bool> deaf{true};
  std::atomic<int> begun{0};
  Gate gate;
  kinds.add("polite", [&](TaskContext& context) -> Result<Ending> {
    ++begun;
    gate.pass(context);
    return context.finish(nullptr);
  });
  kinds.add("deaf", [&](TaskContext& context) -> Result<Ending> {
    ++begun;
    while (deaf) std::this_thread::sleep_for(1ms);
    return context.finish([](Transaction&) -> Result<boost::json::value> { return boost::json::value("late"); });
  });
  start();
  const auto polite = enqueue("polite"), stuck = enqueue("deaf");
  await([&] { return begun == 2; }, "both running");
  clock.advance(31min);
  await_state(polite, TaskState::failure);
  await_state(stuck, TaskState::failure);
  EXPECT_EQ(task(stuck).error->code, "task.timed_out");
  deaf = false;
  pools.clear();
  EXPECT_EQ(state(stuck), TaskState::failure);
}

TEST_P(Workers, keep_to_the_limit_of_a_kind) {
  std::atomic<int> running{0}, most{0}, done{0};
  kinds.add(
      "narrow",
      [&](TaskContext& context) -> Result<Ending> {
        most = std::max<int>(most, ++running);
        std::this_thread::sleep_for(2ms);
        --running;
        ++done;
        return context.finish(nullptr);
      },
      2);
  start(quick(6));
  write([&](Transaction& t) { queue.enqueue_all(t, std::vector<NewTask>(30, {.kind = "narrow"})); });
  await([&] { return done == 30; }, "all done");
  EXPECT_LE(most, 2);
}

TEST_P(Workers, tell_how_far_a_task_is_and_always_how_it_ended) {
  events::Bus bus(database());
  std::mutex mutex;
  std::vector<boost::json::object> heard;
  const auto subscription = bus.subscribe_prefix("task/", [&](std::string_view, std::string_view json) {
    const std::lock_guard lock(mutex);
    heard.push_back(boost::json::parse(boost::json::string_view(json.data(), json.size())).as_object());
  });
  const auto of_type = [&](std::string_view type) {
    const std::lock_guard lock(mutex);
    std::vector<boost::json::object> some;
    for (const auto& each : heard)
      if (each.at("type").as_string() == type) some.push_back(each);
    return some;
  };
  Gate gate;
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    for (int i = 1; i <= 50; ++i) context.progress(i, 100, "sides");
    gate.pass(context);
    return context.finish({{"large", std::string(context.payload().contains("large") ? 9000 : 3, 'x')}});
  });
  start();
  const auto small = enqueue("a");
  await([&] { return of_type("progress").size() >= 2; }, "progress");
  EXPECT_EQ(of_type("progress").front().at("status").as_string(), "PENDING") << "told when it was made";
  await([&] { return of_type("progress").back().at("status").as_string() == "PROGRESS"; }, "progress");
  const auto progress = of_type("progress").back();
  EXPECT_EQ(progress.at("task_id").as_string(), small.text());
  EXPECT_EQ(progress.at("stage").as_string(), "sides");
  EXPECT_EQ(progress.at("percent").as_int64(), 50);
  gate.open();
  await([&] { return of_type("finished").size() == 1; }, "the end");
  EXPECT_EQ(of_type("finished")[0].at("status").as_string(), "SUCCESS");
  EXPECT_EQ(of_type("finished")[0].at("result").at("large").as_string(), "xxx");
  enqueue({.kind = "a", .payload = {{"large", true}}});
  await([&] { return of_type("finished").size() == 2; }, "the other's end");
  EXPECT_TRUE(of_type("finished")[1].at("result_omitted").as_bool());
}

TEST_P(Workers, keep_the_log_lines_of_a_task) {
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    context.log(TaskContext::Level::warning, "Page 3 is upside down.");
    for (int i = 0; i < 2000; ++i) context.log(TaskContext::Level::info, "line");
    return context.finish(nullptr);
  });
  start();
  const auto id = enqueue("a");
  await_state(id, TaskState::success);
  const auto lines = database().read([&](Transaction& t) { return log_of(t, id); });
  ASSERT_THAT(lines, SizeIs(TaskContext::kMaxLogLines + 1));
  EXPECT_EQ(lines.front().text, "Page 3 is upside down.");
  EXPECT_EQ(lines.front().level, "warning");
}

TEST_P(Workers, run_what_is_periodic_once_in_a_cluster_of_three) {
  std::atomic<int> runs{0};
  kinds.add("clean", [&](TaskContext& context) -> Result<Ending> {
    ++runs;
    return context.finish(nullptr);
  });
  write([&](Transaction& t) { queue.schedule(t, "clean", {.kind = "clean"}, 1h, clock.now() + 1h); });
  for (int i = 0; i < 3; ++i) start();
  TaskFilter filter;
  filter.kind = "clean";
  const auto tasks = [&] { return database().read([&](Transaction& t) { return list_tasks(t, filter); }); };
  for (int hour = 1; hour <= 3; ++hour) {
    clock.advance(1h);
    await([&] { return runs == hour; }, "the hour's run");
    await([&] { return tasks().front().finished_at.has_value(); }, "its end");
  }
  clock.advance(5h);  // the machine was off: once, not five times
  await([&] { return runs == 4; }, "the run after the gap");
  EXPECT_THAT(tasks(), SizeIs(4));
}

TEST_P(Workers, find_what_another_server_enqueued_and_take_over_from_one_that_died) {
  const SystemClock real;
  Queue live(real);
  WorkerOptions options = quick();
  options.lease = 500ms;
  options.heartbeat = 100ms;
  const auto id = write([&](Transaction& t) { return live.enqueue(t, {.kind = "a"}); });
  write([&](Transaction& t) {
    const auto dead = register_worker(t, real.now(), "dead");
    const std::vector<Room> rooms = {{"a", 1}};
    EXPECT_THAT(claim(t, real.now(), dead, rooms, 1), SizeIs(1));
  });
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> { return context.finish(context.task().attempt); });
  WorkerPool pool(database(), live, kinds, options);
  pool.start();
  await_state(id, TaskState::success);
  EXPECT_EQ(task(id).result, 2);
}

TEST_P(Workers, end_a_task_whose_result_no_database_takes_without_holding_up_others) {
  kinds.add("a", [&](TaskContext& context) -> Result<Ending> {
    context.log(TaskContext::Level::info, std::string("a zero \0 byte and \xff", 19));
    return context.finish(context.payload().contains("bad") ? "not UTF-8: \xff" : "good");
  });
  start();
  const auto bad = enqueue({.kind = "a", .payload = {{"bad", true}}});
  const auto good = enqueue("a");
  await_state(good, TaskState::success);
  EXPECT_EQ(logged(good), "a zero ? byte and ?\n");
  await_state(bad, TaskState::failure);
  EXPECT_EQ(task(bad).error->code, "task.internal");
}

TEST_P(Workers, forget_results_after_a_day_and_failures_only_with_the_row) {
  kinds.add("good", [&](TaskContext& context) -> Result<Ending> { return context.finish({{"secret", 1}}); });
  kinds.add("bad", [&](TaskContext&) -> Result<Ending> { return refuse(ErrorKind::malformed, "x", "y"); });
  start();
  NewTask keyed{.kind = "good", .payload = {{"p", 1}}};
  keyed.idempotency_key = "k";
  const auto good = enqueue(keyed), bad = enqueue("bad");
  await_state(good, TaskState::success);
  await_state(bad, TaskState::failure);
  pools.clear();
  clock.advance(25h);
  EXPECT_EQ(forget_old_tasks(database(), clock, {}), 1);
  EXPECT_EQ(task(good).result, nullptr);
  EXPECT_EQ(state(good), TaskState::success);
  EXPECT_NE(enqueue(keyed), good);
  EXPECT_TRUE(write([&](Transaction& t) { return queue.retry(t, bad); }));
  clock.advance(24h * 91);
  forget_old_tasks(database(), clock, {});
  EXPECT_FALSE(database().read([&](Transaction& t) { return queue.find(t, good); }));
}

}  // namespace
}  // namespace korrigo::jobs
