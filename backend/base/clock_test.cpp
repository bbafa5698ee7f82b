#include "base/clock.h"

#include <gtest/gtest.h>

namespace korrigo {
namespace {

TEST(UtcTime, goes_out_and_comes_back) {
  for (const char* text : {"2026-11-21T09:08:51.123Z", "1999-12-31T23:59:59.999Z", "2024-02-29T00:00:00.000Z"})
    EXPECT_EQ(to_iso(parse_iso(text).value()), text);
  EXPECT_EQ(to_iso(parse_iso("2026-01-02T03:04:05Z").value()), "2026-01-02T03:04:05.000Z");
}

TEST(UtcTime, is_read_in_one_form_only) {
  for (const char* text : {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:08:51",
                           "2026-11-21T09:08:51.1Z", "2026-11-21T09:08:51.123+01:00", "-026-11-21T09:08:51Z"})
    EXPECT_FALSE(parse_iso(text)) << text;
}

}  // namespace
}  // namespace korrigo
