#include "samples/samples.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <set>

#include "base/files.h"
#include "pdf/source_reader.h"

namespace korrigo::samples {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Small enough to draw in a blink; what is checked does not depend on size.
Options small() {
  Options options;
  options.copies = 3;
  options.students = 3;
  options.dpi = 100;
  return options;
}

std::set<std::pair<std::int64_t, std::string>> places(const json::value& truth) {
  std::set<std::pair<std::int64_t, std::string>> found;
  std::size_t count = 0;
  for (const json::value& sheet : truth.at("sheets").as_array())
    for (const char* scan : {"faces", "scanned_again"}) {
      if (!sheet.as_object().contains(scan)) continue;
      for (const json::value& face : sheet.at(scan).as_array()) {
        found.emplace(face.at("side").as_int64(), std::string(face.at("half").as_string()));
        ++count;
      }
    }
  EXPECT_EQ(found.size(), count) << "a face is listed twice";
  return found;
}

TEST(Samples, are_the_same_for_the_same_seed_and_others_for_another) {
  const TempFolder folder;
  Options options = small();
  for (const char* name : {"one", "two"}) ASSERT_TRUE(make(folder.path() / name, options));
  options.seed = 2;
  ASSERT_TRUE(make(folder.path() / "three", options));
  for (const char* file : {"scan.pdf", "students.csv", "truth.json"}) {
    EXPECT_EQ(read_file(folder.path() / "one" / file), read_file(folder.path() / "two" / file)) << file;
    EXPECT_NE(read_file(folder.path() / "one" / file), read_file(folder.path() / "three" / file)) << file;
  }
}

TEST(Samples, say_where_every_face_of_every_side_belongs) {
  const TempFolder folder;
  Options options = small();
  options.copies = 8;
  options.students = 6;
  options.format = PageFormat::mixed;
  options.doubled_sheets = 2;
  options.swapped_sheets = 2;
  options.rotated_sides = 3;
  options.blank_faces = 3;
  options.twins_and_namesakes = true;
  ASSERT_TRUE(make(folder.path() / "batch", options));
  auto reader = pdf::SourceReader::open({folder.path() / "batch/scan.pdf"});
  ASSERT_TRUE(reader);
  const json::value truth = json::parse(read_file(folder.path() / "batch/truth.json"));
  EXPECT_EQ(truth.at("sides").as_int64(), reader->side_count(0));
  std::size_t faces = 0;
  for (int side = 0; side < reader->side_count(0); ++side)
    faces += reader->side(0, side).width > reader->side(0, side).height ? 2 : 1;
  EXPECT_EQ(places(truth).size(), faces);
}

TEST(Samples, come_in_every_encoding_that_scanners_use) {
  const TempFolder folder;
  const std::pair<SideEncoding, const char*> encodings[] = {{SideEncoding::jpeg, "jpeg"},
                                                            {SideEncoding::ccitt, "ccitt"},
                                                            {SideEncoding::jbig2, "jbig2"},
                                                            {SideEncoding::jpeg2000, "jpeg2000"},
                                                            {SideEncoding::flate, "raw"}};
  for (const auto& [encoding, name] : encodings) {
    Options options = small();
    options.copies = options.students = 1;
    options.encoding = encoding;
    ASSERT_TRUE(make(folder.path() / name, options));
    auto reader = pdf::SourceReader::open({folder.path() / name / "scan.pdf"});
    ASSERT_TRUE(reader) << name;
    EXPECT_EQ(reader->side(0, 0).encoding, name);
    EXPECT_NEAR(reader->side(0, 0).dpi, 100, 1);
    EXPECT_TRUE(reader->gray(0, 0, 4)) << name;
  }
}

TEST(Samples, have_one_page_that_cannot_be_read_when_asked) {
  const TempFolder folder;
  Options options = small();
  options.corrupt_page = true;
  ASSERT_TRUE(make(folder.path() / "batch", options));
  auto reader = pdf::SourceReader::open({folder.path() / "batch/scan.pdf"});
  ASSERT_TRUE(reader);
  int unreadable = 0;
  for (int side = 0; side < reader->side_count(0); ++side) unreadable += !reader->gray(0, side, 8).has_value();
  EXPECT_EQ(unreadable, 1);
}

TEST(Samples, are_refused_where_options_contradict_or_the_folder_is_taken) {
  const TempFolder folder;
  Options options = small();
  options.absent_students = 3;
  EXPECT_EQ(make(folder.path() / "none", options).error().code, "samples.options");
  options = small();
  options.unknown_students = 5;
  EXPECT_EQ(make(folder.path() / "none", options).error().code, "samples.options");
  EXPECT_FALSE(fs::exists(folder.path() / "none"));
  write_file(folder.path() / "mine.txt", "keep me");
  EXPECT_EQ(make(folder.path(), small()).error().code, "samples.options");
}

}  // namespace
}  // namespace korrigo::samples
