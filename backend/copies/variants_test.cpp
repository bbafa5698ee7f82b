#include "copies/variants.h"

#include <gtest/gtest.h>

namespace korrigo::copies {
namespace {

TEST(Variants, are_printed_behind_a_word_that_announces_them) {
  EXPECT_EQ(variant_in({"Baccalauréat", "SUJET", "A", "Mathématiques"}), "A");
  EXPECT_EQ(variant_in({"Variante", ":", "B."}), "B");
  EXPECT_EQ(variant_in({"version", "n°2", "page", "1"}), "2");
  EXPECT_EQ(variant_in({"Version", "2"}), "2");
}

TEST(Variants, are_none_where_print_says_nothing_or_two_things) {
  EXPECT_EQ(variant_in({}), std::nullopt);
  EXPECT_EQ(variant_in({"Le", "sujet", "comporte", "3", "pages"}), std::nullopt);
  EXPECT_EQ(variant_in({"Le", "sujet", "a", "deux", "parties"}), std::nullopt);
  EXPECT_EQ(variant_in({"le", "sujet", "de", "mathématiques"}), std::nullopt);
  EXPECT_EQ(variant_in({"Sujet", "A", "Sujet", "B"}), std::nullopt);
  EXPECT_EQ(variant_in({"Sujet", "A", "sujet", "A"}), "A");
  EXPECT_EQ(variant_in({"Sujet"}), std::nullopt);
}

TEST(Variants, are_read_by_a_french_reader) {
  EXPECT_EQ(variant_in({"SUJET", "À"}), "A");
  EXPECT_EQ(variant_in({"Sujet", "À", "Mathématiques"}), "A");
  EXPECT_EQ(variant_in({"SUJET", "À", "RENDRE"}), std::nullopt);
  EXPECT_EQ(variant_in({"Sujet", "à", "rendre"}), std::nullopt);
}

TEST(Variants, are_short) {
  EXPECT_TRUE(is_variant("A"));
  EXPECT_TRUE(is_variant("B2"));
  EXPECT_FALSE(is_variant(""));
  EXPECT_FALSE(is_variant("a"));
  EXPECT_FALSE(is_variant("ABCDEFGHI"));
}

}  // namespace
}  // namespace korrigo::copies
