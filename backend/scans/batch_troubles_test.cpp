// What a batch loses when sides are missing, unreadable, doubled or loose: that side and no other, and never silently.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "scans/batch.h"
#include "scans/made_sides.h"

namespace korrigo::scans {
namespace {

using made::in_words;
using made::SideMaker;
using made::stack;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(BatchTroubles, a_missing_verso_costs_its_copy_two_faces_and_is_said) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.recto(), make.a3(), make.recto(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 1L", "2R 3L 3R 2L", "4R 5L 5R 4L"));
  EXPECT_THAT(batch.booklets[0].warnings,
              ElementsAre(HasSubstr("other side of this sheet is missing"), HasSubstr("2 faces")));
  EXPECT_THAT(batch.booklets[1].warnings, IsEmpty());
  EXPECT_THAT(batch.unplaced, IsEmpty());
}

TEST(BatchTroubles, a_verso_without_its_recto_waits_for_a_person) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(), make.a3(), make.recto(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "4R 5L 5R 4L"));
  EXPECT_EQ(in_words(batch.unplaced), "3L 3R");
}

TEST(BatchTroubles, an_unreadable_verso_is_listed_and_its_neighbours_stay_right) {
  SideMaker make;
  const Batch batch =
      arrange(stack({make.recto(), make.a3(), make.recto(), SideMaker::unreadable(), make.recto(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "3R 3L", "5R 6L 6R 5L"));
  EXPECT_THAT(batch.booklets[1].warnings, ElementsAre(HasSubstr("2 faces")));
  EXPECT_EQ(in_words(batch.unplaced), "4F");
  EXPECT_EQ(batch.unplaced[0].reason, "This page cannot be decoded.");
}

TEST(BatchTroubles, behind_an_unreadable_recto_its_verso_is_nobodys) {
  SideMaker make;
  const Batch batch =
      arrange(stack({make.recto(), make.a3(), SideMaker::unreadable(), make.a3(), make.recto(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "5R 6L 6R 5L"));
  EXPECT_EQ(in_words(batch.unplaced), "3F 4L 4R");
  EXPECT_THAT(batch.unplaced[1].reason, HasSubstr("cannot be read"));
}

TEST(BatchTroubles, behind_an_unreadable_recto_the_further_sheets_are_nobodys_either) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(),                                   // a short copy
                                     SideMaker::unreadable(), make.a3(), make.a3(), make.a3(),  // another's
                                     make.recto(), make.a3(), make.a3(), make.a3(),             //
                                     make.recto(), make.a3(), make.a3(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets),
              ElementsAre("1R 2L 2R 1L", "7R 8L 8R 7L 9R 10L 10R 9L", "11R 12L 12R 11L 13R 14L 14R 13L"));
  EXPECT_EQ(in_words(batch.unplaced), "3F 4L 4R 5L 5R 6L 6R");
}

TEST(BatchTroubles, an_unreadable_a4_side_is_listed_alone) {
  SideMaker make;
  const Batch batch =
      arrange(stack({make.a4_header(), SideMaker::unreadable(), make.a4(), make.a4_header(), make.a4(), make.a4()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 3F", "4F 5F 6F"));
  EXPECT_EQ(in_words(batch.unplaced), "2F");
}

TEST(BatchTroubles, a_batch_of_unreadable_sides_is_a_list_of_them) {
  const Batch batch = arrange(stack({SideMaker::unreadable(), SideMaker::unreadable()}));
  EXPECT_THAT(batch.booklets, IsEmpty());
  EXPECT_EQ(in_words(batch.unplaced), "1F 2F");
}

TEST(BatchTroubles, a_sheet_scanned_twice_counts_once) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3(), make.recto(), make.a3()});
  sides.insert(sides.begin() + 2, {make.again(sides[0]), make.again(sides[1])});
  const Batch batch = arrange(stack(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "5R 6L 6R 5L"));
  EXPECT_EQ(in_words(batch.unplaced), "3L 3R 4L 4R");
  EXPECT_EQ(batch.unplaced[0].reason, "Scanned twice: the same sheet as page 1.");
}

TEST(BatchTroubles, a_sheet_scanned_again_on_its_head_counts_once) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3(), make.recto(), make.a3()});
  sides.push_back(make.again(sides[0], true));
  sides.push_back(make.again(sides[1], true));
  const Batch batch = arrange(stack(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "3R 4L 4R 3L"));
  EXPECT_EQ(in_words(batch.unplaced), "5L 5R 6L 6R");
}

TEST(BatchTroubles, a_double_in_another_source_names_it) {
  SideMaker make;
  auto sides = made::source(0, {make.recto(), make.a3()});
  for (SurveyedSide& side : made::source(1, {make.again(sides[0]), make.again(sides[1])}))
    sides.push_back(std::move(side));
  const Batch batch = arrange(std::move(sides));
  EXPECT_EQ(batch.booklets.size(), 1U);
  ASSERT_EQ(batch.unplaced.size(), 4U);
  EXPECT_EQ(batch.unplaced[0].source, 1);
  EXPECT_EQ(batch.unplaced[0].reason, "Scanned twice: the same sheet as page 1 of another file.");
}

TEST(BatchTroubles, a_doubled_a4_side_counts_once) {
  SideMaker make;
  auto sides = stack({make.a4_header(), make.a4(), make.a4_header(), make.a4()});
  sides.insert(sides.begin() + 2, make.again(sides[1]));
  const Batch batch = arrange(stack(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F", "4F 5F"));
  EXPECT_EQ(in_words(batch.unplaced), "3F");
}

TEST(BatchTroubles, a_first_page_that_its_copy_needs_is_no_double) {
  SideMaker make;
  auto sides = stack({make.a4_header(), make.a4(), make.a4_header(), make.a4(), make.a4_header(), make.a4()});
  sides[4] = make.again(sides[0]);
  const Batch batch = arrange(stack(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F", "3F 4F", "5F 6F"));
  EXPECT_THAT(batch.unplaced, IsEmpty());
}

TEST(BatchTroubles, a_first_page_is_no_double_when_its_pages_make_the_copy_before_too_long) {
  SideMaker make;
  auto sides = stack({make.a4_header(), make.a4(), make.a4_header(), make.a4(), make.a4_header(), make.a4()});
  sides[4] = make.again(sides[2]);
  const Batch batch = arrange(stack(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F", "3F 4F", "5F 6F"));
  EXPECT_THAT(batch.unplaced, IsEmpty());
}

TEST(BatchTroubles, a_first_page_scanned_twice_in_a_row_counts_once) {
  SideMaker make;
  auto sides = stack({make.a4_header(), make.a4(), make.a4(), make.a4_header(), make.a4(), make.a4()});
  sides.insert(sides.begin() + 4, make.again(sides[3]));
  const Batch batch = arrange(stack(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F 3F", "4F 6F 7F"));
  EXPECT_EQ(in_words(batch.unplaced), "5F");
}

TEST(BatchTroubles, a_booklet_longer_than_all_others_may_hold_two) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a4_header(), make.a4(), make.a4_header(), make.a4(), make.a4_header(),
                                     make.a4(), make.a4(), make.a4(), make.a4_header()}));
  std::vector<bool> overlong;
  for (const Booklet& booklet : batch.booklets) overlong.push_back(booklet.overlong);
  EXPECT_THAT(overlong, ElementsAre(false, false, true, false));
}

TEST(BatchTroubles, blank_sheets_are_no_doubles) {
  SideMaker make;
  const auto leaf = [&] { return made::blank(make.a4()); };
  const Batch batch = arrange(stack({make.a4_header(), leaf(), leaf(), make.a4_header(), leaf(), leaf()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F 3F", "4F 5F 6F"));
  EXPECT_THAT(batch.unplaced, IsEmpty());
}

TEST(BatchTroubles, headers_alike_do_not_make_doubles) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3(), make.recto(), make.a3()});
  auto& first = sides[0].halves[1].thumb;
  auto& second = sides[2].halves[1].thumb;
  std::copy_n(first.pixels().begin(), first.width() * 11, second.pixels().begin());
  for (const int side : {0, 2}) sides[static_cast<std::size_t>(side)].halves[0].face.blank = true;
  for (const int side : {1, 3})
    sides[static_cast<std::size_t>(side)] = made::blank(sides[static_cast<std::size_t>(side)]);
  EXPECT_EQ(arrange(std::move(sides)).booklets.size(), 2U);
}

TEST(BatchTroubles, a_loose_sheet_waits_where_copies_have_one_sheet) {
  SideMaker make;
  const Batch batch =
      arrange(stack({make.recto(), make.a3(), make.a3(), make.a3(), make.recto(), make.a3(), make.recto(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "5R 6L 6R 5L", "7R 8L 8R 7L"));
  EXPECT_EQ(in_words(batch.unplaced), "3L 3R 4L 4R");
  EXPECT_THAT(batch.unplaced[0].reason, AllOf(HasSubstr("loose sheet"), HasSubstr("by hand")));
}

TEST(BatchTroubles, a_sheet_before_the_first_header_waits) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a3(), make.a3(), make.recto(), make.a3(), make.recto(), make.a3()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("3R 4L 4R 3L", "5R 6L 6R 5L"));
  EXPECT_EQ(in_words(batch.unplaced), "1L 1R 2L 2R");
  EXPECT_THAT(batch.unplaced[0].reason, HasSubstr("No header comes before"));
}

TEST(BatchTroubles, a_second_sheet_that_several_copies_have_is_no_accident) {
  SideMaker make;
  std::vector<SurveyedSide> sides;
  for (int copy = 0; copy < 8; ++copy) {
    sides.push_back(make.recto());
    sides.push_back(make.a3());
    if (copy % 2 == 0 && copy > 0) {
      sides.push_back(make.a3());
      sides.push_back(make.a3());
    }
  }
  const Batch batch = arrange(stack(std::move(sides)));
  EXPECT_EQ(batch.pages_per_booklet, 4);
  EXPECT_THAT(batch.unplaced, IsEmpty());
  EXPECT_EQ(batch.booklets[2].faces.size(), 8U);
  EXPECT_THAT(batch.booklets[2].warnings, ElementsAre(HasSubstr("8 faces")));
}

SurveyedSide any_side(SideMaker& make, Random& random) {
  const bool turned = random.chance(0.3);
  switch (random.integer(0, 9)) {
    case 0:
      return SideMaker::unreadable();
    case 1:
    case 2:
      return make.a4(turned);
    case 3:
      return make.a4_header(turned);
    case 4:
      return make.plain_recto(turned);
    case 5:
      return made::blank(make.a3(turned));
    case 6:
    case 7:
      return make.recto(turned);
    default:
      return make.a3(turned);
  }
}

/// A stack as nobody would want it, every trouble by chance.
std::vector<SurveyedSide> troubled_stack(Random& random) {
  SideMaker make(random.bits());
  std::vector<SurveyedSide> all;
  const int sources = random.integer(1, 3);
  for (int number = 0; number < sources; ++number) {
    std::vector<SurveyedSide> sides;
    const int sheets = random.integer(0, 8);
    const bool orderly = random.chance(0.5);
    for (int sheet = 0; sheet < sheets; ++sheet) {
      const std::size_t first = sides.size();
      sides.push_back(orderly ? make.recto() : any_side(make, random));
      sides.push_back(orderly ? make.a3(true) : any_side(make, random));
      if (random.chance(0.15))
        sides.insert(sides.end(), {make.again(sides[first]), make.again(sides[first + 1], random.chance(0.3))});
      if (random.chance(0.1)) sides.pop_back();
      if (random.chance(0.1)) sides.back() = SideMaker::unreadable();
      if (random.chance(0.1))
        for (auto& half : sides.back().halves) half.top.score = random.between(-0.1, 0.5);
    }
    for (SurveyedSide& side : made::source(number, std::move(sides))) all.push_back(std::move(side));
  }
  return all;
}

ArrangeOptions any_options(Random& random) {
  ArrangeOptions options;
  if (random.chance(0.2)) options.imposition = random.chance(0.5) ? Imposition::plain : Imposition::booklet;
  if (random.chance(0.2)) options.verso_rotation = random.chance(0.5) ? 0 : 180;
  if (random.chance(0.2)) options.pages_per_booklet = 2 * random.integer(1, 6);
  return options;
}

using Place = std::tuple<int, int, Half>;

TEST(BatchTroubles, every_half_of_every_side_is_exactly_once_in_a_booklet_or_unplaced) {
  for (std::uint64_t round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    Random random(round);
    const std::vector<SurveyedSide> sides = troubled_stack(random);
    std::map<Place, int> scanned;
    for (const SurveyedSide& side : sides) {
      if (!side.problem.empty()) ++scanned[{side.source, side.side, Half::full}];
      for (const auto& half : side.halves) ++scanned[{side.source, side.side, half.face.half}];
    }
    const Batch batch = arrange(sides, any_options(random));
    std::map<Place, int> placed;
    for (const Booklet& booklet : batch.booklets) {
      int headers = 0;
      for (const Face& face : booklet.faces) {
        ++placed[{face.source, face.side, face.half}];
        EXPECT_TRUE(face.rotation == 0 || face.rotation == 180);
        headers += face.header;
      }
      EXPECT_EQ(headers, 1);
    }
    for (const UnplacedFace& face : batch.unplaced) {
      ++placed[{face.source, face.side, face.half}];
      EXPECT_FALSE(face.reason.empty());
    }
    EXPECT_EQ(placed, scanned);
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace korrigo::scans
