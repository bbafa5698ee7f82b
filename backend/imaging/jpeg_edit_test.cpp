#include <gtest/gtest.h>

#include <cstring>

#include "imaging/decode.h"
#include "imaging/geometry.h"
#include "imaging/jpeg.h"
#include "imaging/jpeg_writer.h"
#include "imaging/test_pictures.h"

namespace korrigo::imaging {
namespace {

using testing::page;
using testing::same;

EncodedImage as_image(std::vector<std::byte> bytes) {
  EncodedImage image;
  image.encoding = Encoding::jpeg;
  image.bytes = std::move(bytes);
  return image;
}

GrayImage pixels(const std::vector<std::byte>& bytes) {
  const auto decoded = decode_gray(as_image(bytes));
  EXPECT_TRUE(decoded);
  return decoded ? decoded->image : GrayImage();
}

struct Coding {
  bool colour = false;  // 4:2:0
  bool progressive = false;
  unsigned restart_rows = 0;
  bool metadata = false;
};

constexpr const char* kSecret = "Exif: photographed by Camille Secret";

/// A JPEG such as scanners write, in the forms encode_jpeg does not make.
std::vector<std::byte> coded(const GrayImage& image, const Coding& coding) {
  jpeg::Errors errors;
  jpeg::Compressor compressor(errors);
  auto& out = compressor.out();
  std::vector<std::uint8_t> row(static_cast<std::size_t>(image.width()) * 3);
  const bool ok = jpeg::guarded(errors, [&] {
    compressor.open();
    out.image_width = static_cast<JDIMENSION>(image.width());
    out.image_height = static_cast<JDIMENSION>(image.height());
    out.input_components = coding.colour ? 3 : 1;
    out.in_color_space = coding.colour ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, 85, TRUE);
    if (coding.progressive) jpeg_simple_progression(&out);
    out.restart_in_rows = static_cast<int>(coding.restart_rows);
    jpeg_start_compress(&out, TRUE);
    if (coding.metadata) {
      const auto* secret = reinterpret_cast<const JOCTET*>(kSecret);
      jpeg_write_marker(&out, JPEG_APP0 + 1, secret, static_cast<unsigned>(std::strlen(kSecret)));
      jpeg_write_marker(&out, JPEG_COM, secret, static_cast<unsigned>(std::strlen(kSecret)));
    }
    for (int y = 0; y < image.height(); ++y) {
      for (std::size_t x = 0; x < static_cast<std::size_t>(image.width()); ++x) {
        const std::uint8_t tone = image.row(y)[x];
        if (coding.colour) {
          row[3 * x] = tone;
          row[3 * x + 1] = static_cast<std::uint8_t>(tone / 2 + 100);
          row[3 * x + 2] = static_cast<std::uint8_t>(255 - tone);
        } else {
          row[x] = tone;
        }
      }
      JSAMPROW line = row.data();
      jpeg_write_scanlines(&out, &line, 1);
    }
    jpeg_finish_compress(&out);
  });
  EXPECT_TRUE(ok) << errors.fatal_text;
  return compressor.take();
}

bool holds(const std::vector<std::byte>& bytes, const char* text) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return all.find(text) != std::string_view::npos;
}

const std::vector<Coding> kCodings = {{},
                                      {.colour = true},
                                      {.progressive = true},
                                      {.colour = true, .progressive = true},
                                      {.colour = true, .restart_rows = 1}};

TEST(JpegEdit, without_anything_to_do_keeps_every_pixel) {
  for (const Coding& coding : kCodings) {
    const auto source = coded(page(203, 141), coding);
    const auto edited = edit_jpeg(source, {});
    ASSERT_TRUE(edited);
    EXPECT_EQ(edited->kept, (PixelRect{0, 0, 203, 141}));
    EXPECT_TRUE(same(pixels(edited->bytes), pixels(source)));
  }
}

TEST(JpegEdit, cut_keeps_every_pixel_of_what_it_says) {
  for (const Coding& coding : kCodings) {
    const auto source = coded(page(403, 341), coding);
    const GrayImage whole = pixels(source);
    for (const PixelRect& crop : {PixelRect{200, 0, 203, 341}, PixelRect{0, 0, 200, 341}, PixelRect{37, 51, 99, 58},
                                  PixelRect{395, 335, 100, 100}, PixelRect{-50, -50, 60, 60}}) {
      const auto edited = edit_jpeg(source, {.crop = crop});
      ASSERT_TRUE(edited);
      const PixelRect kept = edited->kept;
      const PixelRect asked = crop.intersected({0, 0, 403, 341});
      EXPECT_EQ(kept.intersected(asked), asked);
      EXPECT_EQ(kept.right(), asked.right());
      EXPECT_EQ(kept.bottom(), asked.bottom());
      EXPECT_LT(asked.x - kept.x, coding.colour ? 16 : 8);
      EXPECT_TRUE(same(pixels(edited->bytes), cropped(whole, kept)));
    }
  }
}

TEST(JpegEdit, wiped_rectangles_are_flat_paper_and_the_rest_untouched) {
  for (const Coding& coding : kCodings) {
    const auto source = coded(page(400, 320), coding);
    const GrayImage before = pixels(source);
    const PixelRect wiped{50, 20, 200, 60};
    const auto edited = edit_jpeg(source, {.wipe = {wiped}});
    ASSERT_TRUE(edited);
    const GrayImage after = pixels(edited->bytes);
    const std::uint8_t paper = after.at(100, 40);
    EXPECT_NEAR(paper, coding.colour ? 199 : 232, 4);  // the luma of coded()'s tint
    for (int y = 0; y < 320; ++y) {
      for (int x = 0; x < 400; ++x) {
        const bool inside = x >= 48 && x < 256 && y >= 16 && y < 80;  // the touched blocks of 8
        ASSERT_EQ(after.at(x, y), inside ? paper : before.at(x, y)) << x << "," << y;
      }
    }
  }
}

TEST(JpegEdit, wipes_what_a_cut_leaves) {
  const auto source = coded(page(400, 320), {.colour = true});
  const auto edited = edit_jpeg(source, {.crop = {200, 0, 200, 320}, .wipe = {{190, 20, 60, 60}, {900, 900, 5, 5}}});
  ASSERT_TRUE(edited);
  ASSERT_EQ(edited->kept.x, 192);
  const GrayImage after = pixels(edited->bytes);
  const GrayImage part = cropped(after, {0, 24, 56, 48});
  EXPECT_TRUE(same(part, GrayImage(56, 48, part.at(0, 0))));
}

TEST(JpegEdit, leaves_no_metadata) {
  const auto source = coded(page(100, 100), {.metadata = true});
  ASSERT_TRUE(holds(source, "Camille"));
  EXPECT_FALSE(holds(edit_jpeg(source, {})->bytes, "Camille"));
}

TEST(JpegEdit, refuses_damaged_streams) {
  for (const Coding& coding : kCodings) {
    auto cut = coded(page(300, 300), coding);
    cut.resize(cut.size() * 4 / 5);
    const auto edited = edit_jpeg(cut, {});
    ASSERT_FALSE(edited);
    EXPECT_EQ(edited.error().code, "image.damaged");
  }
}

TEST(JpegEdit, refuses_a_cut_outside) {
  EXPECT_EQ(edit_jpeg(coded(page(64, 64), {}), {.crop = {100, 0, 10, 10}}).error().code, "image.crop_outside");
}

TEST(JpegStrip, removes_every_secret_and_no_pixel) {
  for (Coding coding : kCodings) {
    coding.metadata = true;
    auto source = coded(page(203, 141), coding);
    const auto* tail = reinterpret_cast<const std::byte*>(kSecret);
    source.insert(source.end(), tail, tail + std::strlen(kSecret));
    const auto stripped = strip_jpeg_metadata(source);
    ASSERT_TRUE(stripped);
    EXPECT_FALSE(holds(*stripped, "Camille"));
    EXPECT_TRUE(same(pixels(*stripped), pixels(source)));
    EXPECT_LT(stripped->size(), source.size() - 3 * std::strlen(kSecret));
    EXPECT_EQ(*strip_jpeg_metadata(*stripped), *stripped);
  }
}

TEST(JpegStrip, refuses_streams_without_an_end_and_tables_with_a_tail) {
  const auto source = coded(page(64, 64), {});
  for (std::size_t size = 0; size < source.size(); size += 7) {
    EXPECT_FALSE(strip_jpeg_metadata(std::span(source).first(size))) << size;
  }
  auto grown = source;  // a quantisation table longer than it says
  for (std::size_t i = 0; i + 4 < grown.size(); ++i) {
    if (grown[i] == std::byte{0xFF} && grown[i + 1] == std::byte{0xDB}) {
      grown[i + 3] = static_cast<std::byte>(static_cast<unsigned>(grown[i + 3]) + 5);
      grown.insert(grown.begin() + static_cast<std::ptrdiff_t>(i) + 69, 5, std::byte{'S'});
      break;
    }
  }
  EXPECT_FALSE(strip_jpeg_metadata(grown));
}

TEST(ProgressiveJpeg, cut_short_is_kept_and_marked) {
  auto bytes = coded(page(300, 300), {.progressive = true});
  bytes.resize(bytes.size() * 4 / 5);
  const auto decoded = decode_gray(as_image(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->damaged);
  EXPECT_NEAR(paper_tone(decoded->image), 232, 4);
}

TEST(ProgressiveJpeg, with_a_thousand_scans_is_refused) {
  const auto bytes = coded(page(64, 64), {.progressive = true});
  // The last scan refines bits it has refined before; repeated, it costs time and gives nothing.
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (bytes[i] == std::byte{0xFF} && bytes[i + 1] == std::byte{0xDA}) last = i;
  }
  const auto scan = std::vector<std::byte>(bytes.begin() + static_cast<std::ptrdiff_t>(last), bytes.end() - 2);
  auto bomb = std::vector<std::byte>(bytes.begin(), bytes.end() - 2);
  for (int i = 0; i < 1000; ++i) bomb.insert(bomb.end(), scan.begin(), scan.end());
  bomb.insert(bomb.end(), bytes.end() - 2, bytes.end());
  EXPECT_FALSE(decode_gray(as_image(bomb)));
  EXPECT_FALSE(edit_jpeg(bomb, {}));
}

}  // namespace
}  // namespace korrigo::imaging
