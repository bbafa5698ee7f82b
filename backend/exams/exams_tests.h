/// What the tests of this module share: a database with a user, a media folder, real PDFs and the real way to open
/// them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "exams/receive.h"
#include "pdf/source_reader.h"
#include "support/databases.h"
#include "support/pdf_factory.h"

namespace korrigo::exams {

inline constexpr UtcTime kNow{std::chrono::milliseconds{1'770'000'000'000}};
inline constexpr std::string_view kHeader = "nom,prenom,email,date_naissance,classe\n";
inline constexpr std::string_view kTwoStudents =
    "nom,prenom,email,date_naissance,classe\n"
    "DUPONT,Jean,jean@x.fr,15/05/2008,TG1\n"
    "MARTIN,Léa,lea@x.fr,01/02/2008,TG1\n";

/// A PDF of small pages that differs by seed.
inline std::string small_pdf(int pages, unsigned seed) {
  std::vector<testing_support::PicturePage> pictures;
  for (int i = 0; i < pages; ++i)
    pictures.push_back(testing_support::jpeg_page(testing_support::strokes(120, 160, seed + static_cast<unsigned>(i))));
  return testing_support::make_pdf(pictures);
}

inline Result<int> open_in_sandbox(const std::filesystem::path& path, int max_pages) {
  pdf::ReadLimits limits;
  limits.max_pages = max_pages;
  auto reader = pdf::SourceReader::open({path}, limits);
  if (!reader) return tl::unexpected(reader.error());
  return reader->side_count(0);
}

class ExamsTest : public test::AnyDatabase {
 protected:
  ExamsTest() : media_(), blobs(media_.path() / "media") {}

  void SetUp() override {
    user = database().write([](storage::Transaction& transaction) {
      static constexpr storage::Statement kUser{
          "test.user", R"(INSERT INTO "user" (username, role, created_at) VALUES ('office', 'ADMIN', 0) RETURNING id)"};
      return transaction.row(kUser)->get<UserId>(0);
    });
  }

  template <class Work>
  auto run(Work&& work) {
    return database().write(std::forward<Work>(work));
  }

  /// A file as http would have stored it.
  IncomingFile incoming(std::string name, std::string_view bytes) {
    const std::filesystem::path path = blobs.temporary("incoming") / std::to_string(++files_);
    write_file(path, bytes);
    return {path, std::move(name), bytes.size()};
  }
  IncomingFile roster_file(std::string_view csv = kTwoStudents) { return incoming("students.csv", csv); }

  Intake intake() { return {database(), blobs, queue, check, limits}; }
  BatchRequest batch(std::vector<IncomingFile> pdfs, std::string_view csv = kTwoStudents) {
    BatchRequest request;
    request.pdfs = std::move(pdfs);
    request.roster = roster_file(csv);
    request.name = "Maths";
    request.user = user;
    return request;
  }
  BatchReceived received(std::vector<IncomingFile> pdfs) {
    auto answer = receive_batch(intake(), batch(std::move(pdfs)));
    if (!answer) throw std::runtime_error(answer.error().message);
    return *answer;
  }

  std::int64_t count(std::string_view table) {
    return run([&](storage::Transaction& transaction) {
      names_.push_back(std::make_unique<std::string>(fmt::format("SELECT count(*) FROM {}", table)));
      return transaction.row(storage::Statement{*names_.back(), *names_.back()})->get<std::int64_t>(0);
    });
  }
  void execute(std::string_view sql) {
    run([&](storage::Transaction& transaction) { transaction.run_script(sql); });
  }
  std::vector<std::string> stored() {
    std::vector<std::string> keys;
    blobs.list("exams", [&](const std::string& key, std::filesystem::file_time_type) { keys.push_back(key); });
    return keys;
  }
  /// Rows and files that a refused upload must leave as they were.
  std::vector<std::int64_t> traces() {
    std::vector<std::int64_t> all;
    for (const char* table : {"exam", "exam_pdf", "exam_student", "student", "task", "audit_log"})
      all.push_back(count(table));
    all.push_back(static_cast<std::int64_t>(stored().size()));
    return all;
  }
  void end_tasks() {
    execute("UPDATE task SET state = 'SUCCESS', finished_at = 1, ready = 0, children_open = 0, worker_id = NULL");
  }
  /// A copy of `source`, of one face and one booklet.
  void add_copy(const ExamId& exam, const SourceId& source, std::string_view name, std::string_view status,
                std::optional<StudentId> student = {});

 private:
  TempFolder media_;

 protected:
  storage::Blobs blobs;
  ManualClock clock{kNow};
  jobs::Queue queue{clock};
  SourceCheck check = open_in_sandbox;
  Limits limits;
  UserId user;

 private:
  int files_ = 0;
  std::vector<std::unique_ptr<std::string>> names_;
};

inline void ExamsTest::add_copy(const ExamId& exam, const SourceId& source, std::string_view name,
                                std::string_view status, std::optional<StudentId> student) {
  for (const char* kind : {"preview", "copy"}) blobs.put(fmt::format("exams/pages/{}-{}", name, kind), "x");
  execute(fmt::format(
      "INSERT INTO copy (id, exam_id, student_id, anonymous_id, status, pdf_file, created_at, updated_at) "
      "VALUES ('c-{0}', '{1}', {4}, '{0}', '{3}', 'exams/pages/{0}-copy', 0, 0);"
      "INSERT INTO booklet (id, exam_id, position, start_page, end_page, created_at) "
      "VALUES ('b-{0}', '{1}', 0, 1, 1, 0);"
      "INSERT INTO copy_booklet (copy_id, booklet_id, position) VALUES ('c-{0}', 'b-{0}', 0);"
      "INSERT INTO face (id, exam_id, exam_pdf_id, side, preview_file, booklet_id, booklet_position, copy_id, "
      "page_index, created_at) VALUES ('f-{0}', '{1}', '{2}', 0, 'exams/pages/{0}-preview', 'b-{0}', 0, 'c-{0}', 0, 0)",
      name, exam.text(), source.text(), status, student ? std::to_string(student->value) : "NULL"));
}

}  // namespace korrigo::exams
