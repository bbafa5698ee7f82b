#include "copies/batch_job.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <thread>

#include "base/files.h"
#include "base/hash.h"
#include "copies/batch_store.h"
#include "events/bus.h"
#include "samples/samples.h"
#include "support/databases.h"

namespace korrigo::copies {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kExam{"test.exam", R"(
  INSERT INTO exam (id, name, date, status, created_at, updated_at) VALUES ($1, 'Bac blanc', '2026-03-02', 'PROCESSING', 0, 0))"};
constexpr Statement kSource{"test.source", R"(
  INSERT INTO exam_pdf (id, exam_id, kind, file, sha256, size, page_count, position, uploaded_at)
  VALUES ($1, $2, 'SCAN', $3, $4, $5, $6, 0, 0))"};
constexpr Statement kStudent{"test.student", R"(
  INSERT INTO student (last_name, first_name, date_naissance, email, created_at, updated_at) VALUES ($1, $2, $3, $4, 0, 0)
  RETURNING id)"};
constexpr Statement kExamStudent{"test.exam_student",
                                 "INSERT INTO exam_student (exam_id, student_id, position) VALUES ($1, $2, $3)"};
constexpr Statement kState{"test.exam_state", "SELECT status FROM exam WHERE id = $1"};
constexpr Statement kFiles{"test.files", R"(
  SELECT pdf_file, masked_pdf_file FROM copy WHERE exam_id = $1)"};
constexpr Statement kFaces{"test.faces", R"(
  SELECT exam_pdf_id, side, half, copy_id, page_index, preview_file, unplaced_reason FROM face WHERE exam_id = $1)"};
constexpr Statement kAutomatic{"test.automatic", R"(
  SELECT count(*) FROM copy WHERE exam_id = $1 AND student_id IS NOT NULL AND status = 'READY')"};

class Batch : public test::AnyDatabase {
 protected:
  static constexpr int kCopies = 6;

  Batch() : blobs_(folder_.path() / "media"), queue_(clock_), services_{blobs_, workshop_, 2} {
    samples::Options options;
    options.copies = options.students = kCopies;
    options.dpi = 150;
    EXPECT_TRUE(samples::make(folder_.path() / "batch", options));
  }

  void SetUp() override {
    const auto scan = blobs_.put("exams/source/scan.pdf", read_file(folder_.path() / "batch/scan.pdf"));
    const auto roster = students::parse_roster(read_file(folder_.path() / "batch/students.csv"));
    ASSERT_TRUE(roster);
    database().write([&](Transaction& t) {
      t.execute(kExam, exam_);
      t.execute(kSource, make_uuid_v4(), exam_, scan.key, scan.sha256, scan.size, 2 * kCopies);
      for (std::size_t i = 0; i < roster->students.size(); ++i) {
        const auto& student = roster->students[i];
        const auto id = t.row(kStudent, student.nom, student.prenom, student.date_naissance.iso(), student.email);
        t.execute(kExamStudent, exam_, id->get<StudentId>(0), i);
      }
      jobs::NewTask task;
      task.kind = "process_pdf_batch";
      task.payload = {{"exam_id", exam_.text()}};
      task_ = queue_.enqueue(t, task);
    });
    add_batch_kinds(kinds_, queue_, services_);
  }

  jobs::TaskState state() {
    return database().read([&](Transaction& t) { return queue_.find(t, task_)->state; });
  }

  void wait_until_over(std::chrono::milliseconds longest) {
    const auto end = std::chrono::steady_clock::now() + longest;
    while (!jobs::is_over(state()) && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }

  void expect_complete() {
    database().read([&](Transaction& t) {
      const auto task = queue_.find(t, task_);
      ASSERT_EQ(task->state, jobs::TaskState::success)
          << (task->error ? task->error->message + task->error->detail : "");
      EXPECT_EQ(t.row(kState, exam_)->get<std::string>(0), "READY");
      const auto copies = t.rows(kFiles, exam_);
      EXPECT_EQ(copies.size(), static_cast<std::size_t>(kCopies));
      for (const auto& copy : copies) {
        EXPECT_TRUE(blobs_.exists(copy.get<std::string>(0)));
        EXPECT_TRUE(blobs_.exists(copy.get<std::string>(1)));
      }
      std::set<std::string> places;
      for (const auto& face : t.rows(kFaces, exam_)) {
        places.insert(face.get<std::string>(0) + face.get<std::string>(2) + std::to_string(face.get<int>(1)));
        EXPECT_FALSE(face.is_null(3)) << face.get<std::optional<std::string>>(6).value_or("");
        EXPECT_TRUE(blobs_.exists(face.get<std::string>(5)));
      }
      EXPECT_EQ(places.size(), static_cast<std::size_t>(4 * kCopies));
      EXPECT_GT(t.row(kAutomatic, exam_)->get<int>(0), 0);
    });
  }

  TempFolder folder_;
  SystemClock clock_;
  storage::Blobs blobs_;
  jobs::Queue queue_;
  Workshop workshop_;
  BatchServices services_;
  jobs::Kinds kinds_;
  ExamId exam_{make_uuid_v7(clock_.now())};
  TaskId task_;
};
KORRIGO_ON_BOTH_ENGINES(Batch);

TEST_P(Batch, becomes_copies_with_all_their_files) {
  jobs::WorkerPool pool(database(), queue_, kinds_, {});
  pool.start();
  wait_until_over(std::chrono::minutes(10));
  pool.stop();
  expect_complete();
}

TEST_P(Batch, goes_on_where_a_stopped_worker_left_it) {
  constexpr int kRounds = 6;
  for (int round = 1; round <= kRounds && !jobs::is_over(state()); ++round) {
    jobs::WorkerPool pool(database(), queue_, kinds_, {});
    pool.start();
    wait_until_over(round < kRounds ? std::chrono::milliseconds(300 * round) : std::chrono::milliseconds(120'000));
    pool.stop();
  }
  expect_complete();
}

TEST_P(Batch, that_is_cancelled_leaves_the_exam_in_error_until_it_is_tried_again) {
  const auto exam = [&] {
    return database().read([&](Transaction& t) { return t.row(kState, exam_)->get<std::string>(0); });
  };
  std::vector<std::string> heard;
  std::mutex mutex;
  events::Bus bus(database());
  const auto subscription = bus.subscribe(processing_topic(exam_), [&](std::string_view, std::string_view message) {
    const std::lock_guard lock(mutex);
    heard.emplace_back(message);
  });
  EXPECT_TRUE(database().write([&](Transaction& t) { return queue_.cancel(t, task_); }));
  EXPECT_EQ(exam(), "ERROR");
  for (int i = 0; i < 1000; ++i) {
    const std::lock_guard lock(mutex);
    if (!heard.empty()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  {
    const std::lock_guard lock(mutex);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_NE(heard.front().find("processing_failed"), std::string::npos);
  }
  EXPECT_TRUE(database().write([&](Transaction& t) { return queue_.retry(t, task_); }));
  EXPECT_EQ(exam(), "PROCESSING");
}

TEST_P(Batch, of_a_scan_that_is_gone_fails_with_a_sentence) {
  blobs_.remove("exams/source/scan.pdf");
  jobs::WorkerPool pool(database(), queue_, kinds_, {});
  pool.start();
  wait_until_over(std::chrono::minutes(10));
  pool.stop();
  EXPECT_EQ(state(), jobs::TaskState::failure);
  database().read([&](Transaction& t) {
    EXPECT_EQ(t.row(kState, exam_)->get<std::string>(0), "ERROR");
    EXPECT_NE(processing_state(t, exam_).find("processing_failed"), std::string::npos);
  });
}

}  // namespace
}  // namespace korrigo::copies
