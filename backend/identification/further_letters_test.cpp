#include "identification/further_letters.h"

#include <gtest/gtest.h>

namespace korrigo::identification {
namespace {

ocr::LineLetter letter(char c, imaging::PixelRect box = {}) {
  ocr::LineLetter out;
  out.reading.probability[ocr::alphabet_index(c)] = 1;
  out.box = box;
  return out;
}

std::string text_of(const FurtherLetters& further) {
  std::string text;
  for (const auto& reading : further.letters) {
    const auto best = std::max_element(reading.probability.begin(), reading.probability.end());
    text.push_back(*best > 0.5F ? ocr::kAlphabet[static_cast<std::size_t>(best - reading.probability.begin())] : '?');
  }
  return text;
}

const std::vector<CutLetter> kThree = {{0, imaging::GrayImage(20, 40, 0), 0},
                                       {1, imaging::GrayImage(20, 40, 0), 0},
                                       {2, imaging::GrayImage(20, 40, 0), 0}};

TEST(FurtherLetters, lie_where_the_engine_saw_them) {
  const auto picture = engine_picture(kThree, {}, ocr::FieldKind::last_name);
  ASSERT_EQ(picture.boxes.size(), 3U);
  const auto further =
      further_letters({"AC", 1, {letter('A', picture.boxes[0]), letter('C', picture.boxes[2])}}, picture);
  EXPECT_TRUE(further.placed);
  EXPECT_EQ(text_of(further), "A?C") << "what it did not see may be any letter";
}

TEST(FurtherLetters, without_places_are_counted) {
  const auto picture = engine_picture(kThree, {}, ocr::FieldKind::last_name);
  const auto three = further_letters({"ABC", 1, {letter('A'), letter('B'), letter('C')}}, picture);
  EXPECT_TRUE(three.placed);
  const auto two = further_letters({"AC", 1, {letter('A'), letter('C')}}, picture);
  EXPECT_FALSE(two.placed) << "nobody knows which one is missing";
  EXPECT_EQ(text_of(two), "AC");
}

TEST(FurtherLetters, of_a_line_have_no_places) {
  const auto picture = engine_picture({}, imaging::GrayImage(200, 40, 0), ocr::FieldKind::birth_date);
  EXPECT_EQ(picture.characters, "0123456789");
  EXPECT_TRUE(picture.boxes.empty());
  EXPECT_FALSE(further_letters({"1", 1, {letter('1', {3, 0, 9, 40})}}, picture).placed);
}

}  // namespace
}  // namespace korrigo::identification
