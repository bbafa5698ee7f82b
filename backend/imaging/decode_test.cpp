#include "imaging/decode.h"

#include <gtest/gtest.h>

#include "imaging/geometry.h"
#include "imaging/jpeg.h"
#include "imaging/lept.h"
#include "imaging/test_encodings.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using namespace testing;

TEST(AnyEncoding, with_its_own_header_states_its_own_size) {
  const GrayImage image = page(403, 341);
  EncodedImage encoded = as_jpeg2000(jpeg2000(image, 1, true));
  encoded.width = encoded.height = 800;
  EXPECT_EQ(stated_bounds(encoded).value(), image.bounds());
  encoded.encoding = Encoding::jpeg;
  EXPECT_EQ(stated_bounds(encoded).error().code, "image.damaged");
  encoded.bytes = encode_jpeg(image, 80);
  EXPECT_EQ(stated_bounds(encoded).value(), image.bounds());
}

TEST(AnyEncoding, reduces_and_cuts_by_one_law) {
  const GrayImage image = black_and_white(page(403, 341));
  std::vector<EncodedImage> all = {ccitt(image, fax(image, {}), -1), as_jbig2(jbig2(403, 341, fax(image, {}))),
                                   raw(403, 341, 8, ColourSpace::gray, {image.pixels().begin(), image.pixels().end()}),
                                   as_jpeg2000(jpeg2000(image, 1, true)), as_jpeg2000(jpeg2000(image, 1, false, 100))};
  for (const EncodedImage& encoded : all) {
    EXPECT_EQ(stated_bounds(encoded).value(), image.bounds());
    for (const int reduce : {1, 2, 4, 8}) {
      const auto whole = decode_gray(encoded, {.reduce = reduce});
      ASSERT_TRUE(whole);
      EXPECT_EQ(whole->image.width(), (403 + reduce - 1) / reduce);
      EXPECT_EQ(whole->image.height(), (341 + reduce - 1) / reduce);
      const bool averaged = encoded.encoding != Encoding::jpeg2000;  // which has its own low-pass filter
      EXPECT_LT(mean_difference(whole->image, box_reduced(image, reduce)), averaged ? 0.01 : 25) << reduce;
      for (const PixelRect& region :
           {PixelRect{200, 100, 203, 90}, PixelRect{37, 151, 99, 58}, PixelRect{-9, 300, 80, 90}}) {
        const PixelRect part = region.intersected(image.bounds());
        const auto cut = decode_gray(encoded, {.reduce = reduce, .region = region});
        ASSERT_TRUE(cut);
        const PixelRect cells{part.x / reduce, part.y / reduce, (part.width + reduce - 1) / reduce,
                              (part.height + reduce - 1) / reduce};
        EXPECT_LE(mean_difference(cut->image, cropped(whole->image, cells)), 0.01)
            << to_string(encoded.encoding) << reduce;
      }
      EXPECT_TRUE(decode_gray(encoded, {.reduce = reduce, .region = PixelRect{900, 0, 5, 5}})->image.empty());
    }
  }
}

TEST(AnyEncoding, survives_flipped_bytes) {
  const GrayImage image = black_and_white(page(203, 141));
  EncodedImage jpeg;
  jpeg.encoding = Encoding::jpeg;
  jpeg.bytes = encode_jpeg(image, 80);
  const std::vector<EncodedImage> all = {ccitt(image, fax(image, {}), -1), as_jbig2(jbig2(203, 141, fax(image, {}))),
                                         as_jpeg2000(jpeg2000(image, 1, true, 64)), jpeg};
  Random random(11);
  for (const EncodedImage& encoded : all) {
    for (int round = 0; round < 60; ++round) {
      EncodedImage bad = encoded;
      for (int i = 0; i < 1 + round / 10; ++i) {
        bad.bytes[static_cast<std::size_t>(random.bits() % bad.bytes.size())] = static_cast<std::byte>(random.bits());
      }
      const auto decoded = decode_gray(bad, {.reduce = 1 << round % 4});
      EXPECT_TRUE(decoded || decoded.error().code.starts_with("image."));
      if (bad.encoding == Encoding::jpeg) {
        edit_jpeg(bad.bytes, {.crop = {50, 50, 90, 90}, .wipe = {{0, 0, 70, 70}}});
        strip_jpeg_metadata(bad.bytes);
      }
    }
  }
}

std::vector<std::byte> png(PIX* pix) {
  l_uint8* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(pixWriteMemPng(&data, &size, pix, 0), 0);
  auto bytes = to_bytes({data, size});
  lept_free(data);
  return bytes;
}

TEST(PictureFile, may_be_a_jpeg_or_a_png_of_any_kind) {
  const GrayImage image = black_and_white(page(120, 80));
  EXPECT_LT(mean_difference(*decode_picture_file(encode_jpeg(image, 95)), image), 5);
  const lept::Pix bit = lept::darker_than(image, 128);
  EXPECT_TRUE(same(*decode_picture_file(png(bit.get())), image));
  const lept::Pix gray(pixConvertTo8(bit.get(), 0));
  EXPECT_TRUE(same(*decode_picture_file(png(gray.get())), image));
  const lept::Pix colour(pixConvertTo32(bit.get()));
  EXPECT_TRUE(same(*decode_picture_file(png(colour.get())), image));
}

TEST(PictureFile, shows_transparent_parts_as_paper) {
  const lept::Pix pix(pixCreate(2, 1, 32));
  pixSetSpp(pix.get(), 4);
  pixSetPixel(pix.get(), 0, 0, 0x000000FF);  // black, opaque
  pixSetPixel(pix.get(), 1, 0, 0x00000000);  // black, transparent
  const auto picture = decode_picture_file(png(pix.get()));
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->at(0, 0), 0);
  EXPECT_EQ(picture->at(1, 0), 255);
}

TEST(PictureFile, that_is_none_or_immense_is_refused) {
  EXPECT_EQ(decode_picture_file({}).error().code, "image.damaged");
  const lept::Pix pix(pixCreate(20, 20, 8));
  auto bytes = png(pix.get());
  for (const std::size_t size : {8UL, 20UL, 40UL}) {
    EXPECT_FALSE(decode_picture_file(std::span(bytes).first(size)));
  }
  bytes[18] = bytes[22] = std::byte{0xFD};
  EXPECT_EQ(decode_picture_file(bytes).error().code, "image.too_large");
}

}  // namespace
}  // namespace korrigo::imaging
