#include "imaging/decode.h"

#include <gtest/gtest.h>

#include "imaging/test_encodings.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using namespace testing;

std::vector<int> tones(const EncodedImage& encoded) {
  const auto decoded = decode_gray(encoded);
  EXPECT_TRUE(decoded);
  if (!decoded) return {};
  return {decoded->image.pixels().begin(), decoded->image.pixels().end()};
}

TEST(Raw, reads_every_depth) {
  EXPECT_EQ(tones(raw(3, 2, 1, ColourSpace::gray, {0b10100000, 0b01000000})), (std::vector{255, 0, 255, 0, 255, 0}));
  EXPECT_EQ(tones(raw(4, 1, 2, ColourSpace::gray, {0b00011011})), (std::vector{0, 85, 170, 255}));
  EXPECT_EQ(tones(raw(3, 1, 4, ColourSpace::gray, {0x0F, 0x80})), (std::vector{0, 255, 136}));
  EXPECT_EQ(tones(raw(2, 1, 8, ColourSpace::gray, {7, 200})), (std::vector{7, 200}));
  EXPECT_EQ(tones(raw(2, 1, 16, ColourSpace::gray, {7, 99, 200, 1})), (std::vector{7, 200}));
}

TEST(Raw, reads_every_colour_space) {
  EXPECT_EQ(tones(raw(3, 1, 8, ColourSpace::rgb, {255, 255, 255, 255, 0, 0, 0, 0, 0})), (std::vector{255, 77, 0}));
  EXPECT_EQ(tones(raw(2, 1, 8, ColourSpace::cmyk, {0, 0, 0, 0, 0, 0, 0, 255})), (std::vector{255, 0}));
  EXPECT_EQ(tones(raw(2, 1, 4, ColourSpace::rgb, {0xFF, 0xF0, 0x00})), (std::vector{255, 0}));
  EncodedImage indexed = raw(4, 1, 2, ColourSpace::indexed, {0b00011011});
  indexed.palette = {{255, 255, 255}, {10, 10, 10}, {0, 255, 0}};
  EXPECT_EQ(tones(indexed), (std::vector{255, 10, 149, 149}));  // an index past the end is the last entry
}

TEST(Raw, inverted_is_the_negative) {
  EncodedImage encoded = raw(3, 1, 8, ColourSpace::gray, {0, 100, 255});
  encoded.inverted = true;
  EXPECT_EQ(tones(encoded), (std::vector{255, 155, 0}));
  EncodedImage bit = raw(2, 1, 1, ColourSpace::gray, {0b01000000});
  bit.inverted = true;
  EXPECT_EQ(tones(bit), (std::vector{255, 0}));
}

TEST(Raw, too_short_or_too_large_is_refused_or_kept_in_part) {
  EncodedImage encoded = raw(10, 10, 8, ColourSpace::gray, std::vector<std::uint8_t>(75, 9));
  const auto decoded = decode_gray(encoded);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->damaged);
  EXPECT_EQ(decoded->image.at(0, 6), 9);
  EXPECT_EQ(decoded->image.at(0, 7), 255);
  encoded.bytes.resize(30);
  EXPECT_EQ(decode_gray(encoded).error().code, "image.damaged");
  encoded.bits_per_component = 5;
  EXPECT_EQ(decode_gray(encoded).error().code, "image.damaged");
  encoded.width = encoded.height = 65'000;
  EXPECT_EQ(decode_gray(encoded).error().code, "image.too_large");
  encoded.width = 0;
  EXPECT_FALSE(decode_gray(encoded));
}

}  // namespace
}  // namespace korrigo::imaging
