#include "publication/spread.h"

#include <gtest/gtest.h>

namespace korrigo::publication {
namespace {

TEST(Spread, of_nothing_has_no_figures) {
  const Spread spread;
  EXPECT_EQ(spread.count(), 0);
  EXPECT_FALSE(spread.mean() || spread.deviation() || spread.quantile(0.5) || spread.lowest() || spread.highest());
}

TEST(Spread, of_one_value_is_that_value) {
  Spread spread;
  spread.add(1275);
  EXPECT_DOUBLE_EQ(*spread.mean(), 12.75);
  EXPECT_DOUBLE_EQ(*spread.quantile(0.25), 12.75);
  EXPECT_DOUBLE_EQ(*spread.deviation(), 0);
}

TEST(Spread, divides_by_the_number_of_values_and_goes_between_them_in_proportion) {
  Spread spread;
  for (const std::int64_t value : {200, 400, 400, 400, 500, 500, 700, 900}) spread.add(value);
  EXPECT_DOUBLE_EQ(*spread.mean(), 5);
  EXPECT_DOUBLE_EQ(*spread.deviation(), 2);
  EXPECT_DOUBLE_EQ(*spread.quantile(0.5), 4.5);
  EXPECT_DOUBLE_EQ(*spread.quantile(0.75), 5.5);
  EXPECT_EQ(spread.lowest(), 200);
  EXPECT_EQ(spread.highest(), 900);
}

TEST(Spread, counts_a_mark_once_and_the_maximum_in_the_last_bar) {
  Spread spread;
  spread.add(0, 2);
  spread.add(100, 3);
  spread.add(2000);
  const auto bars = spread.histogram(2000, 20);
  ASSERT_EQ(bars.size(), 20);
  EXPECT_EQ(bars[0].count, 2);
  EXPECT_EQ(bars[1].count, 3);
  EXPECT_EQ(bars[19].count, 1);
  EXPECT_EQ(spread.histogram(0, 1)[0].count, 6) << "an exam that gives no points";
}

TEST(Spread, counts_a_mark_in_the_bar_whose_edges_say_so) {
  Spread spread;
  for (const std::int64_t value : {101, 102, 2050}) spread.add(value);
  const auto bars = spread.histogram(2050, 20);
  EXPECT_EQ(bars[0].to, 102) << "102.5 is no mark";
  EXPECT_EQ(bars[0].count, 1);
  EXPECT_EQ(bars[1].count, 1);
  EXPECT_EQ(bars[19].count, 1);
}

}  // namespace
}  // namespace korrigo::publication
