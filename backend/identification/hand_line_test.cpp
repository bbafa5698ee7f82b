#include "identification/hand_line.h"

#include <gtest/gtest.h>

#include "imaging/geometry.h"
#include "support/header_factory.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using ocr::FieldKind;
using samples::HeaderText;
using testing_support::DrawnForm;

GrayImage cut_to_ink(const GrayImage& picture) {
  PixelRect ink;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x)
      if (picture.at(x, y) < 128) ink = ink.united({x, y, 1, 1});
  return imaging::cropped(picture, ink);
}

std::string text_of(const std::vector<ocr::LetterReading>& letters) {
  std::string text;
  for (const auto& letter : letters) {
    const auto best = std::max_element(letter.probability.begin(), letter.probability.end());
    text += ocr::kAlphabet[static_cast<std::size_t>(best - letter.probability.begin())];
  }
  return text;
}

// What is written on a form's plain lines by one hand after the other.
class HandLine : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  std::string read(const HeaderText& text, FieldKind kind) {
    return text_of(letters_of_line_by_hand(cut_to_ink(drawn.writing(text)), kind));
  }
  DrawnForm drawn{samples::HeaderLayout::plain_line, GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Hands, HandLine, ::testing::Range<std::uint64_t>(1, 7));

// Letters read in the order in which they were written (longest common subsequence).
std::size_t in_order(const std::string& read, const std::string& written) {
  std::vector<std::size_t> row(read.size() + 1, 0);
  for (const char letter : written) {
    std::size_t before = 0;
    for (std::size_t i = 0; i < read.size(); ++i) {
      const std::size_t above = row[i + 1];
      row[i + 1] = read[i] == letter ? before + 1 : std::max(row[i], above);
      before = above;
    }
  }
  return row.back();
}

TEST_P(HandLine, is_read_letter_by_letter) {
  for (const std::string name : {"MARTIN", "CHEVALIER", "LEFEBVRE"}) {
    const std::string text = read({name, "", ""}, FieldKind::last_name);
    EXPECT_GE(10 * in_order(text, name), 7 * name.size()) << text;
  }
}

TEST_P(HandLine, holds_the_eight_digits_of_a_date_without_its_strokes) {
  for (const std::string date : {"24062008", "01112007", "17092006"}) {
    const std::string text = read({"", "", date}, FieldKind::birth_date);
    EXPECT_EQ(text.size(), 8U) << date;
    EXPECT_GE(in_order(text, date), 6U) << text << " for " << date;
  }
}

TEST(HandLineWithout, letters_holds_none) {
  EXPECT_TRUE(letters_of_line_by_hand(GrayImage(40, 40), FieldKind::last_name).empty());
  EXPECT_TRUE(letters_of_line_by_hand(GrayImage(1, 1), FieldKind::birth_date).empty());
}

TEST(HandLineWithout, end_is_no_writing) {
  GrayImage dots(3000, 40);
  for (int x = 2; x + 8 < dots.width(); x += 12)
    for (int y = 10; y < 30; ++y) std::fill_n(dots.row(y) + x, 6, std::uint8_t{0});
  EXPECT_TRUE(letters_of_line_by_hand(dots, FieldKind::last_name).empty());
}

}  // namespace
}  // namespace korrigo::identification
