#include "copies/copy_list.h"

#include "copies/copies_tests.h"
#include "copies/copy_json.h"
#include "copies/file_keys.h"
#include "copies/identify.h"
#include "copies/report.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
namespace simulated = identification::simulated;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CopyLists : public CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    for (int i = 0; i < 5; ++i) made.push_back(add_copy(exam));
    corrector = add_user("marie", "TEACHER");
    student = add_student(simulated::student_of("Lefèvre", "Chloé"));
    ASSERT_TRUE(identify_copy(office(), made[2].copy, student, Means::named));
    assign(made[2].copy);
  }
  void assign(const CopyId& copy) {
    static constexpr Statement kAssign{"test.assign", "UPDATE copy SET assigned_corrector_id = $2 WHERE id = $1"};
    sql(kAssign, copy, corrector);
  }
  CopyPage list(const CopyFilter& filter) {
    return run([&](Transaction& t) { return list_copies(t, filter); });
  }
  std::vector<std::string> names(const CopyFilter& filter) {
    std::vector<std::string> all;
    for (const CopyView& copy : list(filter).copies) all.push_back(copy.anonymous_id);
    return all;
  }
  std::vector<Made> made;
  UserId corrector;
  StudentId student;
};
KORRIGO_ON_BOTH_ENGINES(CopyLists);

TEST_P(CopyLists, come_in_pages_with_their_count) {
  CopyFilter filter{.exam = exam};
  filter.page_size = 2;
  filter.offset = 2;
  EXPECT_THAT(names(filter), ElementsAre("A003", "A004"));
  EXPECT_EQ(list(filter).count, 5);
  filter.offset = 100;
  EXPECT_THAT(names(filter), IsEmpty());
  add_copy(add_exam());
  EXPECT_EQ(list({}).count, 6);
  EXPECT_EQ(list({.corrector = corrector}).count, 1);
  EXPECT_EQ(list({.corrector = corrector, .offset = 100}).count, 1);
  EXPECT_EQ(list({.exam = ExamId(make_uuid_v4())}).count, 0);
}

TEST_P(CopyLists, pages_put_together_are_the_list) {
  const ExamId other = add_exam();
  for (int i = 0; i < 2; ++i) add_copy(other);
  for (const CopyOrder order :
       {CopyOrder::anonymous_id, CopyOrder::exam, CopyOrder::created_at, CopyOrder::status, CopyOrder::student})
    for (const bool descending : {false, true}) {
      CopyFilter filter{.order = order, .descending = descending};
      const auto whole = names(filter);
      ASSERT_EQ(whole.size(), 7U);
      std::vector<std::string> together;
      filter.page_size = 2;
      for (filter.offset = 0; filter.offset < 8; filter.offset += 2)
        for (std::string& name : names(filter)) together.push_back(std::move(name));
      EXPECT_EQ(together, whole);
    }
}

TEST_P(CopyLists, go_exam_by_exam) {
  static constexpr Statement kAge{"test.age", "UPDATE exam SET created_at = -1 WHERE id = $1"};
  sql(kAge, exam);
  const ExamId newer = add_exam();
  for (int i = 0; i < 2; ++i) add_copy(newer);
  const auto placed = [&](const CopyFilter& filter) {
    std::vector<std::string> all;
    for (const CopyView& copy : list(filter).copies)
      all.push_back((copy.exam == newer ? "newer " : "older ") + copy.anonymous_id);
    return all;
  };
  CopyFilter filter{.order = CopyOrder::exam};
  EXPECT_THAT(placed(filter), ElementsAre("newer A001", "newer A002", "older A001", "older A002", "older A003",
                                          "older A004", "older A005"));
  EXPECT_EQ(list(filter).count, 7);
  filter.status = "STAGING";
  filter.descending = true;
  EXPECT_THAT(placed(filter),
              ElementsAre("older A005", "older A004", "older A002", "older A001", "newer A002", "newer A001"));
}

TEST_P(CopyLists, go_on_through_however_many_exams) {
  for (int i = 0; i < 90; ++i) add_copy(add_exam());
  for (const bool descending : {false, true}) {
    CopyFilter filter{.order = CopyOrder::exam, .descending = descending, .page_size = 100};
    std::vector<CopyId> all;
    for (const CopyView& copy : list(filter).copies) all.push_back(copy.id);
    ASSERT_EQ(all.size(), 95U);
    filter.page_size = 7;
    std::vector<CopyId> by_pages;
    for (; filter.offset < 105; filter.offset += 7)
      for (const CopyView& copy : list(filter).copies) by_pages.push_back(copy.id);
    EXPECT_EQ(by_pages, all);
  }
}

TEST_P(CopyLists, are_filtered_and_ordered) {
  EXPECT_THAT(names({.exam = exam, .status = "READY"}), ElementsAre("A003"));
  EXPECT_THAT(names({.exam = exam, .is_identified = false}), ElementsAre("A001", "A002", "A004", "A005"));
  EXPECT_THAT(names({.exam = exam, .is_identified = true}), ElementsAre("A003"));
  EXPECT_THAT(names({.corrector = corrector}), ElementsAre("A003"));
  EXPECT_THAT(names({.exam = exam, .ocr_mode = "AUTO"}), IsEmpty());
  EXPECT_EQ(list({.exam = exam, .status = "STAGING"}).count, 4);
  EXPECT_THAT(names({.exam = exam, .order = CopyOrder::anonymous_id, .descending = true}),
              ElementsAre("A005", "A004", "A003", "A002", "A001"));
  EXPECT_EQ(names({.exam = exam, .order = CopyOrder::status}).front(), "A003");
  EXPECT_EQ(names({.exam = exam, .order = CopyOrder::student, .descending = true}).front(), "A003");
  for (const CopyOrder order : {CopyOrder::status, CopyOrder::created_at, CopyOrder::student, CopyOrder::confidence})
    for (const bool descending : {false, true}) {
      EXPECT_EQ(names({.exam = exam, .order = order, .descending = descending}).size(), 5U);
      EXPECT_EQ(names({.order = order, .descending = descending}).size(), 5U);
    }
}

TEST_P(CopyLists, are_searched_by_name_for_the_office_and_by_number_for_correctors) {
  EXPECT_THAT(names({.exam = exam, .search = "chloe lefevre", .for_office = true}), ElementsAre("A003"));
  EXPECT_THAT(names({.exam = exam, .search = "a00", .for_office = true}).size(), 5U);
  EXPECT_THAT(names({.corrector = corrector, .search = "lefevre"}), IsEmpty());
  EXPECT_THAT(names({.corrector = corrector, .search = "A003"}), ElementsAre("A003"));
  EXPECT_THAT(names({.exam = exam, .search = "100%", .for_office = true}), IsEmpty());
  EXPECT_EQ(list({.exam = exam, .search = "lefevre", .for_office = true}).count, 1);
}

TEST_P(CopyLists, of_copies_that_are_nobody_s_begin_with_the_likeliest) {
  static constexpr Statement kDecision{"test.decision", R"(
    INSERT INTO ocr_result (id, copy_id, confidence, ocr_mode, candidates, detected_text, engines, created_at, updated_at)
    VALUES ($1, $2, 0.55, 'SEMI_AUTO', $3, '{"nom":"LEFEVRE"}', '{"tesseract":"5.3.0 fra"}', 0, 0))"};
  sql(kDecision, make_uuid_v4(), made[3].copy,
      fmt::format(R"([{{"student_id":{},"confidence":0.55}},{{"student_id":null,"confidence":0.3}}])", student.value));
  const auto page = run([&](Transaction& t) { return list_unidentified(t, exam, 50, 0); });
  EXPECT_EQ(page.count, 4);
  EXPECT_EQ(page.copies.front().copy.id, made[3].copy);
  const json::object first = unidentified_json(page.copies.front());
  EXPECT_EQ(first.at("ocr_result").at("candidates").at(0).at("student").at("last_name").as_string(), "Lefèvre");
  EXPECT_TRUE(first.at("ocr_result").at("candidates").at(1).at("student").is_null());
  EXPECT_EQ(first.at("ocr_result").at("detected_text").as_string(), "LEFEVRE");
}

TEST_P(CopyLists, tell_a_corrector_nothing_of_who_wrote_a_copy) {
  const auto page = list({.corrector = corrector});
  ASSERT_EQ(page.copies.size(), 1U);
  EXPECT_FALSE(page.copies.front().student || page.copies.front().ocr_mode) << "not even read";
  EXPECT_TRUE(list({.corrector = corrector, .for_office = true}).copies.front().student);
  const json::object shown = copy_json_for_corrector(page.copies.front(), corrector);
  std::set<std::string> keys;
  for (const auto& member : shown) keys.insert(std::string(member.key()));
  EXPECT_EQ(keys, (std::set<std::string>{"id", "exam", "anonymous_id", "status", "exercise_ids", "subject_variant",
                                         "global_appreciation", "page_count", "pdf_url", "locked_at", "graded_at",
                                         "permissions"}));
  EXPECT_TRUE(shown.at("exercise_ids").is_null()) << "the whole copy is the corrector's";
  const std::string text = json::serialize(shown);
  for (const char* secret :
       {"Lef", "Chlo", "lycee", "pile-secrete", "created", "position", "student", "header", "2026-02-02T", "booklet"})
    EXPECT_THAT(text, Not(HasSubstr(secret)));
}

TEST_P(CopyLists, give_files_by_role) {
  static constexpr Statement kFiles{
      "test.files", "UPDATE copy SET pdf_file = 'whole.pdf', masked_pdf_file = 'masked.pdf' WHERE id = $1"};
  const CopyId copy = made[2].copy;
  const Viewer marie{corrector, false}, bureau{office_user, true}, paul{add_user("paul", "TEACHER"), false};
  const auto pdf = [&](const Viewer& viewer) {
    const auto found = run([&](Transaction& t) { return pdf_of_copy(t, copy, viewer); });
    return found ? found->key : found.error().code;
  };
  const auto page = [&](int number, const Viewer& viewer) {
    const auto found =
        run([&](Transaction& t) { return picture_of_page(t, copy, number, PictureSize::preview, viewer); });
    return found ? *found : found.error().code;
  };
  EXPECT_EQ(pdf(bureau), "copy.no_pdf");
  EXPECT_EQ(page(2, marie), "page.not_found") << "no masked files yet";
  sql(kFiles, copy);
  EXPECT_EQ(pdf(bureau), "whole.pdf");
  EXPECT_EQ(pdf(marie), "masked.pdf");
  EXPECT_EQ(pdf(paul), "auth.forbidden");
  EXPECT_EQ(page(1, paul), "auth.forbidden");
  EXPECT_THAT(page(1, bureau), HasSubstr("exams/pages/"));
  EXPECT_EQ(page(1, marie), "page.not_found") << "a header without its mask";
  EXPECT_EQ(page(2, marie), page(2, bureau));
  for (const int number : {0, -1, 5}) EXPECT_EQ(page(number, bureau), "page.not_found");
  static constexpr Statement kMask{
      "test.mask", "INSERT INTO face_mask (id, face_id, x, y, w, h, created_at) VALUES ($1, $2, 0, 0, 1, 0.1, 0)"};
  sql(kMask, make_uuid_v4(), made[2].faces[1]);
  EXPECT_EQ(page(2, marie), "page.not_found") << "an added mask that is not in the picture yet";
}

TEST_P(CopyLists, and_the_report_know_every_face) {
  static constexpr Statement kReport{"test.report", R"(
    UPDATE exam SET intake_report = '{"batch":{"imposition":"booklet"},"timings_s":{"total":1.5}}' WHERE id = $1)"};
  const auto report = [&] { return run([&](Transaction& t) { return intake_report(t, exam); }); };
  EXPECT_EQ(report().error().code, "report.not_ready");
  sql(kReport, exam);
  const FaceId loose = add_loose_face(exam);
  const json::object shown = *report();
  EXPECT_EQ(shown.at("counts").at("faces").as_int64(), 21);
  EXPECT_EQ(shown.at("counts").at("copies").as_uint64(), 5U);
  EXPECT_EQ(shown.at("copies").as_array().size(), 5U);
  EXPECT_EQ(shown.at("copies").at(0).at("faces").as_array().size(), 4U);
  EXPECT_EQ(shown.at("unplaced").at(0).at("id").as_string(), loose.text());
  EXPECT_EQ(shown.at("unplaced").at(0).at("reason").as_string(), "Nobody's.");
  EXPECT_EQ(shown.at("absent").as_array().size(), 0U);
  EXPECT_EQ(shown.at("timings_s").at("total").as_double(), 1.5);
}

}  // namespace
}  // namespace korrigo::copies
