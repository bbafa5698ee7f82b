/// The inside of a WorkerPool: threads that run turns, and two that serve them. The clerk writes how turns ended and
/// claims new tasks, both in one transaction; the watch stores progress, keeps the heartbeat, looks for requests and
/// dead workers.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "jobs/claim.h"
#include "jobs/turn.h"
#include "jobs/worker.h"

namespace korrigo::jobs {

class WorkerPool::Implementation {
 public:
  Implementation(storage::Database& database, Queue& queue, const Kinds& kinds, WorkerOptions options);
  ~Implementation() { stop(); }
  void start();
  void stop();
  Figures figures();

 private:
  using TurnPtr = std::shared_ptr<Turn>;
  struct Ended {
    TurnPtr turn;
    HandlerEnd end;
    std::chrono::milliseconds took{0};
  };
  struct State {
    std::string worker;  // "" until registered
    std::deque<TurnPtr> waiting;
    std::vector<TurnPtr> held;  // those waiting and those running, until their ends are written
    std::vector<Ended> ended;
    std::map<std::string, int, std::less<>> places_taken;  // by kind
    int busy = 0;
    bool woken = true;           // there may be something to claim
    bool settling = false;       // the clerk is at the rows: what it claims is not in `held` yet
    bool look = false;           // for requests to cancel or pause
    bool stopping = false;       // nothing more is claimed
    bool idle_for_good = false;  // all turns are over
    bool watch_ends = false;
    double mean_turn_s = 1;
  };

  // worker.cpp: the threads that run turns
  void run_turns();
  void release(State& state, const TurnPtr& turn);
  void hand_back_waiting(State& state);
  void say_ended(const Turn& turn, TaskState state, std::chrono::milliseconds took, const std::string& detail);
  void trouble(const char* what, const std::exception& error);

  // clerk.cpp
  void run_clerk();
  bool clerk_has_work(const State& state) const;
  int places(const State& state) const;
  std::vector<Room> rooms(const State& state) const;
  bool settle_and_claim(std::vector<Ended>& ended, int at_most);
  void write_ends(storage::Transaction& transaction, std::span<Ended> ended, std::vector<TaskState>& states);
  bool write_ends_one_by_one(std::vector<Ended>& ended);
  TaskState write_end_alone(Ended& ended);
  void settled(std::span<const Ended> ended, std::span<const TaskState> states);

  // watch.cpp
  struct Watch {
    std::chrono::steady_clock::time_point beat_at, chores_at;
    UtcTime beat{};        // the last heartbeat that was written, by the clock the leases are measured with
    UtcTime bury_after{};  // no worker is taken for dead before
  };
  void run_watch();
  void watch_once(Watch& watch, bool look);
  void store_shown();
  void keep_heartbeat(Watch& watch, UtcTime beat);
  struct Request {
    std::int64_t fence;
    bool cancel, pause;
  };
  std::map<TaskId, Request> look_for_requests();
  void give_back_strays(std::map<TaskId, Request> rows);
  void end_overdue_turns();
  void do_chores(const Watch& watch, UtcTime time);
  std::vector<TurnPtr> held_turns();
  UtcTime now() const { return queue_.clock().now(); }

  storage::Database& database_;
  Queue& queue_;
  const Kinds& kinds_;
  const WorkerOptions options_;

  std::mutex mutex_;
  std::condition_variable for_workers_, for_clerk_, for_watch_;
  State state_;  // under mutex_

  std::vector<std::thread> workers_;
  std::thread clerk_, watch_;
  std::unique_ptr<storage::Database::Listening> wake_, control_;
};

}  // namespace korrigo::jobs
