#include "base/parallel.h"

#include <gtest/gtest.h>
#include <vector>

namespace korrigo {

TEST(ForEachParallel, visits_every_item_once) {
  std::vector<std::atomic<int>> visits(1000);
  for_each_parallel(4, visits.size(), Cancel(), [&](int, std::size_t item) { ++visits[item]; });
  for (const auto& count : visits) EXPECT_EQ(count, 1);
}

TEST(ForEachParallel, throws_the_first_failure_where_it_was_called) {
  EXPECT_THROW(for_each_parallel(3, 100, Cancel(),
                                 [](int, std::size_t item) {
                                   if (item == 40) throw std::out_of_range("item");
                                 }),
               std::out_of_range);
}

TEST(ForEachParallel, stops_when_cancelled) {
  Cancel cancel;
  std::atomic<int> done{0};
  EXPECT_THROW(for_each_parallel(2, 1000, cancel,
                                 [&](int, std::size_t) {
                                   ++done;
                                   cancel.request();
                                 }),
               Cancelled);
  EXPECT_LE(done, 2);
}

}  // namespace korrigo
