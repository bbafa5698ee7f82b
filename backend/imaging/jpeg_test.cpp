#include "imaging/jpeg.h"

#include <gtest/gtest.h>

#include <cstring>

#include "imaging/decode.h"
#include "imaging/geometry.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using testing::mean_difference;
using testing::page;
using testing::same;

EncodedImage as_image(std::vector<std::byte> bytes) {
  EncodedImage image;
  image.encoding = Encoding::jpeg;
  image.bytes = std::move(bytes);
  return image;
}

TEST(Jpeg, comes_back_as_it_went) {
  const GrayImage image = page(203, 141);
  const auto decoded = decode_gray(as_image(encode_jpeg(image, 95)));
  ASSERT_TRUE(decoded);
  EXPECT_FALSE(decoded->damaged);
  EXPECT_LT(mean_difference(decoded->image, image), 2);
}

TEST(Jpeg, of_nothing_is_refused_loudly) {
  EXPECT_THROW(encode_jpeg(GrayImage(), 80), std::invalid_argument);
}

TEST(Jpeg, is_reduced_to_the_rounded_up_size) {
  const GrayImage image = page(203, 141);
  const EncodedImage encoded = as_image(encode_jpeg(image, 95));
  for (const int reduce : {1, 2, 4, 8}) {
    const auto decoded = decode_gray(encoded, {.reduce = reduce});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->image.width(), (203 + reduce - 1) / reduce);
    EXPECT_EQ(decoded->image.height(), (141 + reduce - 1) / reduce);
    EXPECT_LT(mean_difference(decoded->image, box_reduced(image, reduce)), 4);
  }
}

TEST(Jpeg, region_is_the_cut_of_the_whole) {
  const EncodedImage encoded = as_image(encode_jpeg(page(403, 341), 85));
  for (const int reduce : {1, 2, 4, 8}) {
    const GrayImage whole = decode_gray(encoded, {.reduce = reduce})->image;
    for (const PixelRect& region : {PixelRect{0, 0, 403, 100}, PixelRect{200, 0, 203, 90}, PixelRect{37, 151, 99, 58},
                                    PixelRect{-20, 300, 80, 500}, PixelRect{402, 340, 1, 1}}) {
      const PixelRect part = region.intersected({0, 0, 403, 341});
      const auto decoded = decode_gray(encoded, {.reduce = reduce, .region = region});
      ASSERT_TRUE(decoded);
      const PixelRect cut{part.x / reduce, part.y / reduce, (part.width + reduce - 1) / reduce,
                          (part.height + reduce - 1) / reduce};
      EXPECT_TRUE(same(decoded->image, cropped(whole, cut))) << reduce << " " << region.x << "," << region.y;
    }
  }
}

TEST(Jpeg, region_outside_is_empty) {
  const auto decoded = decode_gray(as_image(encode_jpeg(page(100, 100), 85)), {.region = PixelRect{200, 0, 10, 10}});
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->image.empty());
}

TEST(Jpeg, keeps_what_came_before_the_end_and_says_so) {
  auto bytes = encode_jpeg(page(400, 400), 85);
  bytes.resize(bytes.size() * 3 / 4);
  const auto decoded = decode_gray(as_image(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->damaged);
  EXPECT_NEAR(paper_tone(cropped(decoded->image, {0, 0, 400, 200})), 232, 2);
  EXPECT_EQ(decoded->image.at(200, 399), 255);
  const auto top = decode_gray(as_image(bytes), {.region = PixelRect{0, 0, 400, 100}});
  ASSERT_TRUE(top);
  EXPECT_FALSE(top->damaged);
}

TEST(Jpeg, without_half_of_its_rows_is_refused) {
  auto bytes = encode_jpeg(page(400, 400), 85);
  bytes.resize(bytes.size() / 3);
  const auto decoded = decode_gray(as_image(bytes));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "image.damaged");
}

TEST(Jpeg, without_its_end_marker_is_whole) {
  auto bytes = encode_jpeg(page(200, 200), 85);
  bytes.resize(bytes.size() - 2);
  const auto decoded = decode_gray(as_image(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_FALSE(decoded->damaged);
}

TEST(Jpeg, that_is_none_is_refused) {
  for (const char* text : {"", "x", "\xff\xd8", "\xff\xd8\xff\xd9", "%PDF-1.4 not a picture"}) {
    const auto bytes = std::as_bytes(std::span(text, std::strlen(text)));
    const auto decoded = decode_gray(as_image({bytes.begin(), bytes.end()}));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, "image.damaged");
  }
}

TEST(Jpeg, claiming_an_immense_size_is_refused_by_its_header) {
  auto bytes = encode_jpeg(page(64, 64), 85);
  for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
    if (bytes[i] == std::byte{0xFF} && bytes[i + 1] == std::byte{0xC0}) {
      for (std::size_t k = 5; k < 9; ++k) bytes[i + k] = std::byte{0xFD};
      break;
    }
  }
  const auto decoded = decode_gray(as_image(bytes));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "image.too_large");
  EXPECT_EQ(decoded.error().kind, ErrorKind::too_large);
}

TEST(Jpeg, inverted_is_the_negative) {
  EncodedImage encoded = as_image(encode_jpeg(page(60, 60), 90));
  const GrayImage plain = decode_gray(encoded)->image;
  encoded.inverted = true;
  const GrayImage negative = decode_gray(encoded)->image;
  EXPECT_EQ(negative.at(30, 30), 255 - plain.at(30, 30));
}

}  // namespace
}  // namespace korrigo::imaging
