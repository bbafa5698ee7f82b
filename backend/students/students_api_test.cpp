#include "students/students_api.h"

#include <gmock/gmock.h>

#include "jobs/worker.h"
#include "support/ask.h"
#include "support/databases.h"

namespace korrigo::students {
namespace {

using http::Method;

class StudentRoutes : public test::AnyDatabase {
 protected:
  StudentRoutes() : blobs(media_.path()) { office.role = accounts::Role::admin; }

  test::Answer ask(Method method, std::string_view target, const test::Sent& sent = {}) {
    const StudentsApi api{database(), blobs, queue, [this](UserId, const std::string& id) { return upload(id); }};
    return test::ask(student_routes(api), method, target, office, sent, blobs.temporary("incoming"));
  }
  test::Answer import(std::string bytes, std::string name = "students.csv") {
    return ask(Method::post, "/api/students/import/", {.files = {{"file", std::move(name), std::move(bytes)}}});
  }
  Result<FinishedUpload> upload(const std::string& id) {
    if (id != "known") return refuse(ErrorKind::not_found, "upload.not_found", "There is no such upload.");
    const auto path = blobs.temporary("incoming") / "upload";
    write_file(path, "nom,prenom,email,date_naissance\nROUX,Eva,eva@x.fr,01/01/2008\n");
    return FinishedUpload{path, "resumed.csv", [this] { ++given_back; }};
  }
  /// Runs the tasks there are; the result of `id`.
  boost::json::value finish(const std::string& id, Accounts accounts = {}) {
    jobs::Kinds kinds;
    kinds.add(std::string(kImportTask), import_handler(blobs, std::move(accounts)));
    jobs::WorkerPool pool(database(), queue, kinds, {.poll = std::chrono::milliseconds(20)});
    pool.start();
    for (;;) {
      const auto task = database().read([&](storage::Transaction& t) { return queue.find(t, TaskId(id)).value(); });
      if (is_over(task.state)) return task.result;
      std::this_thread::yield();
    }
  }
  std::int64_t files() {
    std::int64_t count = 0;
    blobs.list("imports", [&](const std::string&, std::filesystem::file_time_type) { ++count; });
    return count;
  }

 private:
  TempFolder media_;

 protected:
  storage::Blobs blobs;
  ManualClock clock{UtcTime(std::chrono::milliseconds{1'770'000'000'000})};
  jobs::Queue queue{clock};
  accounts::Caller office;
  int given_back = 0;
};
KORRIGO_ON_BOTH_ENGINES(StudentRoutes);

constexpr const char* kTwo =
    "nom,prenom,email,date_naissance,classe\nDUPONT,Jean,jean@x.fr,15/05/2008,TG1\n"
    "MARTIN,Léa,lea@x.fr,01/02/2008,TG1\n";

TEST_P(StudentRoutes, make_change_and_remove) {
  const auto made = ask(Method::post, "/api/students/",
                        {R"({"last_name":"Éclair","first_name":"Luc","date_naissance":"2008-04-01"})"});
  ASSERT_EQ(made.status, 201);
  EXPECT_TRUE(made.body.at("email").is_null());
  const std::string path = fmt::format("/api/students/{}/", made.body.at("id").as_int64());
  EXPECT_EQ(ask(Method::patch, path, {R"({"email":"Luc@x.fr"})"}).body.at("email").as_string(), "luc@x.fr");
  EXPECT_TRUE(ask(Method::patch, path, {R"({"email":null})"}).body.at("email").is_null());
  EXPECT_EQ(ask(Method::get, "/api/students/?search=eclair").body.at("count").as_int64(), 1);
  EXPECT_EQ(ask(Method::delete_, path).status, 204);
  EXPECT_EQ(ask(Method::get, path).code(), "student.not_found");
}

TEST_P(StudentRoutes, say_what_is_wrong_with_a_student) {
  const std::string good =
      R"({"last_name":"Unique","first_name":"Una","date_naissance":"2008-04-02","email":"una@x.fr"})";
  ASSERT_EQ(ask(Method::post, "/api/students/", {good}).status, 201);
  const auto again = ask(Method::post, "/api/students/", {good});
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(again.code(), "student.duplicate");
  for (const char* bad :
       {R"({"first_name":"A","date_naissance":"2008-04-02"})",
        R"({"last_name":"A","first_name":"A","date_naissance":"2008-02-31"})",
        R"({"last_name":"R2D2","first_name":"A","date_naissance":"2008-04-02"})", R"({"last_name":3})"}) {
    const auto answer = ask(Method::post, "/api/students/", {bad});
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_EQ(answer.code(), "request.invalid") << bad;
  }
}

TEST_P(StudentRoutes, import_a_roster_as_a_task_61_62) {
  const auto accepted = import(kTwo);
  ASSERT_EQ(accepted.status, 202);
  EXPECT_EQ(accepted.body.at("message").as_string(), "Student import started.");
  EXPECT_EQ(accepted.body.at("filename").as_string(), "students.csv");
  const std::string id(accepted.body.at("task_id").as_string());
  EXPECT_EQ(accepted.body.at("status_url").as_string(), "/api/tasks/" + id + "/status/");
  const auto result = finish(id);
  EXPECT_EQ(result.at("status").as_string(), "success");
  EXPECT_EQ(result.at("created").as_int64(), 2);
  EXPECT_EQ(files(), 0) << "the file goes with its import";
  EXPECT_EQ(finish(std::string(import(kTwo).body.at("task_id").as_string())).at("skipped").as_int64(), 2);
}

TEST_P(StudentRoutes, refuse_a_faulty_roster_with_every_line_64) {
  const auto answer = import(std::string(kTwo) + "FAULTY,,x,31/02/2008,\n");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.code(), "roster.invalid");
  EXPECT_EQ(answer.body.at("field").as_string(), "file");
  ASSERT_EQ(answer.body.at("details").as_array().size(), 3U);
  EXPECT_EQ(answer.body.at("details").at(0).at("line").as_int64(), 4);
  EXPECT_EQ(answer.body.at("details").at(0).at("column").as_string(), "prenom");
  EXPECT_EQ(files(), 0);
}

TEST_P(StudentRoutes, refuse_lines_that_are_two_students) {
  finish(std::string(import(kTwo).body.at("task_id").as_string()));
  const auto answer = import("nom,prenom,email,date_naissance\nDUPONT,Jean,lea@x.fr,15/05/2008\n");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body.at("details").at(0).at("line").as_int64(), 2);
}

TEST_P(StudentRoutes, refuse_other_files_65) {
  EXPECT_EQ(ask(Method::post, "/api/students/import/").code(), "roster.missing");
  const auto answer = import("<students/>", "students.xml");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.code(), "roster.not_csv");
}

TEST_P(StudentRoutes, take_finished_uploads_for_files) {
  const auto accepted = ask(Method::post, "/api/students/import/", {.fields = {{"file", "known"}}});
  ASSERT_EQ(accepted.status, 202);
  EXPECT_EQ(accepted.body.at("filename").as_string(), "resumed.csv");
  EXPECT_EQ(given_back, 0);
  EXPECT_EQ(ask(Method::post, "/api/students/import/", {.fields = {{"file", "other"}}}).code(), "upload.not_found");
}

TEST_P(StudentRoutes, import_with_accounts_whose_passwords_are_sealed_at_rest) {
  std::vector<std::string> hashed;
  Accounts accounts;
  accounts.wanted = [](storage::Transaction&) { return true; };
  accounts.new_password = [] { return std::string("secret"); };
  accounts.hash = [](std::string_view password) { return "hash of " + std::string(password); };
  accounts.create = [&](storage::Transaction&, const std::vector<NewAccount>& wanted) {
    std::vector<std::string> made;
    for (const NewAccount& account : wanted) {
      EXPECT_EQ(account.password_hash, "hash of secret");
      if (account.email != "lea@x.fr") made.push_back(account.email);
    }
    return made;
  };
  accounts.seal = [](std::string_view plain) { return "sealed " + std::string(plain); };
  const auto result = finish(std::string(import(kTwo).body.at("task_id").as_string()), accounts);
  EXPECT_TRUE(result.at("passwords").as_object().empty());
  EXPECT_EQ(result.at("passwords_sealed").as_string(), R"(sealed {"jean@x.fr":"secret"})");
}

}  // namespace
}  // namespace korrigo::students
