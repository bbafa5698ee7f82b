#include "scans/inner_pages.h"

#include <gmock/gmock.h>

namespace korrigo::scans {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Copies of four faces whose first shows print 0 on top, and whose others show prints of their own.
std::vector<ShownPrint> printed_exam(std::size_t copies) {
  std::vector<ShownPrint> shown;
  for (std::size_t copy = 0; copy < copies; ++copy) {
    shown.push_back({4 * copy, 0, 0});
    shown.push_back({4 * copy, 1, 180});
    shown.push_back({4 * copy + 2, 2, 0});
  }
  return shown;
}

TEST(InnerPrints, those_of_other_pages_and_of_the_headers_foot_are_no_headers) {
  EXPECT_THAT(inner_prints(printed_exam(6), 3, [](const ShownPrint& one) { return one.print == 0; }),
              ElementsAre(1, 2));
}

TEST(InnerPrints, a_last_page_may_lie_before_the_first_header) {
  std::vector<ShownPrint> shown;
  for (std::size_t copy = 0; copy < 4; ++copy) {
    shown.push_back({4 * copy, 1, 180});
    shown.push_back({4 * copy + 1, 0, 0});
  }
  EXPECT_THAT(inner_prints(shown, 2, [](const ShownPrint& one) { return one.print == 0; }), ElementsAre(1));
}

TEST(InnerPrints, without_a_header_that_can_be_read_all_stay) {
  EXPECT_THAT(inner_prints(printed_exam(6), 3, [](const ShownPrint&) { return false; }), IsEmpty());
}

TEST(InnerPrints, a_second_form_that_cannot_be_read_stays) {
  std::vector<ShownPrint> shown;
  std::size_t face = 0;
  for (const int print : {0, 0, 1, 0, 1, 1, 0, 1, 0, 0}) shown.push_back({face += 4, print, 0});
  EXPECT_THAT(inner_prints(shown, 2, [](const ShownPrint& one) { return one.print == 0; }), IsEmpty());
}

TEST(InnerPrints, one_face_that_passes_for_a_header_changes_nothing) {
  EXPECT_THAT(inner_prints(printed_exam(6), 3,
                           [](const ShownPrint& one) { return one.print == 0 || (one.print == 2 && one.face < 4); }),
              ElementsAre(1, 2));
}

}  // namespace
}  // namespace korrigo::scans
