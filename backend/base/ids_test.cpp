#include "base/ids.h"

#include <gtest/gtest.h>
#include <set>

namespace korrigo {
namespace {

TEST(Uuid, of_version_7_sorts_by_time) {
  const UtcTime start = parse_iso("2026-11-21T09:08:51.123Z").value();
  std::string before = make_uuid_v7(start);
  for (int i = 1; i <= 300; ++i) {
    const std::string next = make_uuid_v7(start + std::chrono::milliseconds(i));
    EXPECT_TRUE(is_uuid(next));
    EXPECT_EQ(next[14], '7');
    EXPECT_LT(before, next);
    before = next;
  }
}

TEST(Uuid, of_version_4_is_new_every_time) {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) all.insert(make_uuid_v4());
  EXPECT_EQ(all.size(), 1000u);
  EXPECT_EQ((*all.begin())[14], '4');
}

TEST(Uuid, is_taken_from_outside_in_canonical_form_only) {
  EXPECT_TRUE(ExamId::parse("0192f0c4-6f3e-7b1c-9c55-3a3f1de0a001"));
  for (const char* text : {"", "0192f0c4-6f3e-7b1c-9c55-3a3f1de0a00", "0192F0C4-6F3E-7B1C-9C55-3A3F1DE0A001",
                           "0192f0c46-f3e-7b1c-9c55-3a3f1de0a001", "../../../../../../../../../etc/passwd"})
    EXPECT_FALSE(ExamId::parse(text)) << text;
}

TEST(RandomHex, has_two_digits_a_byte) {
  EXPECT_EQ(random_hex(32).size(), 64u);
  EXPECT_NE(random_hex(32), random_hex(32));
}

}  // namespace
}  // namespace korrigo
