// Orders, rotations and lengths of whole batches. Faces are named by page (from 1) and half as scanned: "1R 2L".
#include "scans/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scans/made_sides.h"

namespace korrigo::scans {
namespace {

using made::doubtful;
using made::in_words;
using made::SideMaker;
using made::stack;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The rotation of the sides of a batch, page by page; -1 where no booklet holds the page.
std::vector<int> rotations(const Batch& batch, std::size_t pages) {
  std::vector<int> rotations(pages, -1);
  for (const Booklet& booklet : batch.booklets)
    for (const Face& face : booklet.faces) rotations[static_cast<std::size_t>(face.side)] = face.rotation;
  return rotations;
}

std::vector<std::string> flags(const Batch& batch) {
  std::vector<std::string> flags;
  for (const Booklet& booklet : batch.booklets)
    for (const Face& face : booklet.faces) flags.insert(flags.end(), face.flags.begin(), face.flags.end());
  return flags;
}

TEST(Batch, folded_sheets_become_booklets_in_reading_order) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(), make.recto(), make.a3()}));
  EXPECT_EQ(batch.imposition, Imposition::booklet);
  EXPECT_EQ(batch.verso_rotation, 0);
  EXPECT_EQ(batch.pages_per_booklet, 4);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "3R 4L 4R 3L"));
  EXPECT_THAT(batch.unplaced, IsEmpty());
  EXPECT_THAT(batch.warnings, IsEmpty());
  EXPECT_THAT(batch.booklets[0].warnings, IsEmpty());
  EXPECT_THAT(flags(batch), IsEmpty());
}

TEST(Batch, plain_sheets_are_told_by_headers_on_the_left) {
  SideMaker make;
  const Batch batch = arrange(stack({make.plain_recto(), make.a3(), make.plain_recto(), make.a3()}));
  EXPECT_EQ(batch.imposition, Imposition::plain);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1L 1R 2L 2R", "3L 3R 4L 4R"));
}

TEST(Batch, versos_on_their_heads_are_turned) {
  SideMaker make;
  const Batch folded = arrange(stack({make.recto(), make.a3(true), make.recto(), make.a3(true)}));
  EXPECT_EQ(folded.verso_rotation, 180);
  EXPECT_THAT(in_words(folded.booklets), ElementsAre("1R 2R 2L 1L", "3R 4R 4L 3L"));
  EXPECT_THAT(rotations(folded, 4), ElementsAre(0, 180, 0, 180));
  const Batch plain = arrange(stack({make.plain_recto(), make.a3(true), make.plain_recto(), make.a3(true)}));
  EXPECT_THAT(in_words(plain.booklets), ElementsAre("1L 1R 2R 2L", "3L 3R 4R 4L"));
}

TEST(Batch, the_first_face_of_a_booklet_carries_the_header) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(), make.a3(), make.a3(), make.recto(true), make.a3()}));
  ASSERT_EQ(batch.booklets.size(), 2U);
  for (const Booklet& booklet : batch.booklets)
    for (std::size_t i = 0; i < booklet.faces.size(); ++i) {
      EXPECT_EQ(booklet.faces[i].header, i == 0);
      EXPECT_EQ(booklet.faces[i].form, i == 0 ? 0 : -1);
      EXPECT_DOUBLE_EQ(booklet.faces[i].header_score, i == 0 ? made::kHeaderScore : made::kOtherScore);
    }
}

TEST(Batch, a_whole_stack_upside_down_comes_out_upright) {
  SideMaker make;
  const Batch same = arrange(stack({make.recto(true), make.a3(true), make.recto(true), make.a3(true)}));
  EXPECT_EQ(same.imposition, Imposition::booklet);
  EXPECT_THAT(in_words(same.booklets), ElementsAre("1L 2R 2L 1R", "3L 4R 4L 3R"));
  EXPECT_THAT(rotations(same, 4), Each(180));
  const Batch mixed = arrange(stack({make.plain_recto(true), make.a3(), make.plain_recto(true), make.a3()}));
  EXPECT_EQ(mixed.imposition, Imposition::plain);
  EXPECT_THAT(in_words(mixed.booklets), ElementsAre("1R 1L 2L 2R", "3R 3L 4L 4R"));
  EXPECT_THAT(rotations(mixed, 4), ElementsAre(180, 0, 180, 0));
}

TEST(Batch, versos_scanned_before_their_rectos_are_read_after_them) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a3(true), make.recto(), make.a3(true), make.recto()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("2R 1R 1L 2L", "4R 3R 3L 4L"));
  EXPECT_THAT(rotations(batch, 4), ElementsAre(180, 0, 180, 0));
  EXPECT_THAT(batch.unplaced, IsEmpty());
}

TEST(Batch, doubtful_and_blank_versos_follow_the_rule_of_the_others) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(true), make.recto(), doubtful(make.a3(true)), make.recto(),
                                     made::blank(make.a3(true)), make.recto(), make.a3(true)}));
  EXPECT_EQ(batch.verso_rotation, 180);
  EXPECT_THAT(rotations(batch, 8), ElementsAre(0, 180, 0, 180, 0, 180, 0, 180));
}

TEST(Batch, one_verso_fed_the_other_way_is_turned_for_itself_and_flagged) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(true), make.recto(), make.a3(), make.recto(), make.a3(true),
                                     make.recto(), make.a3(true)}));
  EXPECT_THAT(rotations(batch, 8), ElementsAre(0, 180, 0, 0, 0, 180, 0, 180));
  EXPECT_THAT(in_words(batch.booklets), Contains("3R 4L 4R 3L"));
  EXPECT_THAT(flags(batch), ElementsAre("turned"));
}

TEST(Batch, a_verso_that_speaks_weakly_against_the_rule_follows_it_and_is_flagged) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3(), make.recto(), make.a3(), make.recto(), make.a3()});
  for (auto& half : sides[3].halves) half.standing = -0.3;
  const Batch batch = arrange(std::move(sides));
  EXPECT_THAT(rotations(batch, 6), Each(0));
  EXPECT_THAT(flags(batch), ElementsAre("rotation_uncertain"));
}

// Eight folded sheets with upright versos, the last of which speaks at `last`; the others as `agreement` says.
Batch with_last_verso(double last, const std::vector<double>& agreement) {
  SideMaker make;
  std::vector<SurveyedSide> sides;
  for (std::size_t i = 0; i < 8; ++i) {
    sides.push_back(make.recto());
    sides.push_back(make.a3());
    for (auto& half : sides.back().halves) half.standing = i == 7 ? last : agreement[i % agreement.size()];
  }
  return arrange(stack(std::move(sides)));
}

TEST(Batch, what_is_clear_depends_on_how_the_other_versos_speak) {
  EXPECT_EQ(rotations(with_last_verso(-0.6, {1.5, 1.3, 1.4, 1.6}), 16).back(), 180);
  EXPECT_EQ(rotations(with_last_verso(-0.7, {1.6, 1.2, 0.8, -1.3, 1.4}), 16).back(), 180);
  EXPECT_EQ(rotations(with_last_verso(-0.9, {1.4, 0.2, 0.9, -0.1}), 16).back(), 0);
}

// A face with a few lines of writing says less than a full one, and less surely.
TEST(Batch, a_leaf_with_little_writing_is_not_taken_for_one_fed_upside_down) {
  const std::vector<double> others = {1.6, 1.9, 1.3, 2.2, 1.2, 1.2, 1.2, 1.1, 0.8, 1.8, 1.6};
  for (const auto& [says, rotation] : {std::pair{-0.56, 0}, {-1.2, 180}}) {
    SideMaker make;
    std::vector<SurveyedSide> sides = {make.a4_header(), make.a4()};
    sides.back().halves.front().standing = says;
    for (const double other : others) {
      sides.push_back(make.a4_header());
      sides.push_back(make.a4());
      sides.back().halves.front().standing = other;
    }
    EXPECT_EQ(rotations(arrange(stack(std::move(sides))), 24)[1], rotation) << says;
  }
}

TEST(Batch, rectos_of_further_sheets_stand_like_the_first) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(true), doubtful(make.a3()), make.a3(true),  //
                                     make.recto(), make.a3(true), make.a3(), make.a3(true)}));
  EXPECT_EQ(batch.pages_per_booklet, 8);
  EXPECT_EQ(batch.verso_rotation, 180);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2R 2L 1L 3R 4R 4L 3L", "5R 6R 6L 5L 7R 8R 8L 7L"));
  EXPECT_THAT(rotations(batch, 8), ElementsAre(0, 180, 0, 180, 0, 180, 0, 180));
  EXPECT_THAT(flags(batch), IsEmpty());
}

TEST(Batch, further_sheets_of_a_stack_upside_down_come_out_upright) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(true), make.a3(true), doubtful(make.a3(true)), make.a3(true),  //
                                     make.recto(true), make.a3(true), make.a3(true), make.a3(true)}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1L 2R 2L 1R 3L 4R 4L 3R", "5L 6R 6L 5R 7L 8R 8L 7R"));
  EXPECT_THAT(rotations(batch, 8), Each(180));
  EXPECT_THAT(flags(batch), IsEmpty());
}

TEST(Batch, a4_leaves_follow_one_another) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a4_header(), make.a4(), make.a4(), make.a4(),  //
                                     make.a4_header(), make.a4(), make.a4(), make.a4()}));
  EXPECT_EQ(batch.pages_per_booklet, 4);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F 3F 4F", "5F 6F 7F 8F"));
}

TEST(Batch, backs_of_a4_leaves_are_turned_and_their_fronts_are_not) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a4_header(), make.a4(true), doubtful(make.a4()), doubtful(make.a4(true)),
                                     make.a4_header(), make.a4(true), make.a4(), make.a4(true)}));
  EXPECT_EQ(batch.verso_rotation, 180);
  EXPECT_THAT(rotations(batch, 8), ElementsAre(0, 180, 0, 180, 0, 180, 0, 180));
}

TEST(Batch, a3_and_a4_may_be_mixed) {
  SideMaker make;
  const Batch batch = arrange(stack({make.recto(), make.a3(true), make.a4_header(), make.a4(), make.a4(), make.a4(),
                                     make.recto(), make.a3(true), make.recto(), make.a3(true), make.a4()}));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2R 2L 1L", "3F 4F 5F 6F", "7R 8R 8L 7L", "9R 10R 10L 9L 11F"));
  EXPECT_EQ(batch.pages_per_booklet, 4);
}

TEST(Batch, an_unusual_length_is_kept_and_said) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a4_header(), make.a4(), make.a4_header(), make.a4(), make.a4_header(),
                                     make.a4(), make.a4(), make.a4_header(), make.a4()}));
  EXPECT_EQ(batch.pages_per_booklet, 2);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1F 2F", "3F 4F", "5F 6F 7F", "8F 9F"));
  EXPECT_THAT(batch.booklets[2].warnings, ElementsAre("3 faces where a copy of this batch usually has 2."));
  EXPECT_THAT(batch.booklets[0].warnings, IsEmpty());
}

TEST(Batch, forced_imposition_holds_against_the_headers) {
  SideMaker make;
  ArrangeOptions options;
  options.imposition = Imposition::plain;
  const Batch batch = arrange(stack({make.recto(), make.a3()}), options);
  EXPECT_EQ(batch.imposition, Imposition::plain);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1L 1R 2L 2R"));
}

TEST(Batch, forced_rotation_holds_for_doubtful_versos) {
  SideMaker make;
  ArrangeOptions options;
  options.verso_rotation = 180;
  const Batch batch = arrange(stack({make.recto(), doubtful(make.a3()), make.recto(), doubtful(make.a3())}), options);
  EXPECT_EQ(batch.verso_rotation, 180);
  EXPECT_THAT(rotations(batch, 4), ElementsAre(0, 180, 0, 180));
}

TEST(Batch, forced_rotation_holds_against_the_writing_which_is_flagged) {
  SideMaker make;
  ArrangeOptions options;
  options.verso_rotation = 0;
  const Batch batch = arrange(stack({make.recto(), make.a3(true), make.recto(), make.a3(true)}), options);
  EXPECT_EQ(batch.verso_rotation, 0);
  EXPECT_THAT(rotations(batch, 4), Each(0));
  EXPECT_THAT(flags(batch), ElementsAre("rotation_uncertain", "rotation_uncertain"));
}

TEST(Batch, forced_length_decides_what_is_unusual) {
  SideMaker make;
  ArrangeOptions options;
  options.pages_per_booklet = 8;
  const Batch batch =
      arrange(stack({make.recto(), make.a3(), make.recto(), make.a3(), make.recto(), make.a3(), make.a3(), make.a3()}),
              options);
  EXPECT_EQ(batch.pages_per_booklet, 8);
  ASSERT_EQ(batch.booklets.size(), 3U);
  EXPECT_THAT(batch.booklets[0].warnings, ElementsAre(HasSubstr("4 faces")));
  EXPECT_THAT(batch.booklets[2].faces, testing::SizeIs(8));
  EXPECT_THAT(batch.booklets[2].warnings, IsEmpty());
}

TEST(Batch, forced_length_leaves_longer_copies_their_first_sheets) {
  SideMaker make;
  ArrangeOptions options;
  options.pages_per_booklet = 4;
  const Batch batch = arrange(stack({make.recto(), make.a3(), make.a3(), make.a3(), make.recto(), make.a3()}), options);
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L", "5R 6L 6R 5L"));
  EXPECT_EQ(in_words(batch.unplaced), "3L 3R 4L 4R");
}

TEST(Batch, sources_follow_one_another) {
  SideMaker make;
  auto sides = made::source(0, {make.recto(), make.a3(true)});
  for (SurveyedSide& side : made::source(1, {make.recto(), make.a3(true), make.recto(), make.a3(true)}))
    sides.push_back(std::move(side));
  const Batch batch = arrange(std::move(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2R 2L 1L", "1R 2R 2L 1L", "3R 4R 4L 3L"));
  EXPECT_EQ(batch.booklets[0].faces[0].source, 0);
  EXPECT_EQ(batch.booklets[2].faces[0].source, 1);
}

TEST(Batch, without_any_header_everything_waits_and_the_batch_says_so) {
  SideMaker make;
  const Batch batch = arrange(stack({make.a3(), make.a3(), make.a4()}));
  EXPECT_THAT(batch.booklets, IsEmpty());
  EXPECT_EQ(batch.pages_per_booklet, 0);
  EXPECT_EQ(in_words(batch.unplaced), "1L 1R 2L 2R 3F");
  EXPECT_THAT(batch.warnings, ElementsAre(HasSubstr("No printed header")));
}

TEST(Batch, nothing_scanned_is_an_empty_batch) {
  const Batch batch = arrange({});
  EXPECT_THAT(batch.booklets, IsEmpty());
  EXPECT_THAT(batch.unplaced, IsEmpty());
}

TEST(Batch, a_score_near_the_threshold_is_flagged) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3(), make.recto(), make.a3(), make.recto(), make.a3()});
  sides[2].halves[1].top.score = 0.24;  // with chance at 0.05 the threshold is 0.2
  sides[5].halves[0].top.score = 0.17;
  const Batch batch = arrange(std::move(sides));
  EXPECT_EQ(batch.booklets.size(), 3U);
  EXPECT_THAT(flags(batch), ElementsAre("header_uncertain", "header_uncertain"));
}

TEST(Batch, one_side_has_one_header_at_most) {
  SideMaker make;
  auto sides = stack({make.recto(), make.a3()});
  sides[0].halves[0].bottom.score = 0.4;
  const Batch batch = arrange(std::move(sides));
  EXPECT_THAT(in_words(batch.booklets), ElementsAre("1R 2L 2R 1L"));
  EXPECT_FALSE(batch.booklets[0].faces[3].header);
}

}  // namespace
}  // namespace korrigo::scans
