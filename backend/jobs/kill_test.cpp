// Workers die at any moment, by SIGKILL, and every task still ends once with its effects exactly once.
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>

#include "base/random.h"
#include "jobs/queue_tests.h"
#include "jobs/test_worker/counting.h"

namespace korrigo::jobs {
namespace {

constexpr storage::Statement kOpen{"effect.open", "SELECT count(*) FROM task WHERE finished_at IS NULL"};
constexpr storage::Statement kFailed{"effect.failed", "SELECT count(*) FROM task WHERE state <> 'SUCCESS'"};
constexpr storage::Statement kEffects{"effect.count", "SELECT count(*) FROM effect"};
constexpr storage::Statement kDistinct{"effect.distinct",
                                       "SELECT count(*) FROM (SELECT DISTINCT task_id, step FROM effect) AS once"};

class WorkerProcess {
 public:
  explicit WorkerProcess(const std::string& url) : child_(::fork()) {
    if (child_ != 0) return;
    ::execl(KORRIGO_TEST_WORKER, KORRIGO_TEST_WORKER, url.c_str(), nullptr);
    ::_exit(127);
  }
  ~WorkerProcess() { die(); }
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  void die() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(std::exchange(child_, -1), nullptr, 0);
  }

 private:
  pid_t child_ = -1;
};

class KilledWorkers : public QueueTest {
 protected:
  std::int64_t number(const storage::Statement& statement) {
    return database().read([&](Transaction& t) { return t.row(statement)->get<std::int64_t>(0); });
  }
};
KORRIGO_ON_BOTH_ENGINES(KilledWorkers);

TEST_P(KilledWorkers, leave_every_task_to_end_once_with_its_effects_exactly_once) {
  const bool full = std::getenv("KORRIGO_FULL") != nullptr;
  const int kills = full ? 100 : 6;
  const int counts = full ? 2000 : 150, fans = full ? 200 : 15;
  const SystemClock real;
  Queue live(real);
  write([&](Transaction& t) {
    t.execute(kCreateEffects);
    NewTask count{.kind = "count"}, fan{.kind = "fan"};
    count.max_attempts = fan.max_attempts = 1000;
    live.enqueue_all(t, std::vector<NewTask>(static_cast<std::size_t>(counts), count));
    live.enqueue_all(t, std::vector<NewTask>(static_cast<std::size_t>(fans), fan));
  });
  Random random(11);
  std::vector<std::unique_ptr<WorkerProcess>> processes;
  for (int i = 0; i < 2; ++i) processes.push_back(std::make_unique<WorkerProcess>(url()));
  for (int i = 0; i < kills; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(random.integer(20, 400)));
    auto& victim = processes[static_cast<std::size_t>(i % 2)];
    victim->die();
    victim = std::make_unique<WorkerProcess>(url());
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(full ? 600 : 60);
  while (number(kOpen) > 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  processes.clear();
  EXPECT_EQ(number(kOpen), 0);
  EXPECT_EQ(number(kFailed), 0);
  const std::int64_t expected = (counts + fans * kFan) * (kSteps + 1) + fans;
  EXPECT_EQ(number(kEffects), expected);
  EXPECT_EQ(number(kDistinct), expected);
}

}  // namespace
}  // namespace korrigo::jobs
