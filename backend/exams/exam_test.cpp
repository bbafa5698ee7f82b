#include "exams/exam.h"

#include <gmock/gmock.h>
#include <boost/json/parse.hpp>

#include "exams/correctors.h"
#include "exams/exam_list.h"
#include "exams/exams_tests.h"
#include "exams/intake_report.h"

namespace korrigo::exams {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class Exams : public ExamsTest {
 protected:
  static ExamFields fields(std::string name, int day = 3) {
    ExamFields fields;
    fields.name = std::move(name);
    fields.date = {2026, 2, day};
    return fields;
  }
  Result<Exam> create(const ExamFields& of) {
    return run([&](storage::Transaction& t) { return create_exam(t, of, user, kNow); });
  }
  Result<Exam> change(const ExamId& id, const ExamChange& what) {
    return run([&](storage::Transaction& t) { return change_exam(t, id, what, kNow); });
  }
  std::vector<std::string> names(const ExamFilter& filter) {
    std::vector<std::string> names;
    for (const CountedExam& exam : run([&](storage::Transaction& t) { return list_exams(t, filter); }).exams)
      names.push_back(exam.exam.name);
    return names;
  }
  CountedExam counted(const ExamId& id) {
    return run([&](storage::Transaction& t) { return find_counted_exam(t, id).value(); });
  }
  ExamId with_copies() {
    const ExamId id = received({incoming("scan.pdf", small_pdf(1, 1))}).exam;
    const SourceId source = run([&](storage::Transaction& t) { return sources_of(t, id); })[0].id;
    const StudentId student = run([&](storage::Transaction& t) { return roster_of(t, id); })[0].student.id;
    add_copy(id, source, "A-001", "READY", student);
    add_copy(id, source, "A-002", "STAGING");
    return id;
  }
};
KORRIGO_ON_BOTH_ENGINES(Exams);

TEST_P(Exams, keep_what_people_decide) {
  ExamFields of = fields("  Épreuve   blanche ");
  of.imposition = "booklet";
  of.verso_rotation = 180;
  of.grading_structure = boost::json::parse(R"([{"id": "ex1", "label": "A", "points": 20}])").as_array();
  const auto made = create(of);
  ASSERT_TRUE(made) << made.error().message;
  const Exam found = run([&](storage::Transaction& t) { return find_exam(t, made->id).value(); });
  EXPECT_EQ(found.name, "Épreuve blanche");
  EXPECT_EQ(found.imposition, "booklet");
  EXPECT_EQ(found.verso_rotation, 180);
  EXPECT_EQ(found.grading_structure, of.grading_structure);
  EXPECT_EQ(found.status, ExamStatus::draft);
  EXPECT_FALSE(found.is_processed);
  const auto freed = change(made->id, {.imposition = std::optional<std::string>()});
  EXPECT_FALSE(freed->imposition);
  EXPECT_EQ(freed->verso_rotation, 180);
}

TEST_P(Exams, are_refused_with_the_field_at_fault_88) {
  const auto field = [&](const ExamFields& of) {
    const auto made = create(of);
    return made ? "" : made.error().code + " " + made.error().field;
  };
  EXPECT_EQ(field(fields("")), "request.invalid name");
  EXPECT_EQ(field(fields(std::string(256, 'x'))), "request.invalid name");
  ExamFields of = fields("A");
  of.pages_per_booklet = 65;
  EXPECT_EQ(field(of), "request.invalid pages_per_booklet");
  of = fields("A");
  of.date = {};
  EXPECT_EQ(field(of), "request.invalid date");
  of = fields("A");
  of.imposition = "upside down";
  EXPECT_EQ(field(of), "request.invalid imposition");
  of = fields("A");
  of.verso_rotation = 90;
  EXPECT_EQ(field(of), "request.invalid verso_rotation");
}

TEST_P(Exams, keep_their_mode_once_there_are_sources) {
  const ExamId id = received({incoming("scan.pdf", small_pdf(1, 1))}).exam;
  EXPECT_EQ(change(id, {.upload_mode = UploadMode::individual_a4}).error().code, "exam.has_sources");
  EXPECT_EQ(change(id, {.pages_per_booklet = 2}).error().code, "exam.has_sources");
  EXPECT_TRUE(change(id, {.upload_mode = UploadMode::batch_a3, .pages_per_booklet = 4})) << "nothing changes";
  EXPECT_EQ(change(id, {.name = "Physique"})->name, "Physique");
}

TEST_P(Exams, say_why_a_batch_failed_only_while_it_is_so) {
  const ExamId id = create(fields("A"))->id;
  const auto set = [&](ExamStatus status, const BatchTrouble& trouble) {
    EXPECT_TRUE(run([&](storage::Transaction& t) { return set_status(t, id, status, trouble, kNow); }));
    return counted(id).exam;
  };
  const auto trouble = set(ExamStatus::error, {"source.empty", "No page."}).trouble;
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->code, "source.empty");
  EXPECT_EQ(trouble->message, "No page.");
  EXPECT_FALSE(set(ExamStatus::ready, {"ignored", "ignored"}).trouble);
}

TEST_P(Exams, count_copies_students_and_sources) {
  const ExamId id = with_copies();
  const ExamCounts counts = counted(id).counts;
  EXPECT_THAT(counts.copies_by_status, ElementsAre(1, 1, 0, 0, 0, 0));
  EXPECT_EQ(counts.copies, 2);
  EXPECT_EQ(counts.identified, 1);
  EXPECT_EQ(counts.students, 2);
  EXPECT_EQ(counts.sources, 1) << "the roster's file is no source to show";
  EXPECT_TRUE(counts.last_batch);
  EXPECT_TRUE(counts.busy);
  end_tasks();
  EXPECT_FALSE(counted(id).counts.busy);
}

TEST_P(Exams, keep_count_whatever_becomes_of_copies_and_students) {
  const ExamId id = with_copies();
  execute("UPDATE copy SET status = 'LOCKED', version = version + 1");
  EXPECT_THAT(counted(id).counts.copies_by_status, ElementsAre(0, 0, 2, 0, 0, 0));
  execute("UPDATE copy SET version = version + 1");
  EXPECT_THAT(counted(id).counts.copies_by_status, ElementsAre(0, 0, 2, 0, 0, 0));
  EXPECT_EQ(counted(id).counts.identified, 1);
  execute("DELETE FROM student WHERE id IN (SELECT student_id FROM copy)");
  EXPECT_EQ(counted(id).counts.identified, 0) << "the copy stays, nobody's";
  EXPECT_EQ(counted(id).counts.students, 1);
  execute("DELETE FROM copy WHERE id = 'c-A-002'");
  EXPECT_EQ(counted(id).counts.copies, 1);
}

TEST_P(Exams, are_listed_in_pages_and_orders_and_found_without_accents) {
  for (int day = 1; day <= 5; ++day) ASSERT_TRUE(create(fields(fmt::format("Examen {}", day), day)));
  ASSERT_TRUE(create(fields("Épreuve de géographie", 6)));
  EXPECT_THAT(names({.page_size = 2}), ElementsAre("Épreuve de géographie", "Examen 5"));
  EXPECT_THAT(names({.page = 2, .page_size = 2}), ElementsAre("Examen 4", "Examen 3"));
  EXPECT_THAT(names({.order = ExamOrder::name, .descending = false, .page_size = 1}), ElementsAre("Examen 1"));
  EXPECT_THAT(names({.search = "geographie epreuve"}), ElementsAre("Épreuve de géographie"));
  EXPECT_THAT(names({.search = "examen", .page = 2, .page_size = 3}), ElementsAre("Examen 2", "Examen 1"));
  EXPECT_THAT(names({.status = ExamStatus::ready}), SizeIs(0));
  EXPECT_EQ(run([](storage::Transaction& t) { return list_exams(t, {.search = "examen", .page_size = 1}); }).count, 5);
}

TEST_P(Exams, are_deleted_with_all_that_is_theirs) {
  const ExamId id = with_copies();
  execute(
      "INSERT INTO grading_event (id, copy_id, action, created_at) VALUES ('e1', 'c-A-001', 'IMPORT', 1), "
      "('e2', 'c-A-002', 'IMPORT', 2)");
  const auto remove = [&] { return run([&](storage::Transaction& t) { return delete_exam(t, id, kNow); }); };
  EXPECT_EQ(remove().error().code, "exam.busy");
  end_tasks();
  const auto files = remove();
  ASSERT_TRUE(files) << files.error().message;
  remove_files(blobs, *files);
  EXPECT_THAT(stored(), SizeIs(0)) << "every file belonged to the exam";
  EXPECT_EQ(count("copy") + count("booklet") + count("face") + count("exam_pdf") + count("exam_student"), 0);
  EXPECT_EQ(count("student"), 2) << "students stay";
  EXPECT_EQ(count("grading_event"), 0);
  EXPECT_EQ(count("archived_event"), 2) << "the hashes of what happened stay";
  EXPECT_EQ(remove().error().code, "exam.not_found");
}

TEST_P(Exams, have_correctors_who_stay_while_they_have_copies) {
  const ExamId id = with_copies();
  execute(
      "INSERT INTO \"user\" (username, role, is_active, created_at) VALUES ('marie', 'TEACHER', 1, 0), "
      "('gone', 'TEACHER', 0, 0), ('pupil', 'STUDENT', 1, 0)");
  const auto set = [&](std::vector<UserId> users) {
    return run([&](storage::Transaction& t) { return set_correctors(t, id, users, kNow); });
  };
  const auto find = [&](std::string_view name) {
    static constexpr storage::Statement kId{"test.user_id", "SELECT id FROM \"user\" WHERE username = $1"};
    return run([&](storage::Transaction& t) { return t.row(kId, name)->get<UserId>(0); });
  };
  ASSERT_TRUE(set({find("marie"), user}));
  execute(fmt::format("UPDATE copy SET assigned_corrector_id = {} WHERE id = 'c-A-001'", find("marie").value));
  const auto all = run([&](storage::Transaction& t) { return correctors_of(t, id); });
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].username, "marie");
  EXPECT_EQ(all[0].copies_assigned, 1);
  EXPECT_EQ(all[0].copies_graded, 0);
  EXPECT_EQ(set({user}).error().code, "corrector.has_copies");
  EXPECT_EQ(set({find("marie"), find("gone")}).error().code, "corrector.unknown");
  EXPECT_EQ(set({find("marie"), find("pupil")}).error().code, "corrector.unknown");
  EXPECT_EQ(set({find("marie"), UserId{999999}}).error().code, "corrector.unknown");
  ASSERT_TRUE(set({find("marie")}));
  EXPECT_THAT(run([&](storage::Transaction& t) { return correctors_of(t, id); }), SizeIs(1));
}

TEST_P(Exams, keep_the_report_of_their_last_batch) {
  const ExamId id = create(fields("A"))->id;
  const auto report = [&] { return run([&](storage::Transaction& t) { return intake_report(t, id); }); };
  EXPECT_EQ(report().error().code, "report.not_ready");
  EXPECT_TRUE(run([&](storage::Transaction& t) { return set_intake_report(t, id, {{"version", 1}}); }));
  EXPECT_EQ(report()->at("version").as_int64(), 1);
  EXPECT_TRUE(counted(id).exam.is_processed);
}

}  // namespace
}  // namespace korrigo::exams
