#include "copies/copies_api.h"

#include "copies/copies_tests.h"
#include "copies/identify.h"
#include "support/ask.h"

namespace korrigo::copies {
namespace {

using http::Method;
using test::Answer;
using testing::HasSubstr;
using testing::Not;

class CopyRoutes : public CopiesTest {
 protected:
  void SetUp() override {
    CopiesTest::SetUp();
    for (int i = 0; i < 3; ++i) made.push_back(add_copy(exam));
    bureau.role = accounts::Role::admin;
    bureau.user = office_user;
    marie.role = paul.role = accounts::Role::teacher;
    marie.user = add_user("marie", "TEACHER");
    paul.user = add_user("paul", "TEACHER");
    student = add_student(identification::simulated::student_of("Lefèvre", "Chloé"));
    ASSERT_TRUE(identify_copy(office(), made[0].copy, student, Means::named));
    static constexpr Statement kAssign{
        "test.assign_copy", "UPDATE copy SET assigned_corrector_id = $2, masked_pdf_file = 'm.pdf' WHERE id = $1"};
    sql(kAssign, made[0].copy, marie.user);
  }
  Answer ask(const accounts::Caller& who, Method method, const std::string& target, const std::string& body = "") {
    const CopiesApi api{database(), blobs, queue};
    std::vector<http::Route> routes = copy_routes(api);
    for (auto more : {booklet_routes(api), identification_routes(api)})
      routes.insert(routes.end(), more.begin(), more.end());
    return test::ask(routes, method, target, who, {.json = body});
  }
  std::string path(const CopyId& copy) { return "/api/copies/" + copy.text() + "/"; }
  std::vector<Made> made;
  accounts::Caller bureau, marie, paul;
  StudentId student;
};
KORRIGO_ON_BOTH_ENGINES(CopyRoutes);

TEST_P(CopyRoutes, tell_a_corrector_only_of_own_copies_and_never_who_wrote_them) {
  std::string told;
  for (const std::string& target :
       std::initializer_list<std::string>{"/api/copies/", "/api/exams/" + exam.text() + "/copies/",
                                          "/api/copies/?search=lef&ordering=status&is_identified=true"}) {
    const Answer answer = ask(marie, Method::get, target);
    ASSERT_EQ(answer.status, 200) << target;
    told += boost::json::serialize(answer.body);
    EXPECT_EQ(ask(paul, Method::get, target).body.at("count").as_int64(), 0);
  }
  const Answer detail = ask(marie, Method::get, path(made[0].copy));
  ASSERT_EQ(detail.status, 200);
  told += boost::json::serialize(detail.body);
  EXPECT_EQ(detail.body.at("pages").as_array().size(), 4U);
  for (const char* secret : {"Lef", "Chlo", "lycee", "pile-secrete", "created_at", "position", "student", "header",
                             "booklet", "readings", "candidates", "warnings", "validated_at", "source", "assigned"})
    EXPECT_THAT(told, Not(HasSubstr(secret))) << secret;
  for (const Made& copy : {made[1], made[2]})
    for (const char* part : {"", "pdf/", "pages/1/"}) {
      const Answer answer = ask(marie, Method::get, path(copy.copy) + part);
      EXPECT_EQ(answer.status, 403);
      EXPECT_EQ(answer.code(), "auth.forbidden");
    }
  EXPECT_EQ(ask(marie, Method::get, "/api/copies/?ordering=created_at").code(), "request.invalid");
}

TEST_P(CopyRoutes, name_whatever_does_not_exist) {
  const std::string unknown = make_uuid_v4();
  for (const std::string& id : std::initializer_list<std::string>{unknown, "x", upper(unknown)}) {
    EXPECT_EQ(ask(bureau, Method::get, "/api/copies/" + id + "/").code(), "copy.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/copies/" + id + "/pages/1/").code(), "copy.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/exams/" + id + "/copies/").code(), "exam.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/exams/" + id + "/booklets/").code(), "exam.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/exams/" + id + "/unidentified-copies/").code(), "exam.not_found");
    EXPECT_EQ(ask(bureau, Method::post, "/api/exams/" + id + "/undo/").code(), "exam.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/exams/booklets/" + id + "/").code(), "booklet.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/exams/booklets/" + id + "/header/").code(), "booklet.not_found");
    EXPECT_EQ(ask(bureau, Method::get, "/api/exams/faces/" + id + "/image/").code(), "face.not_found");
  }
  EXPECT_EQ(ask(bureau, Method::get, path(made[0].copy) + "pages/9/").code(), "page.not_found");
  EXPECT_EQ(ask(bureau, Method::get, path(made[0].copy) + "pages/one/").code(), "page.not_found");
  EXPECT_EQ(ask(bureau, Method::get, path(made[0].copy) + "pages/1/?size=huge").code(), "request.invalid");
  EXPECT_EQ(ask(bureau, Method::get, "/api/copies/?status=LOST").code(), "request.invalid");
  EXPECT_EQ(ask(bureau, Method::get, "/api/copies/?page=7").code(), "page.not_found");
}

TEST_P(CopyRoutes, staple_and_take_back) {
  const std::string booklet = "/api/exams/booklets/" + made[1].booklet.text() + "/";
  const Answer parts = ask(bureau, Method::post, booklet + "split/", R"({"at":1})");
  ASSERT_EQ(parts.status, 201);
  EXPECT_EQ(parts.body.at("booklets").at(0).at("page_count").to_number<int>(), 1);
  EXPECT_EQ(parts.body.at("booklets").at(1).at("copy_status").as_string(), "STAGING");
  const Answer undone = ask(bureau, Method::post, "/api/exams/" + exam.text() + "/undo/");
  EXPECT_EQ(undone.body.at("undone").as_string(), "split");
  const std::string both =
      fmt::format(R"({{"booklet_ids":["{}","{}"]}})", made[2].booklet.text(), made[1].booklet.text());
  const Answer merged = ask(bureau, Method::post, "/api/exams/" + exam.text() + "/merge-booklets/", both);
  ASSERT_EQ(merged.status, 201);
  EXPECT_EQ(merged.body.at("page_count").to_number<int>(), 8);
  EXPECT_EQ(merged.body.at("booklet_ids").at(0).as_string(), made[2].booklet.text());
  for (const char* body : {"{}", R"({"faces":[]})", R"({"faces":[{"id":"x"}]})", R"({"faces":[{"rotation":90}]})"})
    EXPECT_EQ(ask(bureau, Method::patch, booklet + "faces/", body).code(), "request.invalid") << body;
  const std::string turned = fmt::format(R"({{"faces":[{{"id":"{}","rotation":45}}]}})", made[1].faces[0].text());
  EXPECT_EQ(ask(bureau, Method::patch, booklet + "faces/", turned).code(), "request.invalid");
}

TEST_P(CopyRoutes, name_the_copy_that_a_student_has_already) {
  const std::string body = fmt::format(R"({{"student_id":{}}})", student.value);
  const Answer answer = ask(bureau, Method::post, path(made[1].copy) + "identify/", body);
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.code(), "identification.student_has_copy");
  EXPECT_EQ(answer.body.at("details").at(0).at("copy_id").as_string(), made[0].copy.text());
  EXPECT_EQ(ask(bureau, Method::post, path(made[1].copy) + "identify/", "{}").code(), "request.invalid");
}

TEST_P(CopyRoutes, send_pictures_and_pdfs) {
  static constexpr Statement kFile{"test.pdf_file", "UPDATE copy SET pdf_file = 'copies/whole.pdf' WHERE id = $1"};
  EXPECT_EQ(ask(bureau, Method::get, path(made[0].copy) + "pdf/").code(), "copy.no_pdf");
  sql(kFile, made[0].copy);
  EXPECT_EQ(ask(bureau, Method::get, path(made[0].copy) + "pdf/").code(), "copy.no_pdf") << "its file is gone";
  blobs.put("copies/whole.pdf", "%PDF-");
  EXPECT_EQ(ask(bureau, Method::get, path(made[0].copy) + "pdf/?download=1").status, 200);
}

}  // namespace
}  // namespace korrigo::copies
