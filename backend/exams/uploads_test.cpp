#include "exams/uploads.h"

#include <gmock/gmock.h>
#include <unistd.h>
#include <thread>

#include "exams/exams_tests.h"

namespace korrigo::exams {
namespace {

class ResumableUploads : public ExamsTest {
 protected:
  void append(const Upload& upload, std::string_view bytes) {
    const UniqueFd fd = uploads().open(upload);
    ::lseek(fd.get(), static_cast<off_t>(upload.offset), SEEK_SET);
    write_all(fd.get(), std::as_bytes(std::span(bytes.data(), bytes.size())), "upload");
    EXPECT_TRUE(uploads().save(upload.id, upload.offset + bytes.size()));
  }
  Upload finished(std::string_view bytes) {
    const Upload upload = uploads().create(user, bytes.size(), "scan.pdf", "filename c2Nhbg==").value();
    append(upload, bytes);
    return uploads().find(user, upload.id).value();
  }
  Uploads& uploads() {
    if (!uploads_) uploads_ = std::make_unique<Uploads>(database(), blobs, clock);
    return *uploads_;
  }

 private:
  std::unique_ptr<Uploads> uploads_;
};
KORRIGO_ON_BOTH_ENGINES(ResumableUploads);

TEST_P(ResumableUploads, grow_until_they_are_taken) {
  const Upload upload = uploads().create(user, 10, "scan.pdf", "filename c2Nhbg==").value();
  append(upload, "01234");
  const Upload half = uploads().find(user, upload.id).value();
  EXPECT_EQ(half.offset, 5U);
  EXPECT_EQ(half.metadata, "filename c2Nhbg==");
  EXPECT_EQ(uploads().take(user, upload.id).error().code, "upload.incomplete");
  append(half, "56789");
  const auto taken = uploads().take(user, upload.id);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(read_file(taken->path), "0123456789");
  EXPECT_EQ(taken->upload.file_name, "scan.pdf");
  EXPECT_EQ(uploads().find(user, upload.id).error().code, "upload.not_found");
  EXPECT_EQ(uploads().take(user, upload.id).error().code, "upload.not_found");
}

TEST_P(ResumableUploads, of_refused_requests_can_be_taken_again) {
  const Upload upload = finished("bytes");
  const auto taken = uploads().take(user, upload.id).value();
  uploads().give_back(taken);
  EXPECT_EQ(read_file(uploads().take(user, upload.id).value().path), "bytes");
}

TEST_P(ResumableUploads, are_their_owners_alone) {
  const Upload upload = finished("bytes");
  const UserId other{user.value + 1};
  EXPECT_EQ(uploads().find(other, upload.id).error().code, "upload.not_found");
  EXPECT_EQ(uploads().take(other, upload.id).error().code, "upload.not_found");
}

TEST_P(ResumableUploads, are_taken_by_one_of_two) {
  const Upload upload = finished("bytes");
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { taken += uploads().take(user, upload.id) ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
}

TEST_P(ResumableUploads, end_when_nobody_comes_back) {
  const Upload upload = finished("bytes");
  const Upload late = finished("late");
  clock.advance(std::chrono::hours(23));
  ASSERT_TRUE(uploads().save(late.id, 4));
  clock.advance(std::chrono::hours(2));
  EXPECT_EQ(uploads().find(user, upload.id).error().code, "upload.not_found");
  EXPECT_TRUE(uploads().find(user, late.id));
  const auto folder = blobs.temporary("uploads");
  std::filesystem::last_write_time(folder / upload.id,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  EXPECT_EQ(uploads().clean_up(), 1);
  EXPECT_FALSE(std::filesystem::exists(folder / upload.id));
  EXPECT_TRUE(std::filesystem::exists(folder / late.id));
}

TEST_P(ResumableUploads, given_up_leave_nothing) {
  const Upload upload = finished("bytes");
  uploads().remove(upload);
  EXPECT_FALSE(std::filesystem::exists(blobs.temporary("uploads") / upload.id));
  EXPECT_EQ(count("upload"), 0);
}

TEST_P(ResumableUploads, stand_in_for_a_file) {
  const std::string bytes = small_pdf(2, 1);
  const auto taken = uploads().take(user, finished(bytes).id).value();
  const auto answer = receive_batch(intake(), batch({{taken.path, taken.upload.file_name, taken.upload.length}}));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_FALSE(std::filesystem::exists(taken.path));
}

}  // namespace
}  // namespace korrigo::exams
