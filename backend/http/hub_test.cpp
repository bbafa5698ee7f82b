#include <gtest/gtest.h>

#include "http/websocket.h"

namespace korrigo::http {
namespace {

std::string drained(Outbox& outbox) {
  std::string all;
  while (const auto item = outbox.pop()) {
    if (!item->text) return all + "#" + std::to_string(item->code);
    all += *item->text + " ";
  }
  return all;
}

TEST(Hub, sends_to_those_who_listen_to_the_topic) {
  Hub hub;
  const auto a = hub.subscribe({"exam:1"}, [] {});
  const auto b = hub.subscribe({"exam:1", "exam:2"}, [] {});
  a->release({});
  b->release({});
  hub.publish("exam:1", "one");
  hub.publish("exam:2", "two");
  hub.publish("exam:3", "three");
  EXPECT_EQ(drained(*a), "one ");
  EXPECT_EQ(drained(*b), "one two ");
}

TEST(Hub, forgets_those_who_left) {
  Hub hub;
  auto outbox = hub.subscribe({"t"}, [] {});
  EXPECT_EQ(hub.subscribers("t"), 1u);
  outbox.reset();
  EXPECT_EQ(hub.subscribers("t"), 0u);
  hub.publish("t", "nobody hears this");
}

TEST(Hub, keeps_only_the_latest_progress_of_a_slow_client_and_every_final_message) {
  Hub hub({.messages = 5, .bytes = 1000});
  const auto outbox = hub.subscribe({"t"}, [] {});
  outbox->release({});
  for (int i = 0; i < 100; ++i) hub.publish_latest("t", "ocr", "ocr" + std::to_string(i));
  hub.publish("t", "complete");
  for (int i = 0; i < 100; ++i) {
    hub.publish_latest("t", "ocr", "again" + std::to_string(i));
    hub.publish_latest("t", "pdf", "pdf" + std::to_string(i));
  }
  EXPECT_EQ(drained(*outbox), "again99 complete pdf99 ");
  hub.publish_latest("t", "ocr", "later");
  EXPECT_EQ(drained(*outbox), "later ");
}

TEST(Hub, closes_a_client_over_its_limits) {
  Hub hub({.messages = 3, .bytes = 1000});
  const auto outbox = hub.subscribe({"t"}, [] {});
  outbox->release({});
  for (int i = 0; i < 4; ++i) hub.publish("t", "x");
  hub.publish("t", "after");
  EXPECT_EQ(drained(*outbox), "#1013");
  const auto heavy = hub.subscribe({"t"}, [] {});
  heavy->release({});
  hub.publish("t", std::string(1001, 'x'));
  EXPECT_EQ(drained(*heavy), "#1013");
}

TEST(Hub, puts_the_present_state_before_what_was_published_meanwhile) {
  Hub hub;
  int wakes = 0;
  const auto outbox = hub.subscribe({"t"}, [&] { ++wakes; });
  hub.publish("t", "during");
  EXPECT_FALSE(outbox->pop());
  outbox->release({"state", "more"});
  EXPECT_EQ(drained(*outbox), "state more during ");
  EXPECT_EQ(wakes, 2);
}

TEST(Hub, closes_once_all_is_sent) {
  Hub hub;
  const auto outbox = hub.subscribe({"t"}, [] {});
  outbox->release({});
  hub.publish("t", "last");
  hub.close_topic("t", close_code::kNormal);
  hub.publish("t", "too late");
  EXPECT_EQ(drained(*outbox), "last #1000");
}

}  // namespace
}  // namespace korrigo::http
