#include "identification/box_row.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace korrigo::identification {
namespace {

constexpr int kLength = 1600;

RowProfile blank(bool open) {
  RowProfile profile{std::vector<float>(kLength, 0), std::vector<float>(kLength, 0), {}};
  if (!open) profile.top.assign(kLength, 0);
  return profile;
}

void draw(RowProfile& profile, int left, int right, float shown = 1) {
  for (const int side : {left, right}) profile.side[static_cast<std::size_t>(side)] = shown;
  for (auto x = static_cast<std::size_t>(left); x <= static_cast<std::size_t>(right); ++x) {
    profile.bottom[x] = 1;
    if (!profile.top.empty()) profile.top[x] = 1;
  }
}

std::vector<std::pair<int, int>> boxes_of(int left, int count, int width, int space = 0) {
  std::vector<std::pair<int, int>> boxes;
  for (int i = 0; i < count; ++i, left += width + space) boxes.emplace_back(left, left + width);
  return boxes;
}

void expect_near(const BoxRow& row, const std::vector<std::pair<int, int>>& boxes) {
  std::string found;
  for (const auto& [left, right] : row.boxes) found += fmt::format(" {}-{}", left, right);
  ASSERT_EQ(row.boxes.size(), boxes.size()) << found;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_NEAR(row.boxes[i].first, boxes[i].first, 3) << i;
    EXPECT_NEAR(row.boxes[i].second, boxes[i].second, 3) << i;
  }
}

TEST(BoxRow, is_found_side_by_side_with_spaces_and_on_ticks) {
  for (const bool open : {false, true})
    for (const auto& [width, space] : {std::pair{60, 0}, {71, 0}, {100, 0}, {64, 12}}) {
      if (open && space > 0) continue;
      RowProfile profile = blank(open);
      const auto boxes = boxes_of(240, 12, width, space);
      for (const auto& [left, right] : boxes) draw(profile, left, right);
      const BoxRow row = find_box_row(profile);
      EXPECT_NEAR(row.width, width, 1);
      expect_near(row, boxes);
    }
}

TEST(BoxRow, of_a_date_is_found_in_its_groups) {
  RowProfile profile = blank(false);
  std::vector<std::pair<int, int>> boxes;
  for (const auto& [left, count] : {std::pair{300, 2}, {460, 2}, {620, 4}})
    for (const auto& box : boxes_of(left, count, 66)) boxes.push_back(box);
  for (const auto& [left, right] : boxes) draw(profile, left, right);
  expect_near(find_box_row(profile), boxes);
}

TEST(BoxRow, survives_sides_hidden_by_writing_and_strokes_between_them) {
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    RowProfile profile = blank(false);
    const auto boxes = boxes_of(240, 15, 70);
    for (const auto& [left, right] : boxes) draw(profile, left, right, 0.8F);
    for (int i = 0; i < 6; ++i) {  // the written boxes
      profile.side[static_cast<std::size_t>(boxes[static_cast<std::size_t>(i)].first)] =
          static_cast<float>(random.between(0.2, 0.8));
      profile.side[static_cast<std::size_t>(boxes[static_cast<std::size_t>(i)].first + random.integer(15, 55))] =
          static_cast<float>(random.between(0.3, 0.9));
    }
    expect_near(find_box_row(profile), boxes);
  }
}

TEST(BoxRow, is_none_where_lines_have_no_sides) {
  RowProfile profile = blank(false);
  std::fill(profile.bottom.begin(), profile.bottom.end(), 1.0F);
  profile.top = profile.bottom;
  EXPECT_TRUE(find_box_row(profile).boxes.empty());
  for (int x = 50; x < kLength; x += 211) profile.side[static_cast<std::size_t>(x)] = 1;
  EXPECT_LT(find_box_row(profile).score, 1);
  EXPECT_TRUE(find_box_row(RowProfile{}).boxes.empty());
  EXPECT_TRUE(find_box_row(RowProfile{{1}, {1}, {1}}).boxes.empty());
}

}  // namespace
}  // namespace korrigo::identification
