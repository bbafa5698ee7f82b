#include "storage/blobs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "base/hash.h"

namespace korrigo::storage {
namespace {

class BlobFolder : public testing::Test {
 protected:
  std::vector<std::string> keys(std::string_view prefix = {}) const {
    std::vector<std::string> found;
    blobs.list(prefix, [&](const std::string& key, auto) { found.push_back(key); });
    std::sort(found.begin(), found.end());
    return found;
  }
  int temporary_files() const {
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / "media/temp")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  TempFolder folder;
  Blobs blobs{folder.path() / "media"};
};

TEST_F(BlobFolder, gives_back_what_was_put) {
  const Blob blob = blobs.put("exams/source/1.pdf", "content");
  EXPECT_EQ(blob.key, "exams/source/1.pdf");
  EXPECT_EQ(blob.size, 7);
  EXPECT_EQ(blob.sha256, sha256(std::as_bytes(std::span(std::string_view("content")))));
  EXPECT_EQ(blobs.read("exams/source/1.pdf"), "content");
  EXPECT_EQ(blobs.open("exams/source/1.pdf").size, 7);
  EXPECT_TRUE(blobs.exists("exams/source/1.pdf"));
  EXPECT_EQ(read_file(blobs.path("exams/source/1.pdf")), "content");
}

TEST_F(BlobFolder, replaces_at_once_and_leaves_readers_their_file) {
  blobs.put("a", "first");
  const OpenBlob open = blobs.open("a");
  blobs.put("a", "second one");
  std::array<char, 16> buffer{};
  EXPECT_EQ(::read(open.fd.get(), buffer.data(), buffer.size()), 5);
  EXPECT_EQ(blobs.read("a"), "second one");
}

TEST_F(BlobFolder, streams_from_a_descriptor) {
  const std::filesystem::path source = folder.path() / "in";
  const std::string content(300'000, 'x');
  write_file(source, content);
  const Blob blob = blobs.put("a/b", open_for_reading(source).get());
  EXPECT_EQ(blob.size, 300'000);
  EXPECT_EQ(blob.sha256, sha256_of_file(source));
  EXPECT_EQ(blobs.read("a/b"), content);
}

TEST_F(BlobFolder, adopts_a_finished_file) {
  const std::filesystem::path file = blobs.temporary("uploads") / "u1";
  write_file(file, "uploaded");
  EXPECT_EQ(keys(), std::vector<std::string>());
  const Blob blob = blobs.adopt("exams/source/2.pdf", file);
  EXPECT_EQ(blob.sha256, sha256_of_file(blobs.path("exams/source/2.pdf")));
  EXPECT_EQ(blob.size, 8);
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THROW(blobs.adopt("exams/source/3.pdf", file), std::system_error);
}

TEST_F(BlobFolder, lists_and_removes) {
  for (const char* key : {"pages/1/a.jpg", "pages/1/b.jpg", "pages/2/a.jpg", "x"}) blobs.put(key, key);
  EXPECT_THAT(keys(), testing::ElementsAre("pages/1/a.jpg", "pages/1/b.jpg", "pages/2/a.jpg", "x"));
  EXPECT_THAT(keys("pages/1"), testing::ElementsAre("pages/1/a.jpg", "pages/1/b.jpg"));
  blobs.remove("pages/1/a.jpg");
  blobs.remove("pages/1/a.jpg");
  EXPECT_THAT(keys("pages/1"), testing::ElementsAre("pages/1/b.jpg"));
  EXPECT_THAT(keys("nothing"), testing::IsEmpty());
  EXPECT_FALSE(blobs.exists("pages/1/a.jpg"));
  EXPECT_THROW(blobs.open("pages/1/a.jpg"), std::system_error);
}

TEST_F(BlobFolder, takes_no_path_for_a_key) {
  for (const char* key : {"", "/etc/passwd", "../x", "a/../x", "a//b", ".hidden", "a/.b", "a/", "é", "a b", "temp/x",
                          "a\\b", "1/2/3/4/5/6/7/8/9"}) {
    EXPECT_THROW(blobs.put(key, "x"), std::logic_error) << key;
    EXPECT_THROW(blobs.read(key), std::logic_error) << key;
    EXPECT_THROW(blobs.remove(key), std::logic_error) << key;
  }
  EXPECT_THROW(blobs.put(std::string(241, 'a'), "x"), std::logic_error);
}

TEST_F(BlobFolder, puts_a_batch_in_place_together) {
  {
    BlobBatch batch(blobs);
    batch.put("given/up", "x");
  }
  EXPECT_THAT(keys(), testing::IsEmpty());
  EXPECT_EQ(temporary_files(), 0);
  BlobBatch batch(blobs);
  batch.put("pages/1", "one");
  const std::filesystem::path file = blobs.temporary("uploads") / "u1";
  write_file(file, "adopted");
  batch.adopt("pages/2", file);
  EXPECT_THAT(keys(), testing::IsEmpty());
  batch.commit();
  EXPECT_THAT(keys(), testing::ElementsAre("pages/1", "pages/2"));
  EXPECT_EQ(blobs.read("pages/2"), "adopted");
}

TEST_F(BlobFolder, clears_what_nobody_writes_to_any_more) {
  write_file(blobs.temporary("uploads") / "left", "x");
  EXPECT_EQ(blobs.clear_temporary(std::chrono::hours(1)), 0);
  std::filesystem::last_write_time(blobs.temporary("uploads") / "left",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_EQ(blobs.clear_temporary(std::chrono::hours(1)), 1);
  EXPECT_EQ(temporary_files(), 0);
}

TEST_F(BlobFolder, holds_nothing_half_written_when_the_disk_is_full) {
  const std::string content(100'000, 'x');
  const pid_t child = ::fork();
  if (child == 0) {  // a limit on the size of files stands in for the full disk; it would end with the process
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10'000, 10'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      blobs.put("a", content);
    } catch (const std::system_error&) {
      ::_exit(7);
    }
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_THAT(keys(), testing::IsEmpty());
  EXPECT_EQ(temporary_files(), 0);
}

}  // namespace
}  // namespace korrigo::storage
