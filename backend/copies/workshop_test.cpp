#include "copies/workshop.h"

#include <gtest/gtest.h>
#include <fstream>

#include "base/files.h"
#include "samples/samples.h"

namespace korrigo::copies {
namespace {

bool is_reader(int process) {
  std::ifstream file(fmt::format("/proc/{}/cmdline", process));
  const std::string line(std::istreambuf_iterator<char>(file), {});
  return line.find("pdf-source") != std::string::npos;
}

// A reader is a child process; a sanitizer may have one of its own.
int readers() {
  int count = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (int child; list >> child;) count += is_reader(child) ? 1 : 0;
  }
  return count;
}

class WorkshopTest : public ::testing::Test {
 protected:
  WorkshopTest() {
    samples::Options options;
    options.copies = options.students = 2;
    options.dpi = 75;
    EXPECT_TRUE(samples::make(folder_.path(), options));
  }
  // The same scan under so many names.
  std::vector<std::filesystem::path> sources(int count) {
    std::vector<std::filesystem::path> paths;
    for (int i = 0; i < count; ++i) {
      paths.push_back(folder_.path() / fmt::format("{}.pdf", i));
      std::filesystem::copy_file(folder_.path() / "scan.pdf", paths.back());
    }
    return paths;
  }
  TempFolder folder_;
  int before_ = readers();
};

TEST_F(WorkshopTest, keeps_no_more_open_sources_than_told) {
  Workshop workshop({.most = 3});
  for (const auto& source : sources(9)) ASSERT_TRUE(workshop.reader({source}));
  EXPECT_EQ(readers() - before_, 3);
}

TEST_F(WorkshopTest, lends_the_source_it_has_open) {
  Workshop workshop({.most = 2});
  const auto paths = sources(2);
  const pdf::SourceReader* first = &**workshop.reader({paths[0]});
  ASSERT_TRUE(workshop.reader({paths[1]}));
  EXPECT_EQ(&**workshop.reader({paths[0]}), first);
  EXPECT_EQ(readers() - before_, 2);
}

TEST_F(WorkshopTest, closes_what_nobody_wanted_for_a_while) {
  Workshop workshop({.idle = std::chrono::milliseconds(50)});
  for (const auto& source : sources(3)) ASSERT_TRUE(workshop.reader({source}));
  for (int i = 0; i < 200 && readers() > before_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(readers(), before_);
}

}  // namespace
}  // namespace korrigo::copies
