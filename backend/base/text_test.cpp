#include "base/text.h"

#include <gtest/gtest.h>

namespace korrigo {

TEST(FoldName, keeps_only_capitals_and_single_spaces) {
  EXPECT_EQ(fold_name("Marie-Claire D'Angélo"), "MARIE CLAIRE D ANGELO");
  EXPECT_EQ(fold_name("  Lefèvre  "), "LEFEVRE");
  EXPECT_EQ(fold_name("L’Hœst"), "L HOEST");
  EXPECT_EQ(fold_name("Żółć"), "ZOLC");
  EXPECT_EQ(fold_name("--"), "");
}

TEST(FoldName, is_the_same_for_composed_and_decomposed_letters) {
  EXPECT_EQ(fold_name("Cle\u0301mence"), fold_name("Cl\u00E9mence"));
}

TEST(Windows1252, becomes_utf8) {
  EXPECT_EQ(from_windows_1252("Cl\xE9mence \x9Cuf"), "Clémence œuf");
  EXPECT_EQ(from_windows_1252("\x81"), std::nullopt);
}

TEST(Utf8, is_told_from_latin_bytes) {
  EXPECT_TRUE(is_utf8("Clémence"));
  EXPECT_FALSE(is_utf8("Cl\xE9mence"));
}

TEST(Normalise, composes_and_collapses_space) {
  EXPECT_EQ(normalise(" Cle\u0301mence \u00A0 Roy\t"), "Clémence Roy");
}

TEST(Html, is_escaped) {
  EXPECT_EQ(escape_html("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

}  // namespace korrigo
