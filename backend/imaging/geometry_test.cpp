#include "imaging/geometry.h"

#include <gtest/gtest.h>

#include <cmath>

#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using testing::mean_difference;
using testing::page;
using testing::same;

TEST(Rectangles, meet_or_are_empty) {
  const PixelRect a{10, 10, 20, 20};
  EXPECT_EQ(a.intersected({0, 0, 15, 100}), (PixelRect{10, 10, 5, 20}));
  EXPECT_TRUE(a.intersected({30, 10, 5, 5}).empty());
  EXPECT_EQ(a.grown(3), (PixelRect{7, 7, 26, 26}));
}

TEST(Cropping, is_white_outside_the_picture) {
  const GrayImage image(4, 4, std::uint8_t{10});
  const GrayImage out = cropped(image, {-2, 2, 4, 4});
  EXPECT_EQ(out.at(1, 0), 255);
  EXPECT_EQ(out.at(2, 1), 10);
  EXPECT_EQ(out.at(2, 2), 255);
  EXPECT_TRUE(cropped(image, {50, 50, 0, 0}).empty());
}

TEST(Turning, is_clockwise_and_four_quarters_are_nothing) {
  const GrayImage image = page(101, 67);
  const GrayImage quarter = rotated(image, 90);
  EXPECT_EQ(quarter.width(), 67);
  EXPECT_EQ(quarter.at(66, 0), image.at(0, 0));  // top left goes to top right
  EXPECT_EQ(quarter.at(66 - 5, 9), image.at(9, 5));
  EXPECT_TRUE(same(rotated(quarter, 90), rotated(image, 180)));
  EXPECT_TRUE(same(rotated(quarter, 270), image));
  EXPECT_TRUE(same(rotated(quarter, -90), image));
}

TEST(BoxReduction, averages_whole_and_partial_cells) {
  GrayImage image(5, 3, std::uint8_t{100});
  image.row(0)[0] = 200;
  image.row(2)[4] = 0;
  const GrayImage out = box_reduced(image, 2);
  ASSERT_EQ(out.width(), 3);
  ASSERT_EQ(out.height(), 2);
  EXPECT_EQ(out.at(0, 0), 125);
  EXPECT_EQ(out.at(2, 1), 0);
  EXPECT_EQ(out.at(1, 1), 100);
}

TEST(BoxReduction, gives_the_same_by_every_path) {
  const GrayImage image = page(331, 203);
  for (const int factor : {2, 3, 4, 5, 7, 8, 16, 300}) {
    const GrayImage out = box_reduced(image, factor);
    ASSERT_EQ(out.width(), (331 + factor - 1) / factor);
    ASSERT_EQ(out.height(), (203 + factor - 1) / factor);
    for (int y = 0; y < out.height(); ++y) {
      for (int x = 0; x < out.width(); ++x) {
        const GrayImage cell =
            cropped(image, PixelRect{x * factor, y * factor, factor, factor}.intersected(image.bounds()));
        double sum = 0;
        for (const std::uint8_t tone : cell.pixels()) sum += tone;
        ASSERT_NEAR(out.at(x, y), sum / static_cast<double>(cell.pixels().size()), 0.51) << factor;
      }
    }
  }
}

TEST(Resizing, by_whole_factors_is_the_box_average) {
  const GrayImage image = page(300, 200);
  EXPECT_LT(mean_difference(resized(image, 150, 100), box_reduced(image, 2)), 0.1);
}

TEST(Resizing, up_and_down_again_keeps_the_picture) {
  const GrayImage image = page(120, 90);
  EXPECT_LT(mean_difference(resized(resized(image, 360, 270), 120, 90), image), 5);
  const GrayImage odd = resized(image, 77, 131);  // one axis shrinks, the other grows
  EXPECT_EQ(odd.width(), 77);
  EXPECT_EQ(odd.height(), 131);
}

TEST(Affine, inverse_undoes_and_then_follows) {
  const Affine turn = Affine::rotation(17, 40, 30).then({1.5, 0.2, -7, 0.1, 0.8, 11});
  const auto [x, y] = turn(12, 34);
  const auto [back_x, back_y] = turn.inverse()(x, y);
  EXPECT_NEAR(back_x, 12, 1e-9);
  EXPECT_NEAR(back_y, 34, 1e-9);
  const auto [right_x, right_y] = Affine::rotation(90, 0, 0)(1, 0);  // clockwise on screen: right goes down
  EXPECT_NEAR(right_x, 0, 1e-12);
  EXPECT_NEAR(right_y, 1, 1e-12);
}

TEST(Warping, by_whole_pixels_moves_them_exactly) {
  const GrayImage image = page(90, 60);
  EXPECT_TRUE(same(warped(image, {1, 0, 5, 0, 1, -3}, 90, 60), cropped(image, {5, -3, 90, 60})));
  EXPECT_TRUE(same(warped(image, Affine{}, 90, 60), image));
}

TEST(Warping, between_pixels_mixes_them) {
  GrayImage image(2, 2, std::uint8_t{0});
  image.row(0)[1] = 100;
  image.row(1)[1] = 100;
  EXPECT_NEAR(warped(image, {1, 0, 0.5, 0, 1, 0.5}, 1, 1).at(0, 0), 50, 1);
}

TEST(Warping, mixes_the_four_around_whatever_the_map) {
  const GrayImage image = page(120, 90);
  const std::vector<Affine> maps = {Affine::rotation(1.3, 60, 45), Affine::rotation(-0.2, 60, 45),
                                    Affine::rotation(97, 60, 45),  Affine::rotation(180, 60, 45),
                                    {0.5, 0, 20.3, 0, 0.45, 30.1}, {1.9, 0, 0.2, 0, 2.2, 0.7},
                                    {-1, 0, 119, 0.01, 1, 0},      {0.999, 0.002, 0.4, -0.003, 1.001, 0.6}};
  for (const Affine& map : maps) {
    const GrayImage out = warped(image, map, 110, 80);
    int compared = 0;
    for (int y = 0; y < out.height(); ++y)
      for (int x = 0; x < out.width(); ++x) {
        const auto [u, v] = map(x, y);
        if (u < 0.01 || v < 0.01 || u > image.width() - 1.01 || v > image.height() - 1.01) continue;
        const int left = static_cast<int>(u), top = static_cast<int>(v);
        const double fx = u - left, fy = v - top;
        const double upper = image.at(left, top) * (1 - fx) + image.at(left + 1, top) * fx;
        const double lower = image.at(left, top + 1) * (1 - fx) + image.at(left + 1, top + 1) * fx;
        ASSERT_NEAR(out.at(x, y), upper * (1 - fy) + lower * fy, 2) << x << ' ' << y;
        ++compared;
      }
    EXPECT_GT(compared, 500);
  }
}

TEST(Warping, far_outside_or_degenerate_is_white) {
  const GrayImage image = page(50, 50);
  for (const Affine& map : {Affine{1, 0, 1e12, 0, 1, 0}, Affine{0, 0, -5, 0, 0, 9}, Affine{1e9, 0, -1e15, 0, 1e9, 0}}) {
    const GrayImage out = warped(image, map, 20, 20);
    EXPECT_EQ(out.at(10, 10), 255);
  }
}

TEST(Skew, is_found_and_undone) {
  GrayImage level = page(1000, 1200);
  for (int y = 112; y < 1150; y += 24)
    std::fill(level.row(y) + 100, level.row(y) + 900, std::uint8_t{180});  // ruled paper
  for (const double degrees : {-2.0, -0.5, 0.7, 3.0}) {
    const GrayImage tilted = deskewed(level, degrees);
    const Skew skew = find_skew(tilted);
    EXPECT_NEAR(skew.degrees, -degrees, 0.12);
    EXPECT_GE(skew.confidence, 1.25);
  }
}

TEST(Skew, of_nothing_is_zero) {
  EXPECT_EQ(find_skew(GrayImage(600, 800)).degrees, 0);
  EXPECT_EQ(find_skew(GrayImage(3, 3)).degrees, 0);
  EXPECT_EQ(find_skew(GrayImage()).degrees, 0);
}

TEST(PaperTone, is_the_brightest_large_mode) {
  GrayImage image = page(200, 200);
  EXPECT_NEAR(paper_tone(image), 232, 1);
  for (int y = 0; y < 90; ++y) std::fill(image.row(y), image.row(y) + 200, std::uint8_t{20});  // a dark border
  EXPECT_NEAR(paper_tone(image), 232, 1);
  for (int y = 0; y < 4; ++y)
    std::fill(image.row(y), image.row(y) + 100, std::uint8_t{255});  // a glare too small to count
  EXPECT_NEAR(paper_tone(image), 232, 1);
  EXPECT_EQ(paper_tone(GrayImage(10, 10)), 255);
}

int ink_in(const GrayImage& ink, const PixelRect& rect) {
  int count = 0;
  const GrayImage part = cropped(ink, rect);
  for (const std::uint8_t value : part.pixels()) count += value == 255;
  return count;
}

TEST(Binarising, keeps_faint_pens_and_ignores_grain) {
  Random random(7);
  GrayImage image(300, 200, std::uint8_t{230});
  for (std::uint8_t& tone : image.pixels()) {
    tone = static_cast<std::uint8_t>(std::clamp(std::lround(tone + random.normal(0, 3)), 0L, 255L));
  }
  for (int x = 20; x < 280; ++x) {
    for (int y = 50; y < 53; ++y) image.row(y)[x] = 195;   // pencil
    for (int y = 100; y < 103; ++y) image.row(y)[x] = 40;  // ink
  }
  const GrayImage ink = binarised(image);
  EXPECT_GT(ink_in(ink, {20, 50, 260, 3}), 260 * 3 * 0.95);
  EXPECT_EQ(ink_in(ink, {20, 100, 260, 3}), 260 * 3);
  EXPECT_LT(ink_in(ink, {0, 110, 300, 90}), 5);
}

TEST(Binarising, shows_pale_print_when_asked) {
  GrayImage image(300, 100, std::uint8_t{230});
  for (int y = 50; y < 53; ++y) std::fill(image.row(y) + 20, image.row(y) + 280, std::uint8_t{217});
  EXPECT_EQ(ink_in(binarised(image), image.bounds()), 0);
  EXPECT_EQ(ink_in(binarised(image, 31, 0.2, 9), image.bounds()), 260 * 3);
}

TEST(Binarising, follows_shading_and_fills_wide_bars) {
  GrayImage image(400, 200);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 400; ++x) image.row(y)[x] = static_cast<std::uint8_t>(240 - x / 4);
  }
  for (int y = 20; y < 100; ++y) std::fill(image.row(y) + 20, image.row(y) + 100, std::uint8_t{15});
  for (int y = 150; y < 153; ++y) {
    for (int x = 0; x < 400; ++x) image.row(y)[x] = static_cast<std::uint8_t>(image.at(x, y) / 2);
  }
  const GrayImage ink = binarised(image);
  EXPECT_EQ(ink_in(ink, {20, 20, 80, 80}), 6400);
  EXPECT_EQ(ink_in(ink, {0, 150, 400, 3}), 1200);
  EXPECT_EQ(ink_in(ink, {150, 20, 250, 100}), 0);
}

TEST(Matching, finds_a_pattern_under_other_light) {
  const GrayImage image = page(310, 90, 3);
  GrayImage pattern = cropped(image, {6, 13, 300, 70});
  for (std::uint8_t& tone : pattern.pixels()) tone = static_cast<std::uint8_t>(30 + tone / 2);
  const Match match = best_match(image, pattern);
  EXPECT_EQ(match.x, 6);
  EXPECT_EQ(match.y, 13);
  EXPECT_GT(match.score, 0.99);
  EXPECT_LT(best_match(page(310, 90, 4), pattern).score, 0.6);
}

TEST(Matching, of_flat_pictures_is_zero) {
  const GrayImage flat(40, 40, std::uint8_t{200});
  EXPECT_EQ(best_match(flat, page(30, 30)).score, 0);
  EXPECT_EQ(best_match(page(40, 40), GrayImage(20, 20)).score, 0);
  EXPECT_EQ(best_match(GrayImage(10, 10), page(30, 30)).score, -1);
}

TEST(Correlation, is_one_with_itself_and_minus_one_with_its_negative) {
  const GrayImage image = page(100, 80);
  GrayImage negative = image;
  for (std::uint8_t& tone : negative.pixels()) tone = static_cast<std::uint8_t>(255 - tone);
  EXPECT_NEAR(correlation(image, image), 1, 1e-9);
  EXPECT_NEAR(correlation(image, negative), -1, 1e-9);
  EXPECT_EQ(correlation(image, GrayImage(100, 80)), 0);
}

}  // namespace
}  // namespace korrigo::imaging
