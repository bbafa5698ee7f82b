// The database commits and the answer never comes, or it goes away at a bad moment: pools find out by themselves.
#include <deque>

#include "jobs/queue_tests.h"

namespace korrigo::jobs {
namespace {

using namespace std::chrono_literals;
using storage::DatabaseError;
using storage::Fault;

constexpr storage::Statement kHeld{"held.count", "SELECT count(*) FROM task WHERE worker_id IS NOT NULL"};

/// A database whose answers can be lost, and that can refuse.
class Unreliable : public storage::Database {
 public:
  explicit Unreliable(storage::Database& real) : real_(real) {}
  /// The answer to the commit of the next transaction that leaves a task held.
  void lose_answer_to_claim() { lose_claim_ = true; }
  bool lost_answer() const { return lost_; }
  /// Each fault once, by the next transactions that write.
  void refuse(std::deque<Fault> faults) {
    auto locked = faults_.lock();
    *locked = std::move(faults);
  }

  std::unique_ptr<Listening> listen(std::string channel, std::function<void(std::string_view)> heard,
                                    std::function<void()> missed) override {
    return real_.listen(std::move(channel), std::move(heard), std::move(missed));
  }
  storage::Engine engine() const override { return real_.engine(); }
  int connections() const override { return real_.connections(); }

 protected:
  void transact(Access access, const std::function<bool(Transaction&)>& work) override {
    const auto run = [&](Transaction& transaction) -> Result<std::int64_t> {
      if (!work(transaction)) return korrigo::refuse(ErrorKind::conflict, "rolled_back", "Rolled back.");
      return lose_claim_ ? transaction.row(kHeld)->get<std::int64_t>(0) : 0;
    };
    if (access == Access::read) {
      (void)real_.read(run);
      return;
    }
    if (const auto fault = next_fault()) throw DatabaseError(*fault, "refused");
    const auto held = access == Access::write ? real_.write(run) : real_.write_contended(run);
    if (held.value_or(0) == 0 || !lose_claim_.exchange(false)) return;
    lost_ = true;
    throw DatabaseError(Fault::lost, "the answer was lost");
  }

 private:
  std::optional<Fault> next_fault() {
    auto faults = faults_.lock();
    if (faults->empty()) return std::nullopt;
    const Fault fault = faults->front();
    faults->pop_front();
    return fault;
  }

  storage::Database& real_;
  Guarded<std::deque<Fault>> faults_;
  std::atomic<bool> lose_claim_{false}, lost_{false};
};

class LostAnswers : public QueueTest {
 protected:
  void start(WorkerOptions options) {
    options.lease = 1h;  // nothing is mended by a worker that is taken for dead
    pool.emplace(unreliable, queue, kinds, std::move(options));
    pool->start();
  }
  void TearDown() override { pool.reset(); }

  Unreliable unreliable{database()};
  Kinds kinds;
  std::optional<WorkerPool> pool;
};
KORRIGO_ON_BOTH_ENGINES(LostAnswers);

TEST_P(LostAnswers, to_a_claim_leave_no_task_with_a_worker_that_does_not_know_of_it) {
  std::atomic<int> runs{0};
  kinds.add("a", [&](TaskContext& context) {
    ++runs;
    return Result<Ending>(context.finish(1));
  });
  start(quick());
  await_state(enqueue("a"), TaskState::success);  // from here on the worker is registered
  unreliable.lose_answer_to_claim();
  const TaskId id = enqueue("a");
  await_state(id, TaskState::success);
  EXPECT_TRUE(unreliable.lost_answer());
  EXPECT_EQ(task(id).attempt, 1);
  EXPECT_EQ(runs, 2);
}

TEST_P(LostAnswers, to_an_end_that_is_written_alone_do_not_turn_success_into_failure) {
  kinds.add("a", [&](TaskContext& context) {
    unreliable.refuse({Fault::other, Fault::lost});
    return Result<Ending>(context.finish(1));
  });
  WorkerOptions options = quick(1);
  options.progress = 1h;  // the watch writes nothing meanwhile
  start(options);
  const TaskId id = enqueue("a");
  await([&] { return is_over(state(id)); }, "the end");
  EXPECT_EQ(state(id), TaskState::success);
}

}  // namespace
}  // namespace korrigo::jobs
