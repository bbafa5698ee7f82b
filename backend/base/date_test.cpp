#include "base/date.h"

#include <gtest/gtest.h>

namespace korrigo {

TEST(Date, reads_the_three_spellings_of_a_roster) {
  const Date day{2008, 5, 7};
  EXPECT_EQ(Date::parse("07/05/2008"), day);
  EXPECT_EQ(Date::parse("7/5/2008"), day);
  EXPECT_EQ(Date::parse("07-05-2008"), day);
  EXPECT_EQ(Date::parse("2008-05-07"), day);
}

TEST(Date, refuses_what_is_no_day) {
  for (const char* text :
       {"", "31/04/2008", "29/02/2007", "07/05/08", "07/05-2008", "2008/05/07", "07/05/2008 ", "a/b/c", "-7/05/2008"})
    EXPECT_EQ(Date::parse(text), std::nullopt) << text;
}

TEST(Date, writes_both_forms) {
  EXPECT_EQ((Date{2008, 5, 7}.iso()), "2008-05-07");
  EXPECT_EQ((Date{2008, 5, 7}.french()), "07/05/2008");
}

}  // namespace korrigo
