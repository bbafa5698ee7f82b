#include "ocr/tesseract.h"

#include <gtest/gtest.h>
#include <numeric>
#include <thread>

#include "support/printed_text.h"

namespace korrigo::ocr {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using testing_support::printed;

constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
GrayImage line_of(const std::string& text) {
  return printed(80 + 60 * static_cast<int>(text.size()), 110, {{text}});
}

Tesseract& engine() {
  static Tesseract one = Tesseract::make().value();
  return one;
}

char likeliest(const LetterReading& letter) {
  const auto best = std::max_element(letter.probability.begin(), letter.probability.end());
  return kAlphabet[static_cast<std::size_t>(best - letter.probability.begin())];
}

std::string text_of(const std::vector<LineLetter>& letters) {
  std::string text;
  for (const LineLetter& letter : letters) text += likeliest(letter.reading);
  return text;
}

TEST(Tesseract, reads_clear_capitals_and_digits) {
  for (const char* name : {"MARTIN", "LEFEVRE", "DUBOIS", "KARIM", "OLIVIER"})
    EXPECT_EQ(text_of(engine().read_line(line_of(name), kCapitals)), name);
  for (const char* number : {"24062008", "31122007", "19450380"})
    EXPECT_EQ(text_of(engine().read_line(line_of(number), kDigits)), number);
}

TEST(Tesseract, says_where_each_letter_stands) {
  const GrayImage picture = line_of("MARTIN");
  const auto letters = engine().read_line(picture, kCapitals);
  ASSERT_EQ(letters.size(), 6U);
  int left = 0;
  for (const LineLetter& letter : letters) {
    EXPECT_GE(letter.box.x, left);
    left = letter.box.x + 1;
    EXPECT_EQ(letter.box.intersected(picture.bounds()), letter.box);
    EXPECT_GT(letter.box.width, 3);
    EXPECT_NEAR(letter.box.bottom(), 80, 12);
  }
  EXPECT_NEAR(letters.front().box.x, 45, 15);
}

TEST(Tesseract, reads_only_characters_that_are_allowed) {
  const auto all_of = [](const std::vector<LineLetter>& letters, std::string_view allowed) {
    return std::all_of(letters.begin(), letters.end(), [&](const LineLetter& letter) {
      return allowed.find(likeliest(letter.reading)) != std::string_view::npos;
    });
  };
  for (const char* text : {"BOISSIEZ", "24062008", "O0I1S5B8"}) {
    const GrayImage picture = line_of(text);
    const auto capitals = engine().read_line(picture, kCapitals);
    EXPECT_TRUE(all_of(capitals, kCapitals)) << text_of(capitals);
    const auto digits = engine().read_line(picture, kDigits);
    EXPECT_TRUE(all_of(digits, kDigits)) << text_of(digits);
    // What was allowed once does not stay allowed, nor forbidden.
    EXPECT_EQ(text_of(engine().read_line(picture, kCapitals)), text_of(capitals));
  }
}

TEST(Tesseract, gives_distributions) {
  for (const char* text : {"MARTIN", "24062008", "///", "Ilot"}) {
    for (const LineLetter& letter : engine().read_line(line_of(text), "")) {
      const auto& p = letter.reading.probability;
      const float sum = std::accumulate(p.begin(), p.end(), letter.reading.nothing);
      EXPECT_NEAR(sum, 1, 1e-3) << text;
      EXPECT_GE(letter.reading.nothing, 0);
      // However certain the engine is, no character is impossible.
      EXPECT_GT(*std::min_element(p.begin(), p.end()), 0);
    }
  }
}

TEST(Tesseract, is_certain_of_clear_letters) {
  for (const LineLetter& letter : engine().read_line(line_of("MARTIN"), kCapitals)) {
    const auto& p = letter.reading.probability;
    EXPECT_GT(*std::max_element(p.begin(), p.end()), 0.7);
  }
}

TEST(Tesseract, finds_nothing_on_blank_or_tiny_pictures) {
  for (const auto& [width, height] : {std::pair{0, 0}, {1, 1}, {7, 300}, {300, 7}, {8, 8}, {600, 110}, {2480, 400}}) {
    EXPECT_TRUE(engine().read_line(GrayImage(width, height), kCapitals).empty()) << width << " x " << height;
    EXPECT_TRUE(engine().read_print(GrayImage(width, height)).empty()) << width << " x " << height;
  }
}

TEST(Tesseract, finds_printed_words_with_their_places) {
  const GrayImage picture =
      printed(1600, 700, {{"NOM", 100, 120}, {"CLASSE", 1100, 120}, {"Date de naissance", 100, 520}});
  std::map<std::string, PixelRect> places;
  for (const PrintedWord& word : engine().read_print(picture)) {
    places[word.text] = word.box;
    EXPECT_GE(word.confidence, 0);
    EXPECT_LE(word.confidence, 100);
  }
  for (const char* word : {"NOM", "CLASSE", "Date", "naissance"}) EXPECT_TRUE(places.contains(word)) << word;
  EXPECT_NEAR(places["NOM"].x, 105, 12);
  EXPECT_NEAR(places["NOM"].bottom(), 120, 8);
  EXPECT_NEAR(places["CLASSE"].x, 1104, 12);
  EXPECT_NEAR(places["Date"].bottom(), 520, 8);
}

TEST(Tesseract, refuses_a_language_that_is_not_installed) {
  const auto made = Tesseract::make("xyz");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::not_found);
  EXPECT_EQ(made.error().code, "ocr.tesseract_missing");
  EXPECT_NE(made.error().message.find("xyz"), std::string::npos);
}

TEST(Tesseract, says_its_version_and_language) {
  const std::string version = engine().version();
  EXPECT_TRUE(version.ends_with(" fra")) << version;
  EXPECT_NE(version.find('.'), std::string::npos) << version;
}

TEST(Tesseract, reads_the_same_on_two_threads_as_on_one) {
  const std::vector<std::string> texts = {"MARTIN", "BOUCHER", "24062008", "OLLIVIER", "11111111", "GUZMAN"};
  const auto read_all = [&](Tesseract& tesseract) {
    std::vector<std::vector<LineLetter>> all;
    for (const std::string& text : texts) all.push_back(tesseract.read_line(line_of(text), kAlphabet));
    return all;
  };
  const auto alone = read_all(engine());
  std::array<std::vector<std::vector<LineLetter>>, 2> both;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads[i] = std::jthread([&both, &read_all, i] {
        Tesseract own = Tesseract::make().value();
        both[i] = read_all(own);
      });
  }
  for (const auto& one : both) {
    ASSERT_EQ(one.size(), alone.size());
    for (std::size_t i = 0; i < alone.size(); ++i) {
      ASSERT_EQ(one[i].size(), alone[i].size()) << texts[i];
      for (std::size_t k = 0; k < alone[i].size(); ++k) {
        EXPECT_EQ(one[i][k].box, alone[i][k].box);
        EXPECT_EQ(one[i][k].reading.probability, alone[i][k].reading.probability) << texts[i] << " " << k;
      }
    }
  }
}

}  // namespace
}  // namespace korrigo::ocr
