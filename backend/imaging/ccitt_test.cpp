#include "imaging/decode.h"

#include <gtest/gtest.h>

#include "imaging/geometry.h"
#include "imaging/test_encodings.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using namespace testing;

/// Every black and white run length from 0 to beyond the longest make-up code.
GrayImage all_runs() {
  GrayImage image(2700, 2 * 2700);
  for (int run = 0; run < 2700; ++run) {
    std::fill(image.row(2 * run), image.row(2 * run) + run, std::uint8_t{0});
    std::fill(image.row(2 * run + 1) + run, image.row(2 * run + 1) + 2700, std::uint8_t{0});
  }
  return image;
}

TEST(Ccitt, reads_every_scheme_of_libtiff) {
  struct Case {
    Scheme scheme;
    int k;
    bool byte_aligned;
  };
  const Case cases[] = {{{COMPRESSION_CCITTFAX4, 0}, -1, false},
                        {{COMPRESSION_CCITTFAX3, 0}, 0, false},
                        {{COMPRESSION_CCITTFAX3, GROUP3OPT_FILLBITS}, 0, false},
                        {{COMPRESSION_CCITTFAX3, GROUP3OPT_2DENCODING}, 4, false},
                        {{COMPRESSION_CCITTFAX3, GROUP3OPT_2DENCODING | GROUP3OPT_FILLBITS}, 4, false},
                        {{COMPRESSION_CCITTRLE, 0}, 0, true}};  // rows without marks, each on a byte border
  for (const GrayImage& image : {black_and_white(page(403, 341)), all_runs()}) {
    for (const Case& one : cases) {
      EncodedImage encoded = ccitt(image, fax(image, one.scheme), one.k);
      encoded.ccitt_byte_aligned = one.byte_aligned;
      const auto decoded = decode_gray(encoded);
      ASSERT_TRUE(decoded) << one.scheme.compression << " " << one.scheme.group3_options;
      EXPECT_FALSE(decoded->damaged);
      EXPECT_TRUE(same(decoded->image, image)) << one.scheme.compression << " " << one.scheme.group3_options;
    }
  }
}

/// Bits as text to bytes.
std::vector<std::byte> bits(std::string_view text) {
  std::vector<std::byte> bytes((text.size() + 7) / 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '1') bytes[i / 8] |= static_cast<std::byte>(0x80 >> i % 8);
  }
  return bytes;
}

TEST(Ccitt, reads_group_4_rows_on_byte_borders) {
  // Rows: white 3, black 2, white 3 (horizontal 001, 1000, 11; then vertical 1 for the end), twice the same (111),
  // aligned.
  GrayImage image(8, 2);
  for (int y = 0; y < 2; ++y) image.row(y)[3] = image.row(y)[4] = 0;
  EncodedImage encoded = ccitt(image,
                               bits("0011000111000000"
                                    "11100000"),
                               -1);
  encoded.ccitt_byte_aligned = true;
  const auto decoded = decode_gray(encoded);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(same(decoded->image, image));
}

TEST(Ccitt, black_is_one_and_inverted_each_swap_the_tones) {
  const GrayImage image = black_and_white(page(100, 80));
  GrayImage negative = image;
  for (std::uint8_t& tone : negative.pixels()) tone = static_cast<std::uint8_t>(255 - tone);
  EncodedImage encoded = ccitt(image, fax(image, {}), -1);
  encoded.ccitt_black_is_1 = true;
  EXPECT_TRUE(same(decode_gray(encoded)->image, negative));
  encoded.inverted = true;
  EXPECT_TRUE(same(decode_gray(encoded)->image, image));
}

TEST(Ccitt, keeps_the_rows_before_the_damage) {
  const GrayImage image = black_and_white(page(403, 341));
  auto bytes = fax(image, {});
  bytes.resize(bytes.size() * 3 / 4);
  const auto decoded = decode_gray(ccitt(image, bytes, -1));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->damaged);
  EXPECT_TRUE(same(cropped(decoded->image, {0, 0, 403, 180}), cropped(image, {0, 0, 403, 180})));
  EXPECT_EQ(decoded->image.at(200, 340), 255);
  bytes.resize(bytes.size() / 3);
  EXPECT_EQ(decode_gray(ccitt(image, bytes, -1)).error().code, "image.damaged");
}

TEST(Ccitt, group_3_goes_on_after_a_bad_row) {
  const GrayImage image = black_and_white(page(403, 341));
  auto bytes = fax(image, {COMPRESSION_CCITTFAX3, 0});
  bytes[bytes.size() / 3] ^= std::byte{0xFF};
  const auto decoded = decode_gray(ccitt(image, bytes, 0));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(same(cropped(decoded->image, {0, 0, 403, 60}), cropped(image, {0, 0, 403, 60})));
  int lost = 0;
  for (int y = 0; y < 341; ++y) lost += std::memcmp(decoded->image.row(y), image.row(y), 403) != 0;
  EXPECT_LE(lost, 341);
}

TEST(Ccitt, survives_noise) {
  Random random(5);
  for (int i = 0; i < 300; ++i) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(random.integer(0, 300)));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.bits());
    EncodedImage encoded = ccitt(GrayImage(random.integer(1, 200), random.integer(1, 50)), bytes, i % 3 - 1);
    encoded.ccitt_byte_aligned = random.chance(0.5);
    decode_gray(encoded);
  }
}

}  // namespace
}  // namespace korrigo::imaging
