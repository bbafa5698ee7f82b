#include "base/files.h"

#include <gtest/gtest.h>
#include <system_error>

namespace korrigo {
namespace fs = std::filesystem;

TEST(WriteFile, replaces_at_once_and_leaves_nothing_else) {
  const TempFolder folder;
  write_file(folder.path() / "a", "one");
  write_file(folder.path() / "a", "two");
  EXPECT_EQ(read_file(folder.path() / "a"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(WriteFile, names_the_path_it_cannot_write) {
  try {
    write_file("/nonexistent/folder/a", "x");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find("/nonexistent/folder/a"), std::string::npos);
  }
}

TEST(StagedFolder, appears_only_when_published) {
  const TempFolder folder;
  const fs::path target = folder.path() / "out";
  {
    StagedFolder staged(target);
    write_file(staged.work() / "a", "x");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
  StagedFolder staged(target);
  write_file(staged.work() / "a", "x");
  EXPECT_FALSE(fs::exists(target));
  staged.publish();
  EXPECT_EQ(read_file(target / "a"), "x");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(StagedFolder, refuses_a_folder_that_holds_something) {
  const TempFolder folder;
  write_file(folder.path() / "precious", "x");
  EXPECT_THROW(StagedFolder staged(folder.path()), std::system_error);
  EXPECT_EQ(read_file(folder.path() / "precious"), "x");
}

}  // namespace korrigo
