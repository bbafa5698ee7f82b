#include "exams/exams_api.h"

#include <gmock/gmock.h>

#include "accounts/settings.h"
#include "exams/exams_tests.h"
#include "support/ask.h"

namespace korrigo::exams {
namespace {

using http::Method;
using test::Answer;
using test::Sent;

class ExamRoutes : public ExamsTest {
 protected:
  void SetUp() override {
    ExamsTest::SetUp();
    uploads = std::make_unique<Uploads>(database(), blobs, clock);
    office.role = accounts::Role::admin;
    office.user = user;
    static constexpr storage::Statement kTeacher{
        "test.teacher",
        R"(INSERT INTO "user" (username, role, created_at) VALUES ('marie', 'TEACHER', 0) RETURNING id)"};
    marie.role = accounts::Role::teacher;
    marie.user = run([](storage::Transaction& t) { return t.row(kTeacher)->get<UserId>(0); });
  }
  Answer ask(Method method, const std::string& target, const Sent& sent = {}) {
    return ask(office, method, target, sent);
  }
  Answer ask(const accounts::Caller& who, Method method, const std::string& target, const Sent& sent = {}) {
    const ExamsApi api{database(), blobs, queue, *uploads, check, [](storage::Transaction& t, const Source& source) {
                         static constexpr storage::Statement kCopy{
                             "test.copy",
                             "INSERT INTO copy (id, exam_id, anonymous_id, created_at, updated_at) "
                             "VALUES ($1, $2, 'A-001', 0, 0)"};
                         const CopyId id("5e7d2a4b-0000-4000-8000-000000000001");
                         t.execute(kCopy, id, source.exam);
                         return Result<MadeCopy>(MadeCopy{id, "A-001"});
                       }};
    std::vector<http::Route> routes = exam_routes(api);
    for (auto more : {roster_routes(api), intake_routes(api), upload_routes(api)})
      routes.insert(routes.end(), more.begin(), more.end());
    return test::ask(routes, method, target, who, sent, blobs.temporary("incoming"));
  }
  Sent form(std::string pdf = small_pdf(1, 1)) {
    return {.fields = {{"batch_mode", "A4"}, {"title", "Maths"}},
            .files = {{"pdf_file", "scan.pdf", std::move(pdf)},
                      {"students_csv", "students.csv", std::string(kTwoStudents)}}};
  }
  std::string make(std::string_view mode = "BATCH_A3") {
    const auto made = ask(Method::post, "/api/exams/",
                          {fmt::format(R"({{"name":"Maths","date":"2026-02-03","upload_mode":"{}"}})", mode)});
    EXPECT_EQ(made.status, 201);
    return std::string(made.body.at("id").as_string());
  }
  void set(const boost::json::object& settings) {
    ASSERT_TRUE(accounts::change_settings(database(), settings, {}, kNow));
  }
  std::unique_ptr<Uploads> uploads;
  accounts::Caller office;
  accounts::Caller marie;
};
KORRIGO_ON_BOTH_ENGINES(ExamRoutes);

TEST_P(ExamRoutes, make_an_exam_that_says_where_its_sources_go_95_96) {
  const auto made = ask(Method::post, "/api/exams/", {R"({"name":"Maths","date":"2026-02-03"})"});
  ASSERT_EQ(made.status, 201);
  const std::string id(made.body.at("id").as_string());
  EXPECT_EQ(made.body.at("upload_endpoint").as_string(), "/api/exams/" + id + "/upload/");
  EXPECT_EQ(made.body.at("subject").as_string(), "Non spécifié");
  EXPECT_EQ(made.body.at("status").as_string(), "DRAFT");
  EXPECT_TRUE(made.body.at("permissions").at("change_mode").as_bool());
  const auto individual =
      ask(Method::post, "/api/exams/", {R"({"name":"I","date":"2026-02-03","upload_mode":"INDIVIDUAL_A4"})"});
  EXPECT_THAT(std::string(individual.body.at("upload_endpoint").as_string()),
              testing::EndsWith("/upload-individual-pdfs/"));
}

TEST_P(ExamRoutes, change_list_and_delete) {
  const std::string path = "/api/exams/" + make() + "/";
  const auto changed = ask(Method::patch, path, {R"({"name":"Physique","imposition":"plain","verso_rotation":null})"});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body.at("imposition").as_string(), "plain");
  EXPECT_TRUE(changed.body.at("verso_rotation").is_null());
  EXPECT_EQ(ask(Method::put, path, {R"({"name":"Chimie","date":"2026-02-04"})"}).body.at("date").as_string(),
            "2026-02-04");
  EXPECT_EQ(ask(Method::put, path, {R"({"name":"Chimie"})"}).body.at("field").as_string(), "date");
  for (const char* bad :
       {R"({"upload_mode":"A5"})", R"({"pages_per_booklet":0})", R"({"name":""})", R"({"date":"demain"})",
        R"({"date":"4/2/2026"})", R"({"imposition":"x"})", R"({"verso_rotation":90})"})
    EXPECT_EQ(ask(Method::patch, path, {bad}).status, 400) << bad;
  const auto bareme = ask(Method::patch, path, {R"({"grading_structure":[{"id":"a"}]})"});
  EXPECT_EQ(bareme.status, 422);
  EXPECT_EQ(bareme.code(), "bareme.invalid");
  EXPECT_TRUE(bareme.body.at("details").at(0).as_object().contains("message"));
  const auto listed = ask(Method::get, "/api/exams/?search=chimie&ordering=name");
  EXPECT_EQ(listed.body.at("count").as_int64(), 1);
  EXPECT_EQ(listed.body.at("results").at(0).at("copies_by_status").as_object().size(), 6U);
  EXPECT_EQ(ask(Method::get, "/api/exams/?status=NO").status, 400);
  EXPECT_EQ(ask(Method::get, path + "intake-report/").code(), "report.not_ready");
  EXPECT_EQ(ask(Method::delete_, path).status, 204);
  EXPECT_EQ(ask(Method::get, path).code(), "exam.not_found");
}

TEST_P(ExamRoutes, answer_an_upload_as_the_reference_does) {
  const auto answer = ask(Method::post, "/api/exams/upload/", form());
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body.as_object().size(), 4U);
  EXPECT_EQ(answer.body.at("message").as_string(), "Upload successful, processing started");
  EXPECT_EQ(answer.body.at("student_count").as_int64(), 2);
  const std::string path = "/api/exams/" + std::string(answer.body.at("exam_id").as_string()) + "/";
  const auto exam = ask(Method::get, path);
  EXPECT_EQ(exam.body.at("name").as_string(), "Maths");
  EXPECT_EQ(exam.body.at("upload_mode").as_string(), "BATCH_A4");
  EXPECT_EQ(exam.body.at("task_id"), answer.body.at("task_id"));
  EXPECT_EQ(exam.body.at("source_count").as_int64(), 1);
  EXPECT_FALSE(exam.body.at("permissions").at("delete").as_bool());
  EXPECT_EQ(ask(Method::delete_, path).code(), "exam.busy");
  const auto sources = ask(Method::get, path + "sources/");
  EXPECT_EQ(sources.body.at("results").at(0).at("original_name").as_string(), "scan.pdf");
}

TEST_P(ExamRoutes, name_each_fault_of_an_upload) {
  Sent sent = form("no pdf");
  sent.files.push_back({"pdf_file", "empty.pdf", ""});
  const auto files = ask(Method::post, "/api/exams/upload/", sent);
  EXPECT_EQ(files.status, 400);
  EXPECT_EQ(files.body.at("details").at(1).at("file").as_string(), "empty.pdf");
  EXPECT_EQ(files.body.at("details").at(1).at("code").as_string(), "source.empty");
  sent = form();
  sent.files[1].bytes = std::string(kHeader) + "X,,no,1,\n";
  const auto roster = ask(Method::post, "/api/exams/upload/", sent);
  EXPECT_EQ(roster.status, 422);
  EXPECT_EQ(roster.body.at("details").at(0).at("line").as_int64(), 2);
  for (const auto& [name, value] : http::Pairs{{"batch_mode", "A5"}, {"date", "03/02/2026"}, {"exam_id", "no-id"}}) {
    sent = form();
    sent.fields = {{name, value}};
    const auto answer = ask(Method::post, "/api/exams/upload/", sent);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body.at("field").as_string(), name);
  }
}

TEST_P(ExamRoutes, say_too_large_with_400_on_the_references_path_and_413_elsewhere_83) {
  const std::string exam = make();
  set({{"max_pdf_bytes", 1024}});
  const auto there = ask(Method::post, "/api/exams/upload/", form());
  EXPECT_EQ(there.status, 400);
  EXPECT_EQ(there.code(), "source.too_large");
  EXPECT_EQ(ask(Method::post, "/api/exams/" + exam + "/upload/", form()).status, 413);
}

TEST_P(ExamRoutes, let_teachers_upload_to_their_own_exams_while_the_school_does_91) {
  const auto own = ask(marie, Method::post, "/api/exams/upload/", form());
  ASSERT_EQ(own.status, 201);
  end_tasks();
  Sent again = form(small_pdf(1, 7));
  again.fields = {{"exam_id", std::string(own.body.at("exam_id").as_string())}};
  EXPECT_EQ(ask(marie, Method::post, "/api/exams/upload/", again).status, 201);
  again.fields = {{"exam_id", make()}};
  EXPECT_EQ(ask(marie, Method::post, "/api/exams/upload/", again).code(), "auth.forbidden");
  set({{"teachers_may_upload", false}});
  EXPECT_EQ(ask(marie, Method::post, "/api/exams/upload/", form()).status, 403);
  EXPECT_EQ(ask(Method::post, "/api/exams/upload/", form()).status, 201);
}

TEST_P(ExamRoutes, take_individual_pdfs_97_100) {
  const std::string path = "/api/exams/" + make("INDIVIDUAL_A4") + "/upload-individual-pdfs/";
  const auto all = ask(Method::post, path,
                       {.files = {{"pdf_files", "a.pdf", small_pdf(1, 1)}, {"pdf_files", "b.pdf", small_pdf(1, 2)}}});
  ASSERT_EQ(all.status, 201);
  EXPECT_EQ(all.body.at("uploaded_count").as_int64(), 2);
  EXPECT_EQ(all.body.at("sources").at(1).at("student_identifier").as_string(), "b");
  end_tasks();
  const auto some =
      ask(Method::post, path, {.files = {{"pdf_files", "c.pdf", small_pdf(1, 3)}, {"pdf_files", "d.pdf", "no"}}});
  EXPECT_EQ(some.status, 207);
  EXPECT_EQ(some.body.at("errors").at(0).at("file").as_string(), "d.pdf");
  EXPECT_EQ(ask(Method::post, path, {.files = {{"pdf_files", "e.pdf", small_pdf(1, 4)}}}).code(), "exam.busy");
  end_tasks();
  EXPECT_EQ(ask(Method::post, path, {.files = {{"pdf_files", "d.pdf", "no"}}}).status, 400);
  EXPECT_EQ(ask(Method::post, path).code(), "source.missing");
}

TEST_P(ExamRoutes, import_one_copy_108) {
  const std::string path = "/api/exams/" + make() + "/copies/import/";
  const auto answer = ask(Method::post, path, {.files = {{"pdf_file", "a.pdf", small_pdf(3, 1)}}});
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body.at("anonymous_id").as_string(), "A-001");
  EXPECT_EQ(answer.body.at("page_count").as_int64(), 3);
  EXPECT_EQ(answer.body.at("status").as_string(), "STAGING");
}

TEST_P(ExamRoutes, replace_edit_and_list_a_roster) {
  const std::string path = "/api/exams/" + make() + "/roster/";
  const auto put = ask(Method::put, path, {.files = {{"students_csv", "s.csv", std::string(kTwoStudents)}}});
  ASSERT_EQ(put.status, 200);
  EXPECT_EQ(put.body.at("added").as_int64(), 2);
  const auto listed = ask(Method::get, path);
  EXPECT_EQ(listed.body.at("count").as_int64(), 2);
  EXPECT_EQ(listed.body.at("results").at(0).at("presence").as_string(), "PRESENT");
  const auto first = listed.body.at("results").at(0).at("student").at("id").as_int64();
  EXPECT_EQ(ask(Method::patch, path, {fmt::format(R"({{"remove":[{}]}})", first)}).body.at("student_count").as_int64(),
            1);
  EXPECT_EQ(ask(Method::patch, path, {"{}"}).status, 400);
  EXPECT_EQ(ask(Method::patch, path, {R"({"presence":[{"student_id":1,"presence":"LATE"}]})"}).status, 400);
  EXPECT_EQ(ask(Method::put, path).code(), "roster.missing");
}

TEST_P(ExamRoutes, set_correctors) {
  const std::string path = "/api/exams/" + make() + "/correctors/";
  const auto set = ask(Method::put, path, {fmt::format(R"({{"corrector_ids":[{}]}})", marie.user.value)});
  ASSERT_EQ(set.status, 200);
  EXPECT_EQ(set.body.at("results").at(0).at("username").as_string(), "marie");
  EXPECT_EQ(ask(Method::put, path, {R"({"corrector_ids":[999999]})"}).code(), "corrector.unknown");
  EXPECT_EQ(ask(Method::put, path, {R"({"corrector_ids":["x"]})"}).code(), "request.invalid");
}

TEST_P(ExamRoutes, give_a_finished_upload_back_when_the_request_is_refused) {
  const std::string bytes = small_pdf(1, 1);
  const Upload upload = uploads->create(user, bytes.size(), "scan.pdf", "").value();
  write_file(blobs.temporary("uploads") / upload.id, bytes);
  ASSERT_TRUE(uploads->save(upload.id, bytes.size()));
  Sent sent{.fields = {{"pdf_file", upload.id}},
            .files = {{"students_csv", "s.csv", std::string(kHeader) + "X,,no,1,\n"}}};
  EXPECT_EQ(ask(Method::post, "/api/exams/upload/", sent).status, 422);
  sent.files[0].bytes = kTwoStudents;
  EXPECT_EQ(ask(Method::post, "/api/exams/upload/", sent).status, 201);
  EXPECT_EQ(ask(Method::post, "/api/exams/upload/", sent).code(), "upload.not_found");
}

}  // namespace
}  // namespace korrigo::exams
