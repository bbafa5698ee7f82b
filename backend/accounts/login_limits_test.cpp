// How often one may try (behaviours 20, 21, 23).
#include "accounts/login_limits.h"

#include "accounts/school_tests.h"

namespace korrigo::accounts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::vector<UtcTime> at_minutes(const std::vector<int>& times) {
  std::vector<UtcTime> failures;
  for (const int time : times) failures.push_back(kSchoolOpens + minutes(time));
  return failures;
}

TEST(ClosedUntil, is_never_below_the_threshold) {
  EXPECT_EQ(closed_until({}, {}), UtcTime{});
  EXPECT_EQ(closed_until(at_minutes({0, 1, 2, 3}), {}), UtcTime{});
  EXPECT_EQ(closed_until(at_minutes({0, 10, 20, 30, 40, 50, 60}), {}), UtcTime{}) << "five, but never within 15 min";
}

TEST(ClosedUntil, grows_with_every_further_failure_up_to_a_day) {
  std::vector<int> times{0, 1, 2, 3, 4};
  EXPECT_EQ(closed_until(at_minutes(times), {}), kSchoolOpens + minutes(4 + 15));
  times.push_back(20);
  EXPECT_EQ(closed_until(at_minutes(times), {}), kSchoolOpens + minutes(20 + 30));
  times.push_back(51);
  EXPECT_EQ(closed_until(at_minutes(times), {}), kSchoolOpens + minutes(51 + 60));
  for (int i = 0; i < 20; ++i) times.push_back(times.back() + 60);
  EXPECT_EQ(closed_until(at_minutes(times), {}), kSchoolOpens + minutes(times.back()) + hours(24));
}

TEST(ClosedUntil, forgets_after_two_quiet_days) {
  EXPECT_EQ(closed_until(at_minutes({0, 1, 2, 3, 4, 3 * 24 * 60}), {}), kSchoolOpens + minutes(4 + 15));
}

class Limits : public School {
 protected:
  std::optional<seconds> wait(const Door& door) {
    return database().read(
        [&](storage::Transaction& t) { return wait_at(t, limits_, limits_.staff, door, clock_.now()); });
  }
  void fail(const Door& door, int times = 1) {
    for (int i = 0; i < times; ++i) {
      database().write([&](storage::Transaction& t) { record_failure(t, door, clock_.now()); });
    }
  }
};
KORRIGO_ON_BOTH_ENGINES(Limits);

TEST_P(Limits, close_the_door_of_one_account_and_address_only) {
  const Door door{"user/1", "192.0.2.1"};
  fail(door, 4);
  EXPECT_FALSE(wait(door));
  fail(door);
  EXPECT_EQ(wait(door), seconds(15 * 60));
  EXPECT_FALSE(wait({"user/2", "192.0.2.1"}));
  EXPECT_FALSE(wait({"user/1", "192.0.2.2"}));
  clock_.advance(minutes(14));
  EXPECT_EQ(wait(door), seconds(60));
  clock_.advance(minutes(1));
  EXPECT_FALSE(wait(door));
}

TEST_P(Limits, hold_after_a_restart) {
  fail({"user/1", "192.0.2.1"}, 5);
  reopen();
  EXPECT_TRUE(wait({"user/1", "192.0.2.1"}));
}

TEST_P(Limits, close_an_address_after_a_hundred_failures_of_anybody) {
  for (int i = 0; i < 100; ++i) fail({"user/" + std::to_string(i), "192.0.2.1"});
  EXPECT_TRUE(wait({"user/1000", "192.0.2.1"}));
  EXPECT_FALSE(wait({"user/1000", "192.0.2.2"}));
  clock_.advance(minutes(15));
  EXPECT_FALSE(wait({"user/1000", "192.0.2.1"}));
}

TEST_P(Limits, take_a_household_s_ipv6_addresses_for_one) {
  fail({"user/1", "2001:db8:1:2::1"}, 3);
  fail({"user/1", "2001:db8:1:2:ffff::7"}, 2);
  EXPECT_TRUE(wait({"user/1", "2001:db8:1:2:3:4:5:6"}));
  EXPECT_FALSE(wait({"user/1", "2001:db8:1:3::1"}));
}

TEST_P(Limits, follow_an_account_over_addresses_where_a_rule_says_so) {
  limits_.staff.of_account_in_a_day = 6;
  for (int i = 0; i < 6; ++i) fail({"user/1", "192.0.2." + std::to_string(i)});
  EXPECT_EQ(wait({"user/1", "198.51.100.9"}), seconds(24 * 3600));
  EXPECT_FALSE(wait({"user/2", "198.51.100.9"}));
}

TEST_P(Limits, can_be_off) {
  fail({"user/1", "192.0.2.1"}, 200);
  limits_.enabled = false;
  EXPECT_FALSE(wait({"user/1", "192.0.2.1"}));
}

TEST_P(Limits, forget_what_no_rule_looks_at) {
  fail({"user/1", "192.0.2.1"}, 5);
  clock_.advance(hours(24 * 8));
  const auto removed = database().write([&](storage::Transaction& t) { return remove_old_failures(t, clock_.now()); });
  EXPECT_EQ(removed, 5);
}

}  // namespace
}  // namespace korrigo::accounts
