// The database goes away while tasks run, and comes back: everything goes on by itself.
#include "jobs/queue_tests.h"
#include "jobs/test_worker/counting.h"
#include "storage/migrations.h"

namespace korrigo::jobs {
namespace {

constexpr storage::Statement kOpen{"outage.open", "SELECT count(*) FROM task WHERE state <> 'SUCCESS'"};
constexpr storage::Statement kEffects{"outage.effects",
                                      "SELECT count(*), count(DISTINCT task_id || ' ' || step) FROM effect"};

TEST(Outage, of_the_database_leaves_no_task_undone_and_nothing_done_twice) {
  constexpr int kTasks = 300;
  test::PostgresServer server;
  storage::DatabaseOptions patient;
  patient.busy_timeout = std::chrono::milliseconds(300);
  const auto database = storage::Database::open(server.url(), patient);
  ASSERT_TRUE(storage::migrate(*database));
  const SystemClock clock;
  Queue queue(clock);
  database->write([&](Transaction& t) {
    t.execute(kCreateEffects);
    NewTask task{.kind = "count"};
    task.max_attempts = 1000;
    queue.enqueue_all(t, std::vector<NewTask>(kTasks, task));
  });
  Kinds kinds;
  add_counting_kinds(kinds);
  WorkerOptions options = counting_options();
  options.first_retry = std::chrono::milliseconds(50);
  std::atomic<int> troubles{0};
  options.trouble = [&](const std::string&) { ++troubles; };
  std::atomic<int> ended{0};
  options.turn_ended = [&](const TurnEnd&) { ++ended; };
  WorkerPool one(*database, queue, kinds, options), two(*database, queue, kinds, options);
  one.start();
  two.start();
  for (int i = 0; i < 2; ++i) {
    const int before = ended;
    await([&] { return ended >= before + 20; }, "some work");
    server.stop();
    const int quiet = troubles;
    await([&] { return troubles >= quiet + 3; }, "the pools to notice");
    server.start();
  }
  const auto open = [&] {
    try {
      return database->read([](Transaction& t) { return t.row(kOpen)->get<std::int64_t>(0); });
    } catch (const storage::DatabaseError&) {
      return std::int64_t{-1};
    }
  };
  await([&] { return open() == 0; }, "the end of all tasks");
  const auto row = database->read([](Transaction& t) { return t.row(kEffects).value(); });
  EXPECT_EQ(row.get<std::int64_t>(0), kTasks * (kSteps + 1));
  EXPECT_EQ(row.get<std::int64_t>(1), kTasks * (kSteps + 1));
  one.stop();
  two.stop();
}

}  // namespace
}  // namespace korrigo::jobs
