#include "events/bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>

#include "base/guarded.h"
#include "support/databases.h"

namespace korrigo::events {
namespace {

using storage::Transaction;
using testing::ElementsAre;

/// What a subscriber heard, to be waited for.
class Heard {
 public:
  Bus::Callback listener() {
    return [this](std::string_view topic, std::string_view json) {
      const std::lock_guard lock(mutex_);
      heard_.push_back(fmt::format("{} {}", topic, json));
      changed_.notify_all();
    };
  }
  std::vector<std::string> first(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return heard_.size() >= count; });
    return heard_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
};

class Buses : public test::AnyDatabase {
 protected:
  Buses() : AnyDatabase(test::FreshDatabase::Schema::none) {}
};
KORRIGO_ON_BOTH_ENGINES(Buses);

TEST_P(Buses, tell_a_topic_and_a_prefix_in_order) {
  Bus bus(database());
  Heard one, all;
  const auto first = bus.subscribe("task/1", one.listener());
  const auto second = bus.subscribe_prefix("task/", all.listener());
  bus.publish("task/1", "{\"n\":1}");
  bus.publish("task/12", "{\"n\":2}");
  bus.publish("exam/1", "{\"n\":3}");
  bus.publish("task/1", "{\"n\":4}");
  EXPECT_THAT(all.first(3), ElementsAre("task/1 {\"n\":1}", "task/12 {\"n\":2}", "task/1 {\"n\":4}"));
  EXPECT_THAT(one.first(2), ElementsAre("task/1 {\"n\":1}", "task/1 {\"n\":4}"));
}

TEST_P(Buses, tell_what_was_committed_and_never_what_was_not) {
  Bus bus(database());
  Heard heard;
  const auto subscription = bus.subscribe("exam/1", heard.listener());
  EXPECT_THROW(database().write([](Transaction& transaction) {
    publish(transaction, "exam/1", "\"undone\"");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  database().write([](Transaction& transaction) { publish(transaction, "exam/1", "\"done\""); });
  EXPECT_THAT(heard.first(1), ElementsAre("exam/1 \"done\""));
}

TEST_P(Buses, end_a_subscription_for_good_even_from_inside_it) {
  Bus bus(database());
  Heard last;
  int calls = 0;
  Bus::Subscription once;
  once = bus.subscribe("a", [&](std::string_view, std::string_view) {
    ++calls;
    once = {};
  });
  const auto marker = bus.subscribe("b", last.listener());
  for (const char* topic : {"a", "a", "b"}) bus.publish(topic, "1");
  last.first(1);
  EXPECT_EQ(calls, 1);
}

TEST_P(Buses, refuse_events_that_no_engine_would_carry) {
  Bus bus(database());
  EXPECT_THROW(bus.publish("a", std::string(kMaxEvent, '1')), std::logic_error);
  EXPECT_THROW(bus.publish("a\nb", "1"), std::logic_error);
  EXPECT_NO_THROW(bus.publish("a", std::string(kMaxEvent - 2, '1')));
}

TEST_P(Buses, reach_another_server_of_one_postgresql) {
  if (GetParam() == storage::Engine::sqlite) return;  // one process has the file
  const auto other = storage::Database::open(url());
  Bus here(database()), there(*other);
  Heard heard;
  const auto subscription = there.subscribe("task/1", heard.listener());
  here.publish("task/1", "1");
  EXPECT_THAT(heard.first(1), ElementsAre("task/1 1"));
}

}  // namespace
}  // namespace korrigo::events
