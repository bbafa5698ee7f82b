#include "exams/receive.h"

#include <gmock/gmock.h>
#include <thread>

#include "exams/correctors.h"
#include "exams/exams_tests.h"

namespace korrigo::exams {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class Batches : public ExamsTest {
 protected:
  /// The refusal of an upload that leaves nothing behind; its files are where they were.
  Error refused(const BatchRequest& request) {
    const auto before = traces();
    faults = {};
    const auto answer = receive_batch(intake(), request, &faults);
    EXPECT_FALSE(answer);
    EXPECT_EQ(traces(), before);
    for (const IncomingFile& file : request.pdfs) EXPECT_TRUE(std::filesystem::exists(file.path)) << file.name;
    return answer ? Error{} : answer.error();
  }
  Exam exam(const ExamId& id) {
    return run([&](storage::Transaction& t) { return find_exam(t, id).value(); });
  }
  std::vector<Source> sources(const ExamId& id) {
    return run([&](storage::Transaction& t) { return sources_of(t, id); });
  }
  Faults faults;
};
KORRIGO_ON_BOTH_ENGINES(Batches);

TEST_P(Batches, are_stored_with_exam_roster_and_task_together) {
  const std::string bytes = small_pdf(4, 1);
  const auto answer = receive_batch(intake(), batch({incoming("scan.pdf", bytes)}));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->student_count, 2);
  const Exam made = exam(answer->exam);
  EXPECT_EQ(made.name, "Maths");
  EXPECT_EQ(made.subject, kDefaultSubject);
  EXPECT_EQ(made.status, ExamStatus::processing);
  EXPECT_EQ(made.created_by, user);
  const auto scans = sources(answer->exam);
  ASSERT_THAT(scans, SizeIs(1));
  EXPECT_EQ(scans[0].page_count, 4);
  EXPECT_EQ(blobs.read(scans[0].key), bytes);
  EXPECT_THAT(stored(), SizeIs(2)) << "the scan and the roster";
  const auto task = run([&](storage::Transaction& t) { return queue.find(t, answer->task).value(); });
  EXPECT_EQ(task.kind, kBatchTask);
  EXPECT_EQ(task.priority, jobs::Priority::high);
  EXPECT_EQ(task.payload.at("exam_id").as_string(), answer->exam.text());
  EXPECT_EQ(task.payload.at("source_ids").as_array().size(), 1U);
  EXPECT_EQ(task.exam_id, answer->exam);
}

TEST_P(Batches, have_defaults_88) {
  BatchRequest request = batch({incoming("scan.pdf", small_pdf(1, 1))});
  request.name = "  ";
  const Exam made = exam(receive_batch(intake(), request).value().exam);
  EXPECT_EQ(made.name, kDefaultName);
  EXPECT_EQ(made.upload_mode, UploadMode::batch_a3);
  EXPECT_EQ(made.date.iso(), "2026-02-02");
}

TEST_P(Batches, need_both_files_78) {
  BatchRequest request = batch({});
  EXPECT_EQ(refused(request).code, "source.missing");
  request = batch({incoming("scan.pdf", small_pdf(1, 1))});
  request.roster.reset();
  const Error error = refused(request);
  EXPECT_EQ(error.code, "source.missing");
  EXPECT_EQ(error.message, "PDF and CSV files required");
  EXPECT_EQ(error.field, "students_csv");
}

TEST_P(Batches, refuse_what_is_no_pdf_79_80_81_82_86) {
  const std::string good = small_pdf(2, 1);
  EXPECT_EQ(refused(batch({incoming("scan.docx", good)})).message, "Invalid file type: must be PDF");
  EXPECT_EQ(refused(batch({incoming("scan.pdf", "")})).message, "PDF has no pages");
  for (const std::string& bytes :
       {std::string("Dear colleague, the exams are in the cupboard."), std::string("%PDF-1.4 fake"),
        good.substr(0, 300), std::string("\x89PNG\r\n\x1a\n") + std::string(200, '\0')}) {
    const Error error = refused(batch({incoming("scan.pdf", bytes)}));
    EXPECT_EQ(error.code, "source.corrupted");
    EXPECT_EQ(error.kind, ErrorKind::malformed);
    EXPECT_THAT(error.message, StartsWith("Corrupted PDF: "));
  }
  EXPECT_EQ(refused(batch({incoming("scan.pdf", testing_support::make_pdf({}))})).code, "source.empty");
}

TEST_P(Batches, refuse_what_is_over_a_limit_83_84_85) {
  const std::string bytes = small_pdf(3, 1);
  limits.max_pdf_bytes = bytes.size() - 1;
  const Error error = refused(batch({incoming("scan.pdf", bytes)}));
  EXPECT_EQ(error.code, "source.too_large");
  EXPECT_EQ(error.message, fmt::format("File too large: {} bytes (max: {})", bytes.size(), bytes.size() - 1));
  limits.max_pdf_bytes = bytes.size();
  limits.max_pages = 2;
  EXPECT_EQ(refused(batch({incoming("scan.pdf", bytes)})).code, "source.too_many_pages");
  limits.max_pages = 3;
  limits.max_csv_bytes = 10;
  EXPECT_EQ(refused(batch({incoming("scan.pdf", bytes)})).code, "roster.too_large");
  limits.max_csv_bytes = 1000;
  EXPECT_TRUE(receive_batch(intake(), batch({incoming("scan.PDF", bytes)}))) << "exactly the limits";
}

TEST_P(Batches, refuse_a_faulty_roster_with_every_line_and_column) {
  const Error error = refused(batch({incoming("scan.pdf", small_pdf(1, 1))},
                                    "nom,prenom,email,date_naissance\nDUPONT,Jean,jean@x.fr,15/05/2008\n"
                                    "DURAND,,jean@x.fr,32/05/2008\n"));
  EXPECT_EQ(error.code, "roster.invalid");
  EXPECT_EQ(error.kind, ErrorKind::invalid_input);
  EXPECT_THAT(error.message, StartsWith("CSV validation failed: Line 3, column prenom: "));
  EXPECT_THAT(error.details, SizeIs(3));
  EXPECT_THAT(faults.roster.lines, SizeIs(3));
}

TEST_P(Batches, refuse_a_roster_that_contradicts_the_students_there_are) {
  received({incoming("scan.pdf", small_pdf(1, 1))});
  const Error error = refused(
      batch({incoming("scan.pdf", small_pdf(1, 2))}, std::string(kHeader) + "DUPONT,Jean,lea@x.fr,15/05/2008,TG1\n"));
  EXPECT_EQ(error.code, "roster.invalid");
  ASSERT_THAT(faults.roster.lines, SizeIs(1));
  EXPECT_EQ(faults.roster.lines[0].line, 2);
}

TEST_P(Batches, refuse_fields_that_cannot_be_88) {
  BatchRequest request = batch({incoming("scan.pdf", small_pdf(1, 1))});
  request.name = std::string(256, 'x');
  EXPECT_EQ(refused(request).field, "name");
}

TEST_P(Batches, of_several_pdfs_keep_their_order_104) {
  std::vector<IncomingFile> files;
  for (unsigned i = 0; i < 4; ++i) files.push_back(incoming(fmt::format("{}.pdf", 9 - i), small_pdf(1, i)));
  const auto scans = sources(received(files).exam);
  ASSERT_THAT(scans, SizeIs(4));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(scans[static_cast<std::size_t>(i)].original_name, fmt::format("{}.pdf", 9 - i));
    EXPECT_EQ(scans[static_cast<std::size_t>(i)].position, i);
  }
}

TEST_P(Batches, with_one_bad_file_are_refused_whole_105) {
  const Error error = refused(batch({incoming("good.pdf", small_pdf(1, 1)), incoming("bad.pdf", "no pdf"),
                                     incoming("empty.pdf", ""), incoming("fine.pdf", small_pdf(1, 2))}));
  EXPECT_EQ(error.code, "source.corrupted");
  ASSERT_THAT(faults.files, SizeIs(2));
  EXPECT_EQ(faults.files[0].file, "bad.pdf");
  EXPECT_EQ(faults.files[1].file, "empty.pdf");
  EXPECT_EQ(faults.files[1].error.code, "source.empty");
  EXPECT_THAT(error.details, SizeIs(2));
}

TEST_P(Batches, do_not_take_the_same_bytes_twice) {
  const Error error = refused(batch({incoming("one.pdf", small_pdf(1, 1)), incoming("again.pdf", small_pdf(1, 1))}));
  EXPECT_EQ(error.code, "source.duplicate");
  ASSERT_THAT(faults.files, SizeIs(1));
  EXPECT_EQ(faults.files[0].file, "again.pdf");
}

TEST_P(Batches, take_at_most_a_hundred_files) {
  std::vector<IncomingFile> files(101, incoming("scan.pdf", "x"));
  EXPECT_EQ(refused(batch(files)).code, "source.too_many_files");
}

TEST_P(Batches, keep_names_from_outside_out_of_the_disk_87) {
  const auto scans = sources(received({incoming("../../etc/cron.d/evil.pdf", small_pdf(1, 1))}).exam);
  EXPECT_THAT(scans[0].key, testing::Not(HasSubstr("evil")));
  EXPECT_EQ(scans[0].key, "exams/source/" + scans[0].id.text() + ".pdf");
}

TEST_P(Batches, leave_nothing_when_the_disk_refuses_a_file_89) {
  const auto before = traces();
  // Something in the way of the folder: the disk cannot take the first file.
  write_file(blobs.path("exams"), std::string_view("in the way"));
  BatchRequest request = batch({incoming("scan.pdf", small_pdf(1, 1))});
  EXPECT_THROW(receive_batch(intake(), request), std::system_error);
  EXPECT_TRUE(std::filesystem::exists(request.pdfs[0].path));
  std::filesystem::remove(blobs.path("exams"));
  EXPECT_EQ(traces(), before);
  // The second file cannot be taken: the first goes back.
  request = batch({incoming("one.pdf", small_pdf(1, 1)), incoming("two.pdf", small_pdf(1, 2))});
  check = [&](const std::filesystem::path& path, int max_pages) {
    auto pages = open_in_sandbox(path, max_pages);
    if (path == request.pdfs[1].path) std::filesystem::remove(path);
    return pages;
  };
  EXPECT_THROW(receive_batch(intake(), request), std::system_error);
  EXPECT_TRUE(std::filesystem::exists(request.pdfs[0].path));
  EXPECT_EQ(traces(), before);
}

TEST_P(Batches, leave_nothing_when_the_database_refuses_any_step_90) {
  // Each table in turn cannot be written: the step that needs it fails.
  for (const char* table : {"exam", "student", "exam_student", "exam_pdf", "task", "audit_log"}) {
    SCOPED_TRACE(table);
    const auto before = traces();
    execute(fmt::format("ALTER TABLE {0} RENAME TO {0}_away", table));
    const BatchRequest request = batch({incoming("scan.pdf", small_pdf(1, 1))});
    EXPECT_THROW(receive_batch(intake(), request), storage::DatabaseError);
    execute(fmt::format("ALTER TABLE {0}_away RENAME TO {0}", table));
    EXPECT_EQ(traces(), before);
    EXPECT_TRUE(std::filesystem::exists(request.pdfs[0].path));
    EXPECT_TRUE(std::filesystem::exists(request.roster->path));
  }
  EXPECT_TRUE(receive_batch(intake(), batch({incoming("scan.pdf", small_pdf(1, 1))})));
}

TEST_P(Batches, come_from_several_people_at_once) {
  std::vector<BatchRequest> requests;
  for (unsigned i = 0; i < 4; ++i) requests.push_back(batch({incoming("scan.pdf", small_pdf(1, i))}));
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (const BatchRequest& request : requests)
    threads.emplace_back([&] { taken += receive_batch(intake(), request) ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 4);
  EXPECT_EQ(count("exam"), 4);
  EXPECT_EQ(count("student"), 2);
  EXPECT_THAT(stored(), SizeIs(8));
}

TEST_P(Batches, fill_one_exam_once_at_a_time) {
  const ExamId id = received({incoming("scan.pdf", small_pdf(1, 1))}).exam;
  end_tasks();
  std::vector<BatchRequest> requests;
  for (unsigned i = 0; i < 2; ++i) {
    requests.push_back(batch({incoming("scan.pdf", small_pdf(1, 10 + i))}));
    requests.back().exam = id;
  }
  std::vector<std::string> codes(2);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 2; ++i)
    threads.emplace_back([&, i] {
      const auto answer = receive_batch(intake(), requests[i]);
      codes[i] = answer ? "taken" : answer.error().code;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(codes, testing::UnorderedElementsAre("taken", "exam.busy"));
  EXPECT_THAT(stored(), SizeIs(2));
}

TEST_P(Batches, replace_those_whose_copies_are_all_staging_103) {
  const BatchReceived first = received({incoming("scan.pdf", small_pdf(1, 1))});
  add_copy(first.exam, sources(first.exam)[0].id, "A-001", "STAGING");
  const auto before = stored();
  BatchRequest request = batch({incoming("better.pdf", small_pdf(2, 5))});
  request.exam = first.exam;
  EXPECT_EQ(refused(request).code, "exam.busy");
  end_tasks();
  request.roster = roster_file(std::string(kHeader) + "ROUX,Eva,eva@x.fr,01/01/2008,TG1\n");
  const auto answer = receive_batch(intake(), request);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->exam, first.exam);
  EXPECT_EQ(answer->student_count, 1);
  EXPECT_EQ(count("copy") + count("booklet") + count("face"), 0);
  ASSERT_THAT(sources(first.exam), SizeIs(1));
  EXPECT_EQ(sources(first.exam)[0].original_name, "better.pdf");
  for (const std::string& key : before) EXPECT_FALSE(blobs.exists(key)) << key;
  EXPECT_THAT(stored(), SizeIs(2));
}

TEST_P(Batches, never_replace_validated_copies_102) {
  const BatchReceived first = received({incoming("scan.pdf", small_pdf(1, 1))});
  end_tasks();
  add_copy(first.exam, sources(first.exam)[0].id, "A-001", "READY");
  BatchRequest request = batch({incoming("better.pdf", small_pdf(2, 5))});
  request.exam = first.exam;
  const Error error = refused(request);
  EXPECT_EQ(error.code, "exam.has_validated_copies");
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  request.exam = ExamId("0198f0c2-a4d1-7c3e-9f00-3a5b7c9d1e2f");
  EXPECT_EQ(refused(request).code, "exam.not_found");
}

}  // namespace
}  // namespace korrigo::exams
