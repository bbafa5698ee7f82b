#include "imaging/decode.h"

#include <gtest/gtest.h>

#include "imaging/test_encodings.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using namespace testing;

TEST(Jbig2, comes_back_as_it_went) {
  const GrayImage image = black_and_white(page(403, 341));
  EncodedImage encoded = as_jbig2(jbig2(403, 341, fax(image, {})));
  const auto decoded = decode_gray(encoded);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(same(decoded->image, image));
  // Beside globals (here a comment), as PDF keeps what its pages share.
  put(encoded.jbig2_globals, 0, 4);
  put(encoded.jbig2_globals, 62, 1);
  put(encoded.jbig2_globals, 0, 2);
  put(encoded.jbig2_globals, 4 + 6, 4);
  put(encoded.jbig2_globals, 0x20000000, 4);
  for (const char c : std::string_view("k\0v\0\0\0", 6)) encoded.jbig2_globals.push_back(static_cast<std::byte>(c));
  const auto again = decode_gray(encoded);
  ASSERT_TRUE(again);
  EXPECT_TRUE(same(again->image, image));
}

TEST(Jbig2, of_another_size_than_its_dictionary_says_is_refused) {
  EncodedImage encoded = as_jbig2(jbig2(403, 341, fax(black_and_white(page(403, 341)), {})));
  encoded.width = 551;
  EXPECT_EQ(decode_gray(encoded).error().code, "image.damaged");
}

TEST(Jbig2, that_is_damaged_or_immense_is_refused) {
  const GrayImage image = black_and_white(page(403, 341));
  auto bytes = jbig2(403, 341, fax(image, {}));
  auto cut = bytes;
  cut.resize(20);
  EXPECT_EQ(decode_gray(as_jbig2(cut)).error().code, "image.damaged");
  EXPECT_EQ(decode_gray(as_jbig2({})).error().code, "image.damaged");
  EXPECT_EQ(decode_gray(as_jbig2(jbig2(65'000, 65'000, {}))).error().code, "image.too_large");
}

}  // namespace
}  // namespace korrigo::imaging
