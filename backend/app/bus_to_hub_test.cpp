// How batches' messages reach WebSockets, on both engines.
#include "app/bus_to_hub.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/databases.h"

namespace korrigo::app {
namespace {

constexpr const char* kTopic = "exam/1/processing";
constexpr const char* kProgress = R"({"type":"progress","current":1})";
constexpr const char* kMoreProgress = R"({"type":"progress","current":2})";
constexpr const char* kEnd = R"({"type":"processing_complete"})";

class Forwarding : public test::AnyDatabase {
 protected:
  http::SocketRoute route(const std::string& state) {
    return forward.watched({.pattern = "/ws/exams/{exam_id}/processing/",
                            .topics = [](http::Request&) { return std::vector<std::string>{kTopic}; },
                            .welcome = [state](http::Request&) { return std::vector{state}; }});
  }
  std::shared_ptr<http::Outbox> join(const std::string& state) {
    const http::SocketRoute joined = route(state);
    http::Request request;
    auto outbox = hub.subscribe(*joined.topics(request), [] {});
    outbox->release(joined.welcome(request));
    return outbox;
  }
  /// The next message; "closed <code>" at the end.
  static std::string next(http::Outbox& outbox) {
    for (int i = 0; i < 30'000; ++i) {
      if (const auto item = outbox.pop()) return item->text ? *item->text : fmt::format("closed {}", item->code);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return "nothing came";
  }

  events::Bus bus{database()};
  http::Hub hub;
  BusToHub forward{bus, hub, "exam/"};
};
KORRIGO_ON_BOTH_ENGINES(Forwarding);

TEST_P(Forwarding, sends_progress_and_closes_after_the_last_message) {
  const auto outbox = join(kProgress);
  EXPECT_EQ(next(*outbox), kProgress);
  bus.publish(kTopic, kMoreProgress);
  EXPECT_EQ(next(*outbox), kMoreProgress);
  bus.publish(kTopic, kEnd);
  EXPECT_EQ(next(*outbox), kEnd);
  EXPECT_EQ(next(*outbox), "closed 1000");
}

TEST_P(Forwarding, closes_those_who_come_after_the_end) {
  const auto early = join(kProgress);
  const auto late = join(kEnd);
  EXPECT_EQ(next(*late), kEnd);
  std::string last;
  while (!(last = next(*late)).starts_with("closed")) EXPECT_EQ(last, kEnd);
  EXPECT_EQ(last, "closed 1000");
  EXPECT_EQ(next(*early), kProgress);
  EXPECT_EQ(next(*early), kEnd) << "nobody is closed without having been told";
  EXPECT_EQ(next(*early), "closed 1000");
}

TEST_P(Forwarding, keeps_to_its_prefix_and_to_messages_it_understands) {
  const auto outbox = join(kProgress);
  EXPECT_EQ(next(*outbox), kProgress);
  bus.publish("other/1/processing", kEnd);
  bus.publish(kTopic, "7");
  bus.publish(kTopic, "{");
  bus.publish(kTopic, kEnd);
  EXPECT_EQ(next(*outbox), kEnd);
}

}  // namespace
}  // namespace korrigo::app
