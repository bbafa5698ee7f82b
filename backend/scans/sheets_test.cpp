// Which sides make a sheet, and in which order its faces are read.
#include "scans/sheets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scans/made_sides.h"
#include "scans/orientation.h"

namespace korrigo::scans {
namespace {

using made::SideMaker;
using made::stack;
using testing::ElementsAre;

/// The sides of each sheet, pages from 1, recto first: "1 2"; "3 ?" carries a warning.
std::vector<std::string> paired(std::vector<SurveyedSide> sides) {
  mark_headers(sides);
  std::vector<std::string> words;
  for (const Sheet& sheet : pair_sides(sides)) {
    std::string pages;
    for (const SurveyedSide* side : sheet.sides) pages += (pages.empty() ? "" : " ") + std::to_string(side->side + 1);
    words.push_back(pages + (sheet.warning.empty() ? "" : " ?"));
  }
  return words;
}

std::string read_in_order(std::vector<SurveyedSide> sides, Imposition imposition, int verso_rotation) {
  mark_headers(sides);
  turn_versos(sides, verso_rotation);
  return made::in_words(faces_in_order(pair_sides(sides).at(0), imposition));
}

TEST(Sheets, a_recto_and_the_side_behind_it_are_one_sheet) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), make.a3(), make.recto(), make.a3()})), ElementsAre("1 2", "3 4"));
}

TEST(Sheets, further_sheets_of_a_copy_need_no_header) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), make.a3(), make.a3(), make.a3(), make.recto(), make.a3()})),
              ElementsAre("1 2", "3 4", "5 6"));
}

TEST(Sheets, versos_that_come_first_are_seen_from_where_headers_fall) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.a3(), make.recto(), make.a3(), make.recto()})), ElementsAre("2 1", "4 3"));
}

TEST(Sheets, a_missing_verso_costs_its_sheet_only) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), make.a3(), make.recto(), make.recto(), make.a3()})),
              ElementsAre("1 2", "3 ?", "4 5"));
}

TEST(Sheets, a_missing_verso_early_in_the_stack_does_not_pair_strangers) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), make.recto(), make.a3(), make.recto(), make.a3(), make.recto(), make.a3()})),
              ElementsAre("1 ?", "2 3", "4 5", "6 7"));
}

TEST(Sheets, a_missing_recto_costs_its_sheet_only) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), make.a3(), make.a3(), make.recto(), make.a3()})),
              ElementsAre("1 2", "3 ?", "4 5"));
  EXPECT_THAT(paired(stack({make.a3(), make.recto(), make.a3(), make.recto(), make.a3()})),
              ElementsAre("1 ?", "2 3", "4 5"));
}

TEST(Sheets, a_missing_side_among_versos_that_come_first_costs_its_sheet_only) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.a3(), make.recto(), make.recto(), make.a3(), make.recto(), make.a3(), make.recto()})),
              ElementsAre("2 1", "3 ?", "5 4", "7 6"));
}

TEST(Sheets, each_source_may_come_with_its_own_side_first) {
  SideMaker make;
  auto sides = made::source(0, {make.recto(), make.a3(), make.recto(), make.a3()});
  for (SurveyedSide& side :
       made::source(1, {make.a3(), make.recto(), make.a3(), make.recto(), make.a3(), make.recto()}))
    sides.push_back(std::move(side));
  EXPECT_THAT(paired(std::move(sides)), ElementsAre("1 2", "3 4", "2 1", "4 3", "6 5"));
}

TEST(Sheets, sides_of_two_sources_are_never_one_sheet) {
  SideMaker make;
  auto sides = made::source(0, {make.recto()});
  sides.push_back(made::source(1, {make.a3()}).front());
  EXPECT_THAT(paired(std::move(sides)), ElementsAre("1 ?", "1 ?"));
}

TEST(Sheets, a4_sides_stand_alone_between_a3_sheets) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), make.a3(), make.a4_header(), make.a4(), make.recto(), make.a3()})),
              ElementsAre("1 2", "3", "4", "5 6"));
}

TEST(Sheets, an_unreadable_side_keeps_its_place) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.recto(), SideMaker::unreadable(), make.recto(), make.a3()})),
              ElementsAre("1 2", "3 4"));
  EXPECT_THAT(paired(stack({make.recto(), make.a3(), SideMaker::unreadable(), make.a3(), make.recto(), make.a3()})),
              ElementsAre("1 2", "3 4", "5 6"));
}

TEST(Sheets, a_sheet_whose_recto_is_unreadable_says_so) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3(), SideMaker::unreadable(), make.a3(), make.recto(), make.a3()});
  mark_headers(sides);
  const auto sheets = pair_sides(sides);
  ASSERT_EQ(sheets.size(), 3U);
  EXPECT_FALSE(sheets[0].header_side_lost);
  EXPECT_TRUE(sheets[1].header_side_lost);
  EXPECT_FALSE(sheets[1].header);
  EXPECT_TRUE(sheets[2].header);
}

TEST(Sheets, an_unreadable_side_among_a4_sides_is_a_unit_of_its_own) {
  SideMaker make;
  EXPECT_THAT(paired(stack({make.a4_header(), SideMaker::unreadable(), make.a4_header(), make.a4()})),
              ElementsAre("1", "2", "3", "4"));
}

TEST(Sheets, no_sides_make_no_sheets) {
  EXPECT_THAT(paired({}), ElementsAre());
}

TEST(Sheets, a_folded_sheet_is_read_from_its_right_half_around) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.recto(), make.a3()}), Imposition::booklet, 0), "1R 2L 2R 1L");
}

TEST(Sheets, a_verso_on_its_head_swaps_its_halves) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.recto(), make.a3(true)}), Imposition::booklet, 180), "1R 2R 2L 1L");
  EXPECT_EQ(read_in_order(stack({make.plain_recto(), make.a3(true)}), Imposition::plain, 180), "1L 1R 2R 2L");
}

TEST(Sheets, a_plain_sheet_is_read_from_left_to_right) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.plain_recto(), make.a3()}), Imposition::plain, 0), "1L 1R 2L 2R");
}

TEST(Sheets, a_sheet_on_its_head_is_read_as_it_stands_upright) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.recto(true), make.a3(true)}), Imposition::booklet, 180), "1L 2R 2L 1R");
}

TEST(Sheets, a_stray_verso_is_read_from_left_to_right) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.a3()}), Imposition::booklet, 0), "1L 1R");
}

TEST(Sheets, a_stray_recto_begins_with_its_header) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.recto()}), Imposition::booklet, 0), "1R 1L");
}

TEST(Sheets, a_sheet_with_an_unreadable_verso_gives_its_recto) {
  SideMaker make;
  EXPECT_EQ(read_in_order(stack({make.recto(), SideMaker::unreadable()}), Imposition::booklet, 0), "1R 1L");
}

}  // namespace
}  // namespace korrigo::scans
