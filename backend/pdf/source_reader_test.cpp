#include "pdf/source_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include "imaging/geometry.h"
#include "support/pdf_factory.h"

namespace korrigo::pdf {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using testing_support::jpeg_page;
using testing_support::make_pdf;
using testing_support::PicturePage;
using testing_support::strokes;

class Sources {
 public:
  std::filesystem::path add(const std::string& name, const std::string& content) {
    write_file(folder_.path() / name, content);
    return folder_.path() / name;
  }
  std::filesystem::path operator/(const char* name) const { return folder_.path() / name; }

 private:
  TempFolder folder_;
};

SourceReader opened(const std::filesystem::path& path) {
  auto reader = SourceReader::open({path});
  EXPECT_TRUE(reader) << (reader ? "" : reader.error().message + " " + reader.error().detail);
  return std::move(reader).value();
}

std::string code_of(const std::filesystem::path& path, const ReadLimits& limits = {}) {
  const auto reader = SourceReader::open({path}, limits);
  if (reader) return "opened";
  EXPECT_TRUE(reader.error().message.ends_with(".")) << reader.error().message;
  EXPECT_NE(reader.error().message.find(path.filename().string()), std::string::npos) << reader.error().message;
  return reader.error().code;
}

std::vector<std::string> image_streams(const std::filesystem::path& path) {
  QPDF pdf;
  pdf.processFile(path.c_str());
  std::vector<std::string> streams;
  for (auto& object : pdf.getAllObjects())
    if (object.isStream() && object.getDict().getKey("/Subtype").isNameAndEquals("/Image")) {
      const auto raw = object.getRawStreamData();
      streams.emplace_back(reinterpret_cast<const char*>(raw->getBuffer()), raw->getSize());
    }
  return streams;
}

TEST(SourceReader, shows_the_side_as_a_viewer_does) {
  Sources files;
  const GrayImage picture = strokes(640, 480, 1);
  for (const int rotate : {0, 90, 180, 270}) {
    SourceReader reader = opened(files.add("a.pdf", make_pdf({jpeg_page(picture, rotate)})));
    const SideInfo& info = reader.side(0, 0);
    EXPECT_TRUE(info.plain_picture);
    EXPECT_NEAR(info.dpi, 300, 0.5);
    EXPECT_EQ(info.width, rotate % 180 == 0 ? 640 : 480);
    const auto shown = reader.gray(0, 0, 1);
    ASSERT_TRUE(shown) << shown.error().message;
    EXPECT_GT(imaging::correlation(shown->image, imaging::rotated(picture, rotate)), 0.99) << rotate;
  }
}

TEST(SourceReader, shows_a_part_as_the_same_part_of_the_whole) {
  Sources files;
  for (const int rotate : {0, 90, 180, 270}) {
    SourceReader reader = opened(files.add("a.pdf", make_pdf({jpeg_page(strokes(640, 480, 2), rotate)})));
    const PixelRect part{40, 64, 200, 120};
    const auto whole = reader.gray(0, 0, 1);
    const auto shown = reader.gray(0, 0, 1, part);
    ASSERT_TRUE(whole && shown);
    EXPECT_GT(imaging::correlation(shown->image, imaging::cropped(whole->image, part)), 0.999) << rotate;
  }
}

TEST(SourceReader, draws_pages_that_are_no_plain_picture) {
  Sources files;
  PicturePage page = jpeg_page(strokes(640, 480, 3));
  page.content = "q 153.6 0 0 115.2 0 0 cm /Im0 Do Q 0 0 60 50 re f";
  SourceReader reader = opened(files.add("a.pdf", make_pdf({page})));
  EXPECT_FALSE(reader.side(0, 0).plain_picture);
  const auto shown = reader.gray(0, 0, 1);
  ASSERT_TRUE(shown) << shown.error().message << shown.error().detail;
  EXPECT_EQ(shown->image.width(), reader.side(0, 0).width);
  EXPECT_LT(shown->image.at(20, shown->image.height() - 20), 20);
}

TEST(SourceReader, reads_raw_two_tone_and_indexed_pictures) {
  Sources files;
  PicturePage two_tone{"\xF0\x0F", "", 8, 2, 1};
  two_tone.dpi = 10;
  PicturePage indexed{std::string("\0\1\1\0", 4), "", 2, 2, 8, "[/Indexed /DeviceRGB 1 <000000FFFFFF>]"};
  indexed.dpi = 10;
  SourceReader reader = opened(files.add("a.pdf", make_pdf({two_tone, indexed})));
  const auto first = reader.gray(0, 0, 1);
  ASSERT_TRUE(first) << first.error().message << first.error().detail;
  EXPECT_EQ(first->image.at(0, 0), 255);
  EXPECT_EQ(first->image.at(7, 0), 0);
  EXPECT_EQ(first->image.at(7, 1), 255);
  const auto second = reader.gray(0, 1, 1);
  ASSERT_TRUE(second) << second.error().message << second.error().detail;
  EXPECT_EQ(second->image.at(0, 0), 0);
  EXPECT_EQ(second->image.at(1, 0), 255);
}

TEST(SourceReader, copies_hold_the_very_streams_of_the_source) {
  Sources files;
  const auto source =
      files.add("a.pdf", make_pdf({jpeg_page(strokes(1280, 960, 4)), jpeg_page(strokes(1280, 960, 5), 180)}));
  SourceReader reader = opened(source);
  const auto written = reader.write_pdf(
      files / "copy.pdf", {{0, 0, {640, 0, 640, 960}}, {0, 1, {0, 0, 640, 960}, 180}, {0, 0, {0, 0, 640, 960}}});
  ASSERT_TRUE(written) << written.error().message << written.error().detail;
  EXPECT_EQ(image_streams(files / "copy.pdf"), image_streams(source));
}

TEST(SourceReader, a_copy_page_shows_its_part_upright) {
  Sources files;
  for (const int rotate : {0, 90, 180, 270})
    for (const bool isolate : {false, true}) {
      const GrayImage picture = strokes(1280, 960, 6);
      SourceReader reader = opened(files.add("a.pdf", make_pdf({jpeg_page(picture, rotate)})));
      const auto whole = reader.gray(0, 0, 1);
      const PixelRect part{64, 128, 480, 640};
      const auto written = reader.write_pdf(files / "copy.pdf", {{0, 0, part, 180, isolate}});
      ASSERT_TRUE(written) << written.error().message << written.error().detail;
      SourceReader copy = opened(files / "copy.pdf");
      EXPECT_NEAR(copy.side(0, 0).width_points, part.width * 72 / 300.0, 0.3);
      ASSERT_TRUE(whole);
      const auto shown = copy.gray(0, 0, 1);
      ASSERT_TRUE(shown) << shown.error().message;
      const GrayImage expected = imaging::rotated(imaging::cropped(whole->image, part), 180);
      // A clipped page is drawn by poppler, half a pixel off.
      const GrayImage sized = imaging::resized(shown->image, expected.width(), expected.height());
      EXPECT_GT(imaging::correlation(imaging::box_reduced(sized, 4), imaging::box_reduced(expected, 4)), 0.95)
          << rotate << isolate;
    }
}

TEST(SourceReader, isolated_parts_hold_nothing_of_the_rest) {
  Sources files;
  SourceReader reader = opened(files.add("a.pdf", make_pdf({jpeg_page(strokes(1280, 960, 7))})));
  ASSERT_TRUE(reader.write_pdf(files / "copy.pdf", {{0, 0, {640, 0, 640, 960}, 0, true}}));
  QPDF pdf;
  pdf.processFile((files / "copy.pdf").c_str());
  for (auto& object : pdf.getAllObjects()) {
    if (!object.isStream() || !object.getDict().getKey("/Subtype").isNameAndEquals("/Image")) continue;
    EXPECT_LE(object.getDict().getKey("/Width").getIntValue(), 640 + 15);
  }
}

TEST(SourceReader, wiped_ink_is_gone_and_the_rest_untouched) {
  Sources files;
  SourceReader reader = opened(files.add("a.pdf", make_pdf({jpeg_page(strokes(1280, 960, 8))})));
  const auto whole = reader.gray(0, 0, 1);
  PagePart part{0, 0, {0, 0, 1280, 960}};
  part.wipe = {{0, 0, 1280, 240}};
  ASSERT_TRUE(reader.write_pdf(files / "masked.pdf", {part}));
  SourceReader masked = opened(files / "masked.pdf");
  const auto shown = masked.gray(0, 0, 1);
  ASSERT_TRUE(whole && shown);
  const auto top = imaging::cropped(shown->image, {0, 0, 1280, 240});
  EXPECT_EQ(*std::min_element(top.pixels().begin(), top.pixels().end()),
            *std::max_element(top.pixels().begin(), top.pixels().end()));
  const PixelRect below{0, 256, 1280, 700};
  EXPECT_GT(imaging::correlation(imaging::cropped(shown->image, below), imaging::cropped(whole->image, below)),
            1 - 1e-9);
}

TEST(SourceReader, the_same_request_gives_the_same_bytes) {
  Sources files;
  SourceReader reader = opened(files.add("a.pdf", make_pdf({jpeg_page(strokes(640, 480, 9))})));
  const std::vector<PagePart> parts = {{0, 0, {0, 0, 320, 480}}};
  ASSERT_TRUE(reader.write_pdf(files / "one.pdf", parts) && reader.write_pdf(files / "two.pdf", parts));
  EXPECT_EQ(read_file(files / "one.pdf"), read_file(files / "two.pdf"));
}

TEST(SourceReader, refuses_what_is_no_readable_pdf) {
  Sources files;
  const std::string good = make_pdf({jpeg_page(strokes(640, 480, 10)), jpeg_page(strokes(640, 480, 11))});
  EXPECT_EQ(code_of(files.add("good.pdf", good)), "opened");
  EXPECT_EQ(code_of(files / "absent.pdf"), "source.missing");
  EXPECT_EQ(code_of(files.add("empty.pdf", "")), "source.empty");
  EXPECT_EQ(code_of(files.add("text.pdf", "This is a text called .pdf")), "source.not_pdf");
  EXPECT_EQ(code_of(files.add("truncated.pdf", good.substr(0, good.size() / 2))), "source.damaged");
  EXPECT_EQ(code_of(files.add("none.pdf", make_pdf({}))), "source.empty");
  ReadLimits limits;
  limits.max_pages = 1;
  EXPECT_EQ(code_of(files / "good.pdf", limits), "source.too_many_pages");
}

TEST(SourceReader, refuses_a_pdf_behind_a_password) {
  Sources files;
  const auto plain = files.add("a.pdf", make_pdf({jpeg_page(strokes(640, 480, 12))}));
  QPDF pdf;
  pdf.processFile(plain.c_str());
  const auto locked = files / "locked.pdf";
  QPDFWriter writer(pdf, locked.c_str());
  writer.setR6EncryptionParameters("user", "owner", true, true, true, true, true, true, qpdf_r3p_full, true);
  writer.write();
  EXPECT_EQ(code_of(locked), "source.encrypted");
}

TEST(SourceReader, a_damaged_page_costs_that_page) {
  Sources files;
  PicturePage bad = jpeg_page(strokes(640, 480, 13));
  bad.bytes = bad.bytes.substr(0, 200);
  SourceReader reader = opened(files.add("a.pdf", make_pdf({bad, jpeg_page(strokes(640, 480, 14))})));
  const auto first = reader.gray(0, 0, 1);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, "side.unreadable");
  EXPECT_NE(first.error().message.find("Page 1 of a.pdf"), std::string::npos) << first.error().message;
  EXPECT_TRUE(reader.gray(0, 1, 1));
}

TEST(SourceReader, refuses_a_picture_of_another_size_than_the_page_says) {
  Sources files;
  PicturePage plain = jpeg_page(strokes(64, 48, 16));
  PicturePage wrapped = plain;
  wrapped.bytes.clear();
  for (const char c : plain.bytes) wrapped.bytes += fmt::format("{:02X}", static_cast<unsigned char>(c));
  wrapped.bytes += ">";
  wrapped.filter = "[/ASCIIHexDecode /DCTDecode]";
  for (PicturePage page : {plain, wrapped}) {
    EXPECT_TRUE(opened(files.add("right.pdf", make_pdf({page}))).gray(0, 0, 1));
    page.width = 128;
    page.height = 96;
    SourceReader reader = opened(files.add("wrong.pdf", make_pdf({page})));
    const auto shown = reader.gray(0, 0, 1);
    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().code, "side.unreadable");
    PagePart part{0, 0, {0, 0, 128, 96}};
    part.wipe = {{0, 0, 128, 48}};
    EXPECT_FALSE(reader.write_pdf(files / "masked.pdf", {part}));
  }
}

TEST(SourceReader, a_flate_bomb_costs_its_page) {
  Sources files;
  PicturePage bomb{std::string("\x78\x9c\x63\x60", 4), "/FlateDecode", 39'000, 3'800};
  SourceReader reader = opened(files.add("a.pdf", make_pdf({bomb, jpeg_page(strokes(640, 480, 15))})));
  EXPECT_FALSE(reader.gray(0, 0, 1));
  EXPECT_TRUE(reader.gray(0, 1, 1));
}

TEST(SourceReader, answers_every_file_of_the_evaluation_corpora) {
  const char* named = std::getenv("KORRIGO_EVALUATION");
  const std::filesystem::path root = named != nullptr ? named : KORRIGO_SOURCE_DIR "/../shared/data/evaluation";
  if (!std::filesystem::is_directory(root)) {
    fmt::print("Not run: {} is absent on this machine.\n", root.string());
    return;
  }
  ReadLimits limits;
  limits.child.wall = std::chrono::seconds(20);
  int opened_files = 0, refused = 0, read_sides = 0, refused_sides = 0;
  for (const char* folder : {"bad-pdf", "scans/files"})
    for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
      if (entry.path().extension() != ".pdf") continue;
      auto reader = SourceReader::open({entry.path()}, limits);
      if (!reader) {
        ++refused;
        EXPECT_TRUE(reader.error().message.ends_with(".")) << entry.path();
        continue;
      }
      ++opened_files;
      for (int side = 0; side < std::min(3, reader->side_count(0)); ++side) {
        const auto picture = reader->gray(0, side, 4);
        (picture ? read_sides : refused_sides) += 1;
        if (picture) continue;
        EXPECT_NE(picture.error().message.find("cannot be read"), std::string::npos)
            << entry.path() << picture.error().message;
      }
    }
  fmt::print("{} files opened, {} refused; {} sides read, {} refused\n", opened_files, refused, read_sides,
             refused_sides);
}

}  // namespace
}  // namespace korrigo::pdf
