// The media folder against the rows, on both engines.
#include "exams/orphaned_files.h"

#include <gmock/gmock.h>

#include "exams/exam.h"
#include "exams/exams_tests.h"

namespace korrigo::exams {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class OrphanedFiles : public ExamsTest {
 protected:
  FilesTidied tidy(std::chrono::seconds age = std::chrono::seconds(0)) {
    return tidy_files(database(), blobs, age, [] {});
  }
  std::vector<std::string> all_files() {
    std::vector<std::string> keys;
    blobs.list("", [&](const std::string& key, std::filesystem::file_time_type) { keys.push_back(key); });
    return keys;
  }
};
KORRIGO_ON_BOTH_ENGINES(OrphanedFiles);

TEST_P(OrphanedFiles, are_removed_and_what_rows_refer_to_stays) {
  const auto exam = received({incoming("scan.pdf", small_pdf(1, 1))});
  const auto before = all_files();
  ASSERT_THAT(before, Not(IsEmpty()));
  blobs.put("exams/pages/left/behind.jpg", "x");
  blobs.put("copies/booklets/left/behind.pdf", "x");
  const FilesTidied tidied = tidy();
  EXPECT_EQ(tidied.removed, 2);
  EXPECT_THAT(tidied.missing, IsEmpty());
  EXPECT_EQ(all_files(), before);
  end_tasks();
  const auto removed = run([&](storage::Transaction& t) { return delete_exam(t, exam.exam, kNow); });
  ASSERT_TRUE(removed);
  EXPECT_GT(tidy().removed, 0) << "what a process left that died before it removed the files";
  EXPECT_THAT(all_files(), IsEmpty());
}

TEST_P(OrphanedFiles, stay_while_they_are_young) {
  blobs.put("exams/pages/new/face.jpg", "its row is still to come");
  EXPECT_EQ(tidy(kOrphanAge).removed, 0);
  EXPECT_THAT(all_files(), ElementsAre("exams/pages/new/face.jpg"));
}

TEST_P(OrphanedFiles, stay_while_a_task_refers_to_them) {
  blobs.put("imports/students.csv", "x");
  blobs.put("exports/marks.csv", "x");
  run([&](storage::Transaction& t) { queue.enqueue(t, {.kind = "a", .payload = {{"file", "imports/students.csv"}}}); });
  run([&](storage::Transaction& t) { queue.enqueue(t, {.kind = "b"}); });
  execute(
      "UPDATE task SET state = 'SUCCESS', finished_at = 1, ready = 0, result = '{\"file\":\"exports/marks.csv\"}' "
      "WHERE kind = 'b'");
  EXPECT_EQ(tidy().removed, 0);
  execute("UPDATE task SET trimmed = 1, payload = '{}', result = NULL WHERE kind = 'b'");
  EXPECT_EQ(tidy().removed, 1);
  EXPECT_THAT(all_files(), ElementsAre("imports/students.csv"));
}

TEST_P(OrphanedFiles, and_rows_without_their_file_are_told_apart) {
  received({incoming("scan.pdf", small_pdf(1, 1))});
  const std::string lost = stored().front();
  blobs.remove(lost);
  const FilesTidied tidied = tidy();
  EXPECT_THAT(tidied.missing, ElementsAre(lost));
  EXPECT_EQ(tidied.removed, 0);
}

}  // namespace
}  // namespace korrigo::exams
