// Durable no-op tasks a second: the worker pool beside a bare loop of its statements, and with many tasks waiting.
//
// queue_bench URL URL_OF_THE_FULL_ONE TASKS WAITING ROUNDS prints one JSON object.
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "jobs/claim.h"
#include "jobs/queue.h"
#include "jobs/turn_ends.h"
#include "jobs/worker.h"
#include "storage/migrations.h"

namespace {

using namespace korrigo;
using Seconds = std::chrono::duration<double>;
using Steady = std::chrono::steady_clock;
using storage::Transaction;

constexpr int kBatch = 64;

struct Bench {
  explicit Bench(storage::Database& opened) : database(opened) {}

  storage::Database& database;
  SystemClock clock;
  jobs::Queue queue{clock};

  void enqueue(int count) {
    const jobs::NewTask task{.kind = "noop", .payload = {{"file", "exams/source/0192.pdf"}}};
    for (int done = 0; done < count; done += 1000) {
      const std::vector<jobs::NewTask> tasks(static_cast<std::size_t>(std::min(1000, count - done)), task);
      database.write([&](Transaction& t) { queue.enqueue_all(t, tasks); });
    }
  }

  /// Tasks a second of a loop that claims and ends `batch` at a time and does nothing else.
  double bare(int count, int batch) {
    const auto now = [&] { return clock.now(); };
    const std::string worker = database.write([&](Transaction& t) { return jobs::register_worker(t, now(), "bare"); });
    const std::vector<jobs::Room> rooms = {{"noop", batch}};
    const auto begun = Steady::now();
    for (int done = 0; done < count;) {
      const int at_most = std::min(batch, count - done);
      auto tasks =
          database.write_contended([&](Transaction& t) { return jobs::claim(t, now(), worker, rooms, at_most); });
      std::vector<jobs::Task*> ended;
      for (jobs::Task& task : tasks) ended.push_back(&task);
      const std::vector<boost::json::value> results(tasks.size());
      database.write_contended([&](Transaction& t) { jobs::end_tasks(t, now(), ended, results); });
      done += static_cast<int>(tasks.size());
    }
    return count / Seconds(Steady::now() - begun).count();
  }

  /// Tasks a second of a pool of four threads, from its start on.
  double pool(int count) {
    std::mutex mutex;
    std::condition_variable changed;
    int ended = 0;
    jobs::Kinds kinds;
    kinds.add("noop", [](jobs::TaskContext& context) -> Result<jobs::Ending> { return context.finish(nullptr); });
    jobs::WorkerOptions options;
    options.threads = 4;
    options.turn_ended = [&](const jobs::TurnEnd& end) {
      const std::lock_guard lock(mutex);
      if (end.state == jobs::TaskState::success) ++ended;
      if (ended == count) changed.notify_one();
    };
    options.trouble = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
    jobs::WorkerPool pool(database, queue, kinds, options);
    const auto begun = Steady::now();
    pool.start();
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended >= count; });
    const double rate = count / Seconds(Steady::now() - begun).count();
    lock.unlock();
    pool.stop();
    return rate;
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::unique_ptr<storage::Database> opened(const char* url) {
  auto database = storage::Database::open(url);
  if (const auto migrated = storage::migrate(*database); !migrated) {
    std::fprintf(stderr, "%s\n", migrated.error().message.c_str());
    std::exit(1);
  }
  return database;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const int tasks = std::atoi(argv[3]), waiting = std::atoi(argv[4]), rounds = std::atoi(argv[5]);
  const auto quiet_database = opened(argv[1]), full_database = opened(argv[2]);
  Bench quiet(*quiet_database), full(*full_database);
  quiet.enqueue(tasks);
  quiet.pool(tasks);  // warm
  const auto begun = Steady::now();
  full.enqueue(waiting);
  const double enqueued = waiting / Seconds(Steady::now() - begun).count();
  full.pool(tasks);
  std::vector<double> one_by_one, batched, pool, pool_waiting, of_one_by_one, of_batched, kept;
  for (int i = 0; i < rounds; ++i) {  // side by side, as machines are noisy
    quiet.enqueue(3 * tasks);
    full.enqueue(tasks);
    one_by_one.push_back(quiet.bare(tasks, 1));
    batched.push_back(quiet.bare(tasks, kBatch));
    pool.push_back(quiet.pool(tasks));
    pool_waiting.push_back(full.pool(tasks));
    of_one_by_one.push_back(pool.back() / one_by_one.back());
    of_batched.push_back(pool.back() / batched.back());
    kept.push_back(pool_waiting.back() / pool.back());
  }
  const boost::json::object result{{"one_by_one_per_s", median(one_by_one)},
                                   {"batched_per_s", median(batched)},
                                   {"pool_per_s", median(pool)},
                                   {"pool_per_s_waiting", median(pool_waiting)},
                                   {"of_one_by_one", median(of_one_by_one)},
                                   {"of_batched", median(of_batched)},
                                   {"kept_with_waiting", median(kept)},
                                   {"enqueued_per_s", enqueued}};
  std::printf("%s\n", boost::json::serialize(result).c_str());
  return 0;
}
