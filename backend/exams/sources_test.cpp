#include <gmock/gmock.h>

#include "exams/exams_tests.h"
#include "exams/import_group.h"
#include "exams/source.h"
#include "jobs/worker.h"

namespace korrigo::exams {
namespace {

using testing::SizeIs;

class Sources : public ExamsTest {
 protected:
  ExamId make_exam(UploadMode mode) {
    ExamFields fields;
    fields.name = "Maths";
    fields.date = {2026, 2, 3};
    fields.upload_mode = mode;
    return run([&](storage::Transaction& t) { return create_exam(t, fields, user, kNow).value().id; });
  }
  SourcesRequest more(const ExamId& exam, std::vector<IncomingFile> pdfs) {
    SourcesRequest request;
    request.exam = exam;
    request.pdfs = std::move(pdfs);
    request.user = user;
    return request;
  }
  std::vector<Source> sources(const ExamId& exam) {
    return run([&](storage::Transaction& t) { return sources_of(t, exam); });
  }
  ExamStatus status(const ExamId& exam) {
    return run([&](storage::Transaction& t) { return find_exam(t, exam).value().status; });
  }
  auto remove_source(const ExamId& exam, const SourceId& source) {
    return run([&](storage::Transaction& t) { return delete_source(t, exam, source, kNow); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Sources);

TEST_P(Sources, can_follow_the_first_batch) {
  const ExamId exam = received({incoming("one.pdf", small_pdf(1, 1))}).exam;
  EXPECT_EQ(receive_sources(intake(), more(exam, {incoming("two.pdf", small_pdf(1, 2))})).error().code, "exam.busy");
  end_tasks();
  const auto answer = receive_sources(intake(), more(exam, {incoming("two.pdf", small_pdf(1, 2))}));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->task);
  EXPECT_EQ(answer->student_count, 2);
  EXPECT_THAT(sources(exam), SizeIs(2));
  EXPECT_GT(sources(exam)[1].position, sources(exam)[0].position);
}

TEST_P(Sources, stand_in_the_order_sent_from_0_whatever_the_roster_104) {
  const ExamId exam = received({incoming("a.pdf", small_pdf(3, 1)), incoming("b.pdf", small_pdf(1, 2)),
                                incoming("c.pdf", small_pdf(2, 3))})
                          .exam;
  end_tasks();
  SourcesRequest last = more(exam, {incoming("d.pdf", small_pdf(4, 4))});
  last.roster = roster_file();
  ASSERT_TRUE(receive_sources(intake(), last));
  std::vector<std::pair<int, int>> found;
  for (const Source& source : sources(exam)) found.emplace_back(source.position, source.page_count);
  EXPECT_THAT(found,
              testing::ElementsAre(testing::Pair(0, 3), testing::Pair(1, 1), testing::Pair(2, 2), testing::Pair(3, 4)));
}

TEST_P(Sources, are_received_once_each) {
  const ExamId exam = received({incoming("one.pdf", small_pdf(1, 1))}).exam;
  end_tasks();
  const auto before = traces();
  const auto again = receive_sources(intake(), more(exam, {incoming("renamed.pdf", small_pdf(1, 1))}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "source.duplicate");
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  EXPECT_EQ(traces(), before);
}

TEST_P(Sources, of_an_exam_without_roster_bring_one) {
  const ExamId exam = make_exam(UploadMode::batch_a3);
  EXPECT_EQ(receive_sources(intake(), more(exam, {incoming("one.pdf", small_pdf(1, 1))})).error().code,
            "source.missing");
  SourcesRequest request = more(exam, {incoming("one.pdf", small_pdf(1, 1))});
  request.roster = roster_file();
  EXPECT_EQ(receive_sources(intake(), request).value().student_count, 2);
}

TEST_P(Sources, that_are_annexes_make_no_task_106) {
  const ExamId exam = make_exam(UploadMode::batch_a3);
  SourcesRequest request = more(exam, {incoming("sujet.pdf", small_pdf(1, 1))});
  request.kind = SourceKind::annex;
  const auto answer = receive_sources(intake(), request);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_FALSE(answer->task);
  EXPECT_EQ(count("task"), 0);
  EXPECT_EQ(status(exam), ExamStatus::draft);
  EXPECT_EQ(sources(exam)[0].kind, SourceKind::annex);
}

TEST_P(Sources, of_individual_exams_become_a_task_each_97) {
  const ExamId exam = make_exam(UploadMode::individual_a4);
  IndividualRequest request{exam, {}, user};
  for (unsigned i = 0; i < 3; ++i) request.pdfs.push_back(incoming(fmt::format("dupont.{}.PDF", i), small_pdf(2, i)));
  const auto answer = receive_individual(intake(), request);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_THAT(answer->sources, SizeIs(3));
  EXPECT_EQ(answer->sources[1].student_identifier, "dupont.1");
  EXPECT_EQ(answer->sources[1].kind, SourceKind::individual);
  EXPECT_EQ(count("task"), 4) << "one for each, and the one that waits for them";
  EXPECT_EQ(count("task WHERE kind = 'import_pdf'"), 3);
  EXPECT_EQ(status(exam), ExamStatus::processing);
}

TEST_P(Sources, that_are_individual_go_to_individual_exams_only_98_99) {
  const ExamId batch_exam = make_exam(UploadMode::batch_a3);
  const auto wrong = receive_individual(intake(), {batch_exam, {incoming("a.pdf", small_pdf(1, 1))}, user});
  EXPECT_EQ(wrong.error().code, "exam.wrong_mode");
  EXPECT_THAT(wrong.error().message, testing::HasSubstr("INDIVIDUAL_A4"));
  const ExamId exam = make_exam(UploadMode::individual_a4);
  EXPECT_EQ(receive_individual(intake(), {exam, {}, user}).error().code, "source.missing");
  const std::vector<IncomingFile> many(101, incoming("a.pdf", "x"));
  EXPECT_EQ(receive_individual(intake(), {exam, many, user}).error().code, "source.too_many_files");
  EXPECT_EQ(receive_sources(intake(), more(exam, {incoming("a.pdf", small_pdf(1, 1))})).error().code,
            "exam.wrong_mode");
}

TEST_P(Sources, that_are_good_are_taken_beside_bad_ones_100) {
  const ExamId exam = make_exam(UploadMode::individual_a4);
  const auto some =
      receive_individual(intake(), {exam,
                                    {incoming("a.pdf", small_pdf(1, 1)), incoming("b.pdf", "no pdf"),
                                     incoming("c.pdf", small_pdf(1, 1)), incoming("d.pdf", small_pdf(1, 2))},
                                    user});
  ASSERT_TRUE(some) << some.error().message;
  EXPECT_THAT(some->sources, SizeIs(2));
  ASSERT_THAT(some->refused, SizeIs(2));
  EXPECT_EQ(some->refused[0].error.code, "source.corrupted");
  EXPECT_EQ(some->refused[1].file, "c.pdf");
  EXPECT_EQ(some->refused[1].error.code, "source.duplicate");
  EXPECT_THAT(stored(), SizeIs(2)) << "no file of those without a row";
  end_tasks();
  const auto before = traces();
  Faults faults;
  const auto none = receive_individual(intake(), {exam, {incoming("b.pdf", "no pdf")}, user}, &faults);
  EXPECT_EQ(none.error().code, "source.corrupted");
  EXPECT_THAT(faults.files, SizeIs(1));
  EXPECT_EQ(traces(), before);
}

TEST_P(Sources, of_one_copy_make_it_at_once_108_109) {
  const ExamId exam = make_exam(UploadMode::batch_a3);
  const CopyMaker make_copy = [](storage::Transaction& t, const Source& source) -> Result<MadeCopy> {
    static constexpr storage::Statement kCopy{
        "test.copy", "INSERT INTO copy (id, exam_id, anonymous_id, created_at, updated_at) VALUES ($1, $2, 'A', 0, 0)"};
    const CopyId id("5e7d2a4b-0000-4000-8000-000000000001");
    t.execute(kCopy, id, source.exam);
    return MadeCopy{id, "A"};
  };
  const auto before = traces();
  EXPECT_EQ(
      receive_copy(intake(), exam, incoming("a.pdf", small_pdf(1, 1).substr(0, 200)), user, make_copy).error().code,
      "source.corrupted");
  EXPECT_EQ(traces(), before);
  const auto answer = receive_copy(intake(), exam, incoming("a.pdf", small_pdf(3, 1)), user, make_copy);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->source.page_count, 3);
  EXPECT_EQ(count("copy WHERE status = 'STAGING'"), 1);
  const auto task = run([&](storage::Transaction& t) { return queue.find(t, answer->task).value(); });
  EXPECT_EQ(task.kind, kImportPdfTask);
  EXPECT_EQ(task.payload.at("copy_id").as_string(), answer->copy.id.text());
}

TEST_P(Sources, whose_copy_cannot_be_made_leave_nothing_90) {
  const ExamId exam = make_exam(UploadMode::batch_a3);
  const auto before = traces();
  const auto refused = receive_copy(intake(), exam, incoming("a.pdf", small_pdf(1, 1)), user,
                                    [](storage::Transaction&, const Source&) -> Result<MadeCopy> {
                                      return refuse(ErrorKind::conflict, "copy.no", "No copy.");
                                    });
  EXPECT_EQ(refused.error().code, "copy.no");
  EXPECT_EQ(traces(), before);
}

TEST_P(Sources, can_be_removed_with_what_was_made_of_them) {
  const ExamId exam = received({incoming("one.pdf", small_pdf(1, 1)), incoming("two.pdf", small_pdf(1, 2))}).exam;
  const SourceId first = sources(exam)[0].id;
  EXPECT_EQ(remove_source(exam, first).error().code, "exam.busy");
  end_tasks();
  add_copy(exam, first, "A-001", "STAGING");
  add_copy(exam, sources(exam)[1].id, "A-002", "READY");
  EXPECT_EQ(remove_source(exam, sources(exam)[1].id).error().code, "source.in_use");
  const auto files = remove_source(exam, first);
  ASSERT_TRUE(files);
  EXPECT_THAT(*files, testing::UnorderedElementsAre("exams/source/" + first.text() + ".pdf",
                                                    "exams/pages/A-001-preview", "exams/pages/A-001-copy"));
  EXPECT_EQ(count("copy"), 1);
  EXPECT_EQ(count("booklet"), 1);
  EXPECT_EQ(count("face"), 1);
  EXPECT_EQ(remove_source(exam, first).error().code, "source.not_found");
}

TEST_P(Sources, of_a_copy_stapled_from_two_cannot_be_removed_alone) {
  const ExamId exam = received({incoming("one.pdf", small_pdf(1, 1)), incoming("two.pdf", small_pdf(1, 2))}).exam;
  end_tasks();
  add_copy(exam, sources(exam)[0].id, "A-001", "STAGING");
  add_copy(exam, sources(exam)[1].id, "A-002", "STAGING");
  execute("UPDATE face SET copy_id = 'c-A-001', page_index = 1 WHERE id = 'f-A-002'");
  EXPECT_EQ(remove_source(exam, sources(exam)[0].id).error().code, "source.in_use");
}

TEST_P(Sources, that_are_individual_end_with_the_exam_ready) {
  const ExamId exam = make_exam(UploadMode::individual_a4);
  jobs::Kinds kinds;
  kinds.add(std::string(kImportPdfTask), [](jobs::TaskContext& context) -> Result<jobs::Ending> {
    const auto& source = context.payload().at("source_id").as_string();
    if (source.size() != 36) return refuse(ErrorKind::malformed, "source.corrupted", "Bad.");
    return context.finish({{"copies_created", 1}});
  });
  kinds.add(std::string(kImportPdfsTask), import_group_handler());
  const auto answer = receive_individual(
      intake(), {exam, {incoming("a.pdf", small_pdf(1, 1)), incoming("b.pdf", small_pdf(1, 2))}, user});
  ASSERT_TRUE(answer) << answer.error().message;
  jobs::WorkerPool pool(database(), queue, kinds, {.poll = std::chrono::milliseconds(20)});
  pool.start();
  const auto find = [&] { return run([&](storage::Transaction& t) { return queue.find(t, answer->task).value(); }); };
  while (!is_over(find().state)) std::this_thread::yield();
  pool.stop();
  EXPECT_EQ(find().result.at("copies_created").as_int64(), 2);
  EXPECT_EQ(status(exam), ExamStatus::ready);
}

}  // namespace
}  // namespace korrigo::exams
