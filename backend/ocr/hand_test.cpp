#include "ocr/hand.h"

#include <gtest/gtest.h>
#include <numeric>
#include <thread>

#include "imaging/geometry.h"
#include "ocr/embedded_model.h"
#include "support/printed_text.h"

namespace korrigo::ocr {
namespace {

using imaging::GrayImage;

constexpr int kBox = 84;  // pixels high

// One character in print, cut to its ink.
GrayImage letter_of(char character) {
  const GrayImage picture = testing_support::printed(160, 120, {{std::string(1, character)}});
  int left = picture.width(), top = picture.height(), right = 0, bottom = 0;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x)
      if (picture.at(x, y) < 128) {
        left = std::min(left, x), right = std::max(right, x + 1);
        top = std::min(top, y), bottom = std::max(bottom, y + 1);
      }
  return imaging::cropped(picture, {left, top, right - left, bottom - top});
}

std::vector<HandLetter> letters_of(std::string_view text, bool digits) {
  std::vector<HandLetter> letters;
  for (const char c : text) letters.push_back({letter_picture(letter_of(c), kBox), digits});
  return letters;
}

char likeliest(const LetterReading& letter) {
  const auto best = std::max_element(letter.probability.begin(), letter.probability.end());
  return *best > letter.nothing ? kAlphabet[static_cast<std::size_t>(best - letter.probability.begin())] : ' ';
}

std::string read(std::string_view text, bool digits) {
  std::string seen;
  for (const LetterReading& letter : Hand::built_in().read(letters_of(text, digits))) seen += likeliest(letter);
  return seen;
}

TEST(Hand, reads_clear_capitals_and_digits) {
  EXPECT_EQ(read("ABCDEFGHJKLMNPQRSTUVWXYZ", false), "ABCDEFGHJKLMNPQRSTUVWXYZ");
  EXPECT_EQ(read("0123456789", true), "0123456789");
}

TEST(Hand, reads_what_the_field_may_hold) {
  for (const LetterReading& letter : Hand::built_in().read(letters_of("0123456789", false)))
    EXPECT_EQ(std::accumulate(letter.probability.begin() + 26, letter.probability.end(), 0.0F), 0);
  for (const LetterReading& letter : Hand::built_in().read(letters_of("BOIS", true)))
    EXPECT_EQ(std::accumulate(letter.probability.begin(), letter.probability.begin() + 26, 0.0F), 0);
}

TEST(Hand, gives_distributions) {
  for (const LetterReading& letter : Hand::built_in().read(letters_of("MARTIN-'", false))) {
    EXPECT_NEAR(std::accumulate(letter.probability.begin(), letter.probability.end(), letter.nothing), 1, 1e-4);
    EXPECT_GE(*std::min_element(letter.probability.begin(), letter.probability.end()), 0);
  }
}

TEST(Hand, reads_a_letter_alike_whatever_is_read_with_it) {
  const auto letters = letters_of("DUPONTDEMONTAIGNEETDELAFONTAINE", false);
  const auto all = Hand::built_in().read(letters);
  ASSERT_EQ(all.size(), letters.size());
  for (std::size_t i = 0; i < letters.size(); i += 7) {
    const auto alone = Hand::built_in().read({&letters[i], 1});
    for (std::size_t c = 0; c < kAlphabetSize; ++c)
      EXPECT_NEAR(alone[0].probability[c], all[i].probability[c], 1e-5) << i;
  }
  EXPECT_TRUE(Hand::built_in().read({}).empty());
}

TEST(Hand, reads_the_same_on_two_threads_as_on_one) {
  const auto letters = letters_of("KORRIGO", false);
  const auto alone = Hand::built_in().read(letters);
  std::array<std::vector<LetterReading>, 2> both;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads[i] = std::jthread([&, i] {
        for (int round = 0; round < 20; ++round) both[i] = Hand::built_in().read(letters);
      });
  }
  for (const auto& one : both)
    for (std::size_t i = 0; i < letters.size(); ++i) EXPECT_EQ(one[i].probability, alone[i].probability);
}

TEST(Hand, refuses_a_damaged_model) {
  const auto whole = embedded_letter_model();
  const std::vector<unsigned char> bytes(whole.begin(), whole.end());
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{100}, bytes.size() - 1}) {
    const auto made = Hand::make(std::span(bytes).first(length));
    ASSERT_FALSE(made) << length;
    EXPECT_EQ(made.error().code, "ocr.model_damaged");
  }
  auto huge = bytes;
  std::fill_n(huge.begin(), 8, static_cast<unsigned char>(0xFF));
  EXPECT_FALSE(Hand::make(huge));
}

TEST(LetterPicture, makes_pale_ink_dark_and_keeps_small_signs_small) {
  const LetterPicture pale = letter_picture(GrayImage(20, 40, std::uint8_t{215}), kBox);
  EXPECT_GE(*std::max_element(pale.begin(), pale.end()), 220);
  const auto ink = [](const LetterPicture& picture) {
    return std::count_if(picture.begin(), picture.end(), [](std::uint8_t tone) { return tone > 100; });
  };
  EXPECT_GT(ink(letter_picture(GrayImage(60, 70, std::uint8_t{0}), kBox)), 500);
  EXPECT_LT(ink(letter_picture(GrayImage(20, 6, std::uint8_t{0}), kBox)), 80);
  EXPECT_EQ(ink(letter_picture(GrayImage(), kBox)), 0);
}

}  // namespace
}  // namespace korrigo::ocr
