#include "imaging/decode.h"

#include <gtest/gtest.h>

#include "imaging/geometry.h"
#include "imaging/test_encodings.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using namespace testing;

TEST(Jpeg2000, comes_back_as_it_went) {
  const GrayImage image = page(403, 341);
  for (const bool file : {false, true}) {
    for (const unsigned components : {1U, 3U}) {
      for (const unsigned tile : {0U, 128U}) {
        const auto decoded = decode_gray(as_jpeg2000(jpeg2000(image, components, file, tile)));
        ASSERT_TRUE(decoded);
        EXPECT_FALSE(decoded->damaged);
        EXPECT_LE(mean_difference(decoded->image, image), 0.01);
      }
    }
  }
}

TEST(Jpeg2000, that_is_cut_short_is_marked_or_refused) {
  auto bytes = jpeg2000(page(403, 341), 1, true);
  bytes.resize(bytes.size() * 3 / 4);
  const auto decoded = decode_gray(as_jpeg2000(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->damaged);
  EXPECT_LT(mean_difference(decoded->image, page(403, 341)), 30);
  bytes.resize(40);
  EXPECT_EQ(decode_gray(as_jpeg2000(bytes)).error().code, "image.damaged");
  EXPECT_EQ(decode_gray(as_jpeg2000({})).error().code, "image.damaged");
}

TEST(Jpeg2000, claiming_an_immense_size_is_refused_by_its_header) {
  auto bytes = jpeg2000(page(64, 64), 1, false);
  // SIZ follows SOC: marker, length, capabilities (2 each), then (4 each) width, height, origin, tile size.
  for (const std::size_t side : {8U, 12U, 24U, 28U}) bytes[side + 2] = std::byte{0xFD};
  EXPECT_EQ(decode_gray(as_jpeg2000(bytes)).error().code, "image.too_large");
}

TEST(Jpeg2000, without_some_tiles_is_white_there_and_without_most_refused) {
  const GrayImage image = page(512, 512);
  auto bytes = jpeg2000(image, 1, false, 128);
  bytes.resize(bytes.size() * 3 / 4);
  const auto decoded = decode_gray(as_jpeg2000(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->damaged);
  EXPECT_TRUE(same(cropped(decoded->image, {0, 0, 512, 256}), cropped(image, {0, 0, 512, 256})));
  EXPECT_EQ(decoded->image.at(500, 500), 255);
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(decode_gray(as_jpeg2000(bytes)).error().code, "image.damaged");
}

}  // namespace
}  // namespace korrigo::imaging
