// Transaction::notify and Database::listen, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "storage/database.h"
#include "support/databases.h"

namespace korrigo::storage {
namespace {

/// Collects what is heard; waits for it without a fixed time.
class Inbox {
 public:
  void put(std::string text) {
    {
      const std::lock_guard lock(mutex_);
      texts_.push_back(std::move(text));
    }
    changed_.notify_all();
  }
  /// All that has come once `count` have; fewer when nothing comes for long.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(30), [&] { return texts_.size() >= count; });
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

class Notifications : public test::AnyDatabase {
 protected:
  Notifications() : AnyDatabase(test::FreshDatabase::Schema::none) {}
  std::unique_ptr<Database::Listening> listen(std::string channel, Inbox& inbox) {
    return database().listen(
        std::move(channel), [&](std::string_view payload) { inbox.put(std::string(payload)); },
        [&] { inbox.put("missed"); });
  }
  void send(std::string_view channel, std::string_view payload) {
    database().write([&](Transaction& t) { t.notify(channel, std::string(payload)); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Notifications);

TEST_P(Notifications, arrive_in_order_after_the_commit) {
  Inbox inbox;
  const auto listening = listen("task", inbox);
  database().write([](Transaction& t) {
    t.notify("task", "1");
    t.notify("task", "2: \"é\"");
    t.notify("other", "3");
  });
  send("task", "4");
  EXPECT_THAT(inbox.wait_for(3), testing::ElementsAre("1", "2: \"é\"", "4"));
}

TEST_P(Notifications, of_what_was_rolled_back_never_arrive) {
  Inbox inbox;
  const auto listening = listen("task", inbox);
  EXPECT_THROW(database().write([](Transaction& t) {
    t.notify("task", "thrown");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  (void)database().write([](Transaction& t) -> Result<int> {
    t.notify("task", "refused");
    return refuse(ErrorKind::conflict, "test.no", "No.");
  });
  send("task", "kept");
  EXPECT_THAT(inbox.wait_for(1), testing::ElementsAre("kept"));
}

TEST_P(Notifications, reach_every_listener_of_the_channel_only) {
  Inbox first;
  Inbox second;
  Inbox other;
  const auto a = listen("task", first);
  const auto b = listen("task", second);
  const auto c = listen("exam \"x\"", other);
  send("task", "1");
  send("exam \"x\"", "2");
  EXPECT_THAT(first.wait_for(1), testing::ElementsAre("1"));
  EXPECT_THAT(second.wait_for(1), testing::ElementsAre("1"));
  EXPECT_THAT(other.wait_for(1), testing::ElementsAre("2"));
}

TEST_P(Notifications, end_with_the_handle) {
  Inbox ended;
  Inbox inbox;
  auto first = listen("task", ended);
  const auto second = listen("task", inbox);
  send("task", "1");
  ended.wait_for(1);
  first.reset();
  send("task", "2");
  inbox.wait_for(2);
  EXPECT_THAT(ended.wait_for(1), testing::ElementsAre("1"));
}

TEST_P(Notifications, may_end_their_own_listening) {
  Inbox inbox;
  std::unique_ptr<Database::Listening> once;
  once = database().listen(
      "task",
      [&](std::string_view payload) {
        inbox.put(std::string(payload));
        once.reset();
      },
      nullptr);
  Inbox all;
  const auto listening = listen("task", all);
  send("task", "1");
  send("task", "2");
  all.wait_for(2);
  EXPECT_THAT(inbox.wait_for(1), testing::ElementsAre("1"));
}

TEST_P(Notifications, may_outlive_the_database) {
  Inbox inbox;
  const auto listening = listen("task", inbox);
  send("task", "1");
  inbox.wait_for(1);
  close();
}

TEST_P(Notifications, over_the_limit_are_a_mistake) {
  EXPECT_THROW(send("task", std::string(8000, 'x')), std::logic_error);
  Inbox inbox;
  const auto listening = listen("task", inbox);
  send("task", std::string(7000, 'x'));
  EXPECT_EQ(inbox.wait_for(1).front().size(), 7000U);
}

TEST_P(Notifications, of_many_threads_are_all_heard) {
  Inbox inbox;
  const auto listening = listen("task", inbox);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 25; ++n) send("task", std::to_string(i * 25 + n));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(inbox.wait_for(100).size(), 100U);
}

TEST_P(Notifications, reach_whoever_has_the_database_open) {
  const auto other = Database::open(url());
  Inbox inbox;
  const auto listening = other->listen(
      "task", [&](std::string_view payload) { inbox.put(std::string(payload)); }, nullptr);
  for (int i = 0; i < 1000; ++i) send("task", std::to_string(i));
  const std::vector<std::string> heard = inbox.wait_for(1000);
  ASSERT_EQ(heard.size(), 1000U);
  EXPECT_EQ(heard.front(), "0");
  EXPECT_EQ(heard.back(), "999");
}

TEST_P(Notifications, are_sent_before_their_process_ends) {
  const auto other = Database::open(url());
  Inbox inbox;
  const auto listening = other->listen(
      "task", [&](std::string_view payload) { inbox.put(std::string(payload)); }, nullptr);
  send("task", "last");
  close();
  EXPECT_THAT(inbox.wait_for(1), testing::ElementsAre("last"));
}

/// Sockets in the folder where the processes of a SQLite file hear each other.
class SqlitePeers : public testing::Test {
 protected:
  SqlitePeers() : fresh_(Engine::sqlite, test::FreshDatabase::Schema::none), database_(Database::open(fresh_.url())) {
    folder_ = fresh_.url() + "-peers";
    folder_ = folder_.substr(std::string_view("sqlite:").size());
    listening_ = database_->listen(
        "task", [](std::string_view) {}, nullptr);
  }
  void send(std::string_view payload) {
    database_->write([&](Transaction& t) { t.notify("task", std::string(payload)); });
  }
  std::size_t sockets() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
  /// The socket of a process that reads nothing by itself.
  UniqueFd bind_peer(const std::string& name) const {
    UniqueFd peer(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (folder_ + "/" + name).copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(peer.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return peer;
  }

  test::FreshDatabase fresh_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Database::Listening> listening_;
  std::string folder_;
};

TEST_F(SqlitePeers, that_died_are_cleared_away) {
  bind_peer("dead").reset();
  ASSERT_EQ(sockets(), 2U);
  send("1");
  database_.reset();
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(SqlitePeers, that_did_not_keep_up_are_told_so) {
  const UniqueFd slow = bind_peer("slow");
  const auto quick = Database::open(fresh_.url());
  Inbox inbox;
  const auto listening = quick->listen(
      "task", [&](std::string_view payload) { inbox.put(std::string(payload)); }, nullptr);
  std::size_t sent = 0;
  // What the quick one has heard of the second round was sent after the slow one was given up in the first.
  for (std::size_t round = 0; round < 2; ++round) {
    for (int i = 0; i < 1000; ++i, ++sent) send(std::string(4000, 'x'));
    ASSERT_EQ(inbox.wait_for(sent).size(), sent);
  }
  std::string datagram(16 * 1024, '\0');
  std::size_t read = 0;
  ssize_t size = 0;
  do {
    pollfd source{slow.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&source, 1, 30'000), 1);
    size = ::recv(slow.get(), datagram.data(), datagram.size(), 0);
    ++read;
  } while (size > 0);
  EXPECT_EQ(size, 0);
  EXPECT_LT(read, sent);
}

TEST(PostgresNotifications, come_from_other_processes_and_tell_of_gaps) {
  const test::FreshDatabase fresh(Engine::postgres, test::FreshDatabase::Schema::none);
  const auto here = Database::open(fresh.url());
  const auto there = Database::open(fresh.url());
  Inbox inbox;
  const auto listening = here->listen(
      "task", [&](std::string_view payload) { inbox.put(std::string(payload)); }, [&] { inbox.put("missed"); });
  there->write([](Transaction& t) { t.notify("task", "1"); });
  EXPECT_THAT(inbox.wait_for(1), testing::ElementsAre("1"));
  test::run_as_admin(fresh.url(),
                     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                     "AND query LIKE 'LISTEN%'");
  EXPECT_THAT(inbox.wait_for(2), testing::ElementsAre("1", "missed"));
  there->write([](Transaction& t) { t.notify("task", "2"); });
  EXPECT_THAT(inbox.wait_for(3), testing::ElementsAre("1", "missed", "2"));
}

}  // namespace
}  // namespace korrigo::storage
