#include "identification/registration.h"

#include <gtest/gtest.h>

#include "support/header_factory.h"

namespace korrigo::identification {
namespace {

using imaging::Affine;
using imaging::GrayImage;
using samples::HeaderLayout;
using testing_support::DrawnForm;
using testing_support::Lie;

const samples::HeaderText kText = {"LEFEVRE", "CAMILLE", "24062008"};

// Form pixel -> header pixel, as a header that lies so was drawn.
Affine truth_of(const Lie& lie) {
  const double x = DrawnForm::kWidth / 2 * DrawnForm::kScale;
  const double y = DrawnForm::kHeight / 2 * DrawnForm::kScale;
  const Affine shift{1, 0, lie.right * DrawnForm::kScale, 0, 1, lie.down * DrawnForm::kScale};
  return Affine::rotation(lie.degrees, x, y).then(shift);
}

// The largest distance between two maps over the part of a strip that holds its header, in pixels.
double worst_miss(const Affine& one, const Affine& other) {
  double worst = 0;
  for (const double x : {200.0, 1200.0, 2200.0})
    for (const double y : {100.0, 300.0, 500.0}) {
      const auto [u, v] = one(x, y);
      const auto [p, q] = other(x, y);
      worst = std::max(worst, std::hypot(u - p, v - q));
    }
  return worst;
}

FormPatches patches_of(const GrayImage& print) {
  return {print, print.bounds().grown(-100)};
}

class RegistrationOfEveryLayout : public ::testing::TestWithParam<HeaderLayout> {};
std::string layout_name(const ::testing::TestParamInfo<HeaderLayout>& layout) {
  return testing_support::name_of(layout.param);
}
INSTANTIATE_TEST_SUITE_P(Forms, RegistrationOfEveryLayout, ::testing::ValuesIn(testing_support::all_layouts()),
                         layout_name);

TEST_P(RegistrationOfEveryLayout, is_found_where_it_lies_on_its_clean_form) {
  DrawnForm drawn(GetParam(), 7);
  const FormPatches patches = patches_of(drawn.empty());
  const std::vector<Lie> lies = {{0, 0, 0},   {0, 2, 0},     {0, 0, -1.5}, {0, -3, 2},
                                 {0.2, 1, 1}, {-0.2, 3, -2}, {0.4, 0, 0},  {-0.4, -1, 1}};
  for (const Lie& lie : lies) {
    const Registration found = patches.find_in(drawn.filled(kText, lie));
    const auto where = fmt::format("{} degrees, {} mm right, {} mm down", lie.degrees, lie.right, lie.down);
    EXPECT_LT(worst_miss(found.from_form, truth_of(lie)), 2) << where;
    EXPECT_GT(found.agreement, 0.5) << where;
  }
}

TEST_P(RegistrationOfEveryLayout, is_found_from_another_filled_header) {
  DrawnForm drawn(GetParam(), 8);
  const FormPatches patches = patches_of(drawn.filled({"MARTIN", "LOUISE", "03112007"}));
  for (const Lie& lie : {Lie{0, 2, 1}, {0.2, -2, -1}, {-0.2, 0, 2}}) {
    const Registration found = patches.find_in(drawn.filled(kText, lie));
    EXPECT_LT(worst_miss(found.from_form, truth_of(lie)), 3) << lie.degrees << " " << lie.right << " " << lie.down;
  }
}

TEST_P(RegistrationOfEveryLayout, agrees_little_with_another_form_or_with_none) {
  DrawnForm drawn(GetParam(), 9);
  const FormPatches patches = patches_of(drawn.empty());
  const auto other = GetParam() == HeaderLayout::plain_line ? HeaderLayout::cmen : HeaderLayout::plain_line;
  EXPECT_LT(patches.find_in(DrawnForm(other, 10).filled(kText)).agreement, 0.25);
  EXPECT_LT(patches.find_in(GrayImage(2480, 826)).agreement, 0.25);
  Random random(11);
  GrayImage grain(2480, 826);
  for (std::uint8_t& tone : grain.pixels()) tone = static_cast<std::uint8_t>(235 + random.integer(-6, 6));
  EXPECT_LT(patches.find_in(grain).agreement, 0.25);
}

TEST(Registration, of_an_unlike_size_neither_fails_nor_agrees) {
  DrawnForm drawn(HeaderLayout::boxes, 12);
  const FormPatches patches = patches_of(drawn.empty());
  for (const auto& [width, height] : {std::pair{1, 1}, {60, 60}, {400, 90}, {3508, 120}})
    EXPECT_LT(patches.find_in(GrayImage(width, height)).agreement, 0.25) << width << " x " << height;
}

TEST(Registration, on_a_form_without_print_agrees_with_nothing) {
  for (const auto& [width, height] : {std::pair{1, 1}, {60, 60}, {2480, 826}}) {
    const GrayImage blank(width, height);
    const FormPatches patches(blank, blank.bounds());
    const Registration found = patches.find_in(DrawnForm(HeaderLayout::boxes, 13).empty());
    EXPECT_EQ(found.agreement, 0) << width << " x " << height;
  }
}

}  // namespace
}  // namespace korrigo::identification
