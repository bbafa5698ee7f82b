#include "publication/tables.h"

#include <gtest/gtest.h>

#include "publication/french.h"
#include "publication/pronote.h"

namespace korrigo::publication {
namespace {

TEST(Tables, quote_what_has_to_be_quoted) {
  EXPECT_EQ(csv_record({"a", "b;c", "d\"e", "f\ng", ""}), "a;\"b;c\";\"d\"\"e\";\"f\ng\";\r\n");
}

TEST(Tables, make_no_formula_of_what_somebody_typed) {
  for (const char* text : {"=1+1", "+1", "-1", "@A", "\t=1", "\r=1"})
    EXPECT_EQ(without_formula(text), std::string("'") + text);
  EXPECT_EQ(without_formula("a=1"), "a=1");
}

TEST(Tables, have_names_that_every_file_system_takes) {
  EXPECT_EQ(file_name_part("Maths / été: n° 1"), "Maths___été__n°_1");
  EXPECT_EQ(file_name_part(std::string(80, 'x')).size(), 50);
  EXPECT_EQ(file_name_part(""), "examen");
}

TEST(Pronote, marks_are_of_20_rounded_half_up_and_held_within) {
  EXPECT_EQ(mark_of_20(3711, 4000), 1856);  // 18.555
  EXPECT_EQ(mark_of_20(0, 4000), 0);
  EXPECT_EQ(mark_of_20(-50, 2000), 0);
  EXPECT_EQ(mark_of_20(2100, 2000), 2000);
  EXPECT_EQ(mark_of_20(500, 0), 0);
  EXPECT_EQ(french_decimal(mark_of_20(2000, 2000), 2), "20,00");
}

TEST(Pronote, comments_are_one_line_and_no_formula) {
  EXPECT_EQ(pronote_comment("Bien\r\ntravaillé"), "Bien travaillé");
  EXPECT_EQ(pronote_comment("=+-@x"), "x");
  EXPECT_EQ(pronote_comment(std::string(600, 'y')).size(), 500);
}

TEST(French, points_are_written_as_short_as_they_are) {
  EXPECT_EQ(french_points(1575), "15,75");
  EXPECT_EQ(french_points(1550), "15,5");
  EXPECT_EQ(french_points(1500), "15");
  EXPECT_EQ(signed_points(-50), "\u22120,5");
  EXPECT_EQ(french_decimal(-5, 2), "-0,05");
}

}  // namespace
}  // namespace korrigo::publication
