// Killed writers, lost connections, restarted servers.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/random.h"
#include "support/databases.h"

namespace korrigo::storage {
namespace {

constexpr Statement kCreate{"test.create", "CREATE TABLE pair (id BIGINT PRIMARY KEY, half BIGINT NOT NULL)"};
constexpr Statement kInsert{"test.insert", "INSERT INTO pair (id, half) VALUES ($1, $2)"};
constexpr Statement kCount{"test.count", "SELECT count(*) FROM pair"};
constexpr Statement kHalf{"test.half", "SELECT count(*) FROM pair WHERE half < $1 AND half >= $2"};
constexpr Statement kLast{"test.last", "SELECT coalesce(max(half), -1) FROM pair"};
constexpr int kWriters = 3;

void insert_pair(Database& database, int number) {
  database.write([&](Transaction& t) {
    t.execute(kInsert, 2 * number, number);
    t.execute(kInsert, 2 * number + 1, number);
  });
}

/// Writes pairs from several threads until it is killed; each number goes down the pipe once it is committed.
[[noreturn]] void write_until_killed(const std::string& url, int first, int pipe) {
  const auto database = Database::open(url);
  std::atomic<int> next = first;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      for (;;) {
        const int number = next++;
        insert_pair(*database, number);
        if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(1);
      }
    });
  }
  for (auto& writer : writers) writer.join();
  ::_exit(1);
}

/// Kills a writer after some of its commits; returns the numbers it had committed for sure.
std::vector<int> killed_writer(const std::string& url, int first, int commits) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(url, first, ends[1]);
  }
  ::close(ends[1]);
  std::vector<int> committed;
  int number = 0;
  while (::read(ends[0], &number, sizeof number) == sizeof number) {
    committed.push_back(number);
    if (static_cast<int>(committed.size()) == commits) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return committed;
}

class Recovery : public test::AnyDatabase {
 protected:
  Recovery() : AnyDatabase(test::FreshDatabase::Schema::none) {
    database().write([](Transaction& t) { t.execute(kCreate); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Recovery);

TEST_P(Recovery, finds_every_commit_of_a_killed_writer_and_nothing_by_halves) {
  Random random(3);
  for (int round = 0; round < 12; ++round) {
    const int first = database().read([](Transaction& t) { return t.row(kLast)->get<int>(0); }) + 1;
    close();
    const std::vector<int> committed = killed_writer(url(), first, random.integer(1, 40));
    ASSERT_FALSE(committed.empty());
    database().read([&](Transaction& t) {
      for (const int number : committed) EXPECT_EQ(t.row(kHalf, number + 1, number)->get<int>(0), 2) << number;
      EXPECT_EQ(t.rows({"test.odd", "SELECT half FROM pair GROUP BY half HAVING count(*) <> 2"}).size(), 0U);
      if (GetParam() == Engine::sqlite) {
        EXPECT_EQ(t.row({"test.integrity", "PRAGMA integrity_check"})->get<std::string>(0), "ok");
      }
    });
    insert_pair(database(), 1'000'000 + round);  // what a killed writer held is free again
    database().write([&](Transaction& t) { t.execute({"test.tidy", "DELETE FROM pair WHERE half >= 1000000"}); });
  }
}

TEST(PostgresRecovery, takes_up_work_whose_connection_was_ended) {
  const test::FreshDatabase fresh(Engine::postgres, test::FreshDatabase::Schema::none);
  const auto database = Database::open(fresh.url());
  database->write([](Transaction& t) { t.execute(kCreate); });
  int tries = 0;
  database->write([&](Transaction& t) {
    t.execute(kInsert, 2 * tries, 1);
    if (++tries < 3) {
      test::run_as_admin(fresh.url(),
                         "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
    t.execute(kInsert, 2 * tries + 100, 1);
  });
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(database->read([](Transaction& t) { return t.row(kCount)->get<int>(0); }), 2);
}

TEST(PostgresRecovery, runs_a_deadlocked_transaction_again) {
  const test::FreshDatabase fresh(Engine::postgres, test::FreshDatabase::Schema::none);
  const auto database = Database::open(fresh.url());
  database->write([](Transaction& t) {
    t.execute(kCreate);
    t.execute(kInsert, 1, 0);
    t.execute(kInsert, 2, 0);
  });
  constexpr Statement kRaise{"test.raise", "UPDATE pair SET half = half + 1 WHERE id = $1"};
  std::atomic<int> begun = 0;
  const auto raise = [&](int first, int second) {
    database->write_contended([&](Transaction& t) {
      t.execute(kRaise, first);
      ++begun;
      while (begun < 2) std::this_thread::yield();
      t.execute(kRaise, second);
    });
  };
  std::thread one([&] { raise(1, 2); });
  std::thread two([&] { raise(2, 1); });
  one.join();
  two.join();
  EXPECT_GE(begun, 3);
  EXPECT_EQ(database->read([](Transaction& t) {
    return t.row({"test.sum", "SELECT sum(half) FROM pair"})->get<int>(0);
  }),
            4);
}

TEST(PostgresRecovery, outlives_restarts_of_the_server) {
  test::PostgresServer server;
  const auto database = Database::open(server.url(), {.connections = 4, .busy_timeout = std::chrono::seconds(60)});
  database->write([](Transaction& t) { t.execute(kCreate); });
  std::atomic<bool> ending = false;
  std::atomic<int> next = 0;
  std::atomic<int> committed = 0;
  std::atomic<int> unknown = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      while (!ending) {
        try {
          insert_pair(*database, next++);
          ++committed;
        } catch (const DatabaseError& error) {  // only where the connection went during a commit
          if (error.fault() == Fault::lost) ++unknown;
        }
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    const int before = committed;
    while (committed < before + 20) std::this_thread::yield();
    server.stop();
    server.start();
  }
  const int before = committed;
  while (committed < before + 20) std::this_thread::yield();
  ending = true;
  for (auto& writer : writers) writer.join();
  const int pairs = database->read([](Transaction& t) { return t.row(kCount)->get<int>(0); }) / 2;
  EXPECT_GE(pairs, committed);
  EXPECT_LE(pairs, committed + unknown);
  EXPECT_LE(unknown, 3 * kWriters);
}

TEST(PostgresRecovery, gives_up_when_the_server_stays_away) {
  test::PostgresServer server;
  const auto database = Database::open(server.url(), {.connections = 2, .busy_timeout = std::chrono::milliseconds(50)});
  server.stop();
  try {
    database->read([](Transaction& t) { t.rows({"test.one", "SELECT 1"}); });
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_EQ(error.fault(), Fault::lost) << error.what();
  }
  server.start();
  EXPECT_EQ(database->read([](Transaction& t) { return t.rows({"test.one", "SELECT 1"}).size(); }), 1U);
}

TEST(SqliteRecovery, waits_for_the_writer_of_another_process_and_then_says_so) {
  const test::FreshDatabase fresh(Engine::sqlite, test::FreshDatabase::Schema::none);
  const auto here = Database::open(fresh.url(), {.connections = 2, .busy_timeout = std::chrono::milliseconds(50)});
  const auto there = Database::open(fresh.url());
  here->write([](Transaction& t) { t.execute(kCreate); });
  there->write([&](Transaction& t) {
    t.execute(kInsert, 1, 1);
    std::thread([&] {
      try {
        here->write([](Transaction& other) { other.execute(kInsert, 2, 2); });
        ADD_FAILURE() << "two writers at once";
      } catch (const DatabaseError& error) {
        EXPECT_EQ(error.fault(), Fault::busy);
      }
    }).join();
  });
  here->write([](Transaction& t) { t.execute(kInsert, 2, 2); });
  EXPECT_EQ(there->read([](Transaction& t) { return t.row(kCount)->get<int>(0); }), 2);
}

}  // namespace
}  // namespace korrigo::storage
