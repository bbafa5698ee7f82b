/// What the tests of this module share: an exam of booklets of four faces, each a copy of its own, and a look at
/// whether its rows hang together.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "base/files.h"
#include "copies/office.h"
#include "identification/reading_json.h"
#include "identification/simulated_hand.h"
#include "storage/database.h"
#include "support/databases.h"

namespace korrigo::copies {

inline constexpr UtcTime kNow{std::chrono::milliseconds{1'770'000'000'000}};

using storage::Row;
using storage::Statement;
using storage::Transaction;

class CopiesTest : public test::AnyDatabase {
 protected:
  CopiesTest() : blobs(folder_.path() / "media") {}

  void SetUp() override {
    office_user = add_user("bureau", "ADMIN");
    exam = add_exam();
  }

  template <class Work>
  auto run(Work&& work) {
    return database().write(std::forward<Work>(work));
  }
  template <class... Values>
  void sql(const Statement& statement, Values... values) {
    run([&](Transaction& t) { t.execute(statement, values...); });
  }

  UserId add_user(const std::string& name, const std::string& role) {
    static constexpr Statement kUser{
        "test.user", R"(INSERT INTO "user" (username, role, created_at) VALUES ($1, $2, 0) RETURNING id)"};
    return run([&](Transaction& t) { return t.row(kUser, name, role)->get<UserId>(0); });
  }

  ExamId add_exam() {
    static constexpr Statement kExam{"test.exam", R"(
      INSERT INTO exam (id, name, date, status, created_at, updated_at) VALUES ($1, 'Maths', '2026-02-03', 'READY', 0, 0))"};
    static constexpr Statement kSource{"test.source", R"(
      INSERT INTO exam_pdf (id, exam_id, kind, file, original_name, sha256, size, page_count, position, uploaded_at)
      VALUES ($1, $2, 'SCAN', $3, 'pile-secrete.pdf', $4, 1, 1000, 0, 0))"};
    const ExamId id(make_uuid_v4());
    const SourceId source(make_uuid_v4());
    run([&](Transaction& t) {
      t.execute(kExam, id);
      t.execute(kSource, source, id, "exams/source/" + source.text() + ".pdf", random_hex(32));
    });
    sources_[id.text()] = source;
    return id;
  }

  struct Made {
    CopyId copy;
    BookletId booklet;
    std::vector<FaceId> faces;
  };
  /// A STAGING copy of one booklet; the first face has a header.
  Made add_copy(const ExamId& of, int faces = 4) {
    static constexpr Statement kBooklet{"test.booklet", R"(
      INSERT INTO booklet (id, exam_id, position, start_page, end_page, header_file, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, 0))"};
    static constexpr Statement kCopy{"test.copy", R"(
      INSERT INTO copy (id, exam_id, anonymous_id, position, page_count, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $6))"};
    static constexpr Statement kBelongs{"test.belongs",
                                        "INSERT INTO copy_booklet (copy_id, booklet_id, position) VALUES ($1, $2, 0)"};
    Made made{CopyId(make_uuid_v4()), BookletId(make_uuid_v4()), {}};
    int& count = counts_[of.text()];
    run([&](Transaction& t) {
      const std::string header = "exams/pages/" + made.booklet.text() + ".jpg";
      t.execute(kBooklet, made.booklet, of, count, pages_ + 1, pages_ + faces, header);
      t.execute(kCopy, made.copy, of, fmt::format("A{:03}", count + 1), count, faces,
                kNow.time_since_epoch().count() + count);
      t.execute(kBelongs, made.copy, made.booklet);
      for (int i = 0; i < faces; ++i) made.faces.push_back(add_face(t, of, &made, i));
    });
    pages_ += faces;
    ++count;
    return made;
  }
  FaceId add_loose_face(const ExamId& of) {
    return run([&](Transaction& t) { return add_face(t, of, nullptr, 0); });
  }

  StudentId add_student(const students::RosterStudent& student, bool on_roster = true) {
    static constexpr Statement kStudent{"test.student", R"(
      INSERT INTO student (last_name, first_name, date_naissance, email, sort_name, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, 0, 0) RETURNING id)"};
    static constexpr Statement kEnrol{"test.enrol",
                                      "INSERT INTO exam_student (exam_id, student_id, position) VALUES ($1, $2, $3)"};
    return run([&](Transaction& t) {
      const auto email = student.email + std::to_string(++students_) + "@lycee.example.org";
      const auto id = t.row(kStudent, student.nom, student.prenom, student.date_naissance.iso(), email,
                            fold_name(student.nom + " " + student.prenom))
                          ->get<StudentId>(0);
      if (on_roster) t.execute(kEnrol, exam, id, students_);
      return id;
    });
  }
  /// What an engine read of the copy's header.
  void add_reading(const Made& made, const ocr::HeaderReading& reading) {
    static constexpr Statement kReading{
        "test.reading",
        "INSERT INTO header_reading (face_id, engine, reading, created_at) VALUES ($1, 'simulated', $2, 0)"};
    identification::BatchHeader header;
    header.understood = true;
    header.reading = reading;
    for (ocr::FieldReading& field : header.reading.fields) field.text = text_of(field);
    sql(kReading, made.faces.front(), boost::json::serialize(identification::reading_json(header)));
  }

  Office office() { return {database(), blobs, queue, {.user = office_user}}; }
  Office office(UserId user) { return {database(), blobs, queue, {.user = user}}; }

  std::string status(const CopyId& copy) {
    static constexpr Statement kStatus{"test.status", "SELECT status FROM copy WHERE id = $1"};
    return run([&](Transaction& t) {
      const auto row = t.row(kStatus, copy);
      return row ? row->get<std::string>(0) : std::string("gone");
    });
  }
  std::optional<StudentId> owner(const CopyId& copy) {
    static constexpr Statement kOwner{"test.owner", "SELECT student_id FROM copy WHERE id = $1"};
    return run([&](Transaction& t) { return t.row(kOwner, copy)->get<std::optional<StudentId>>(0); });
  }
  void set_status(const CopyId& copy, const std::string& to) {
    static constexpr Statement kSet{"test.set_status", "UPDATE copy SET status = $2 WHERE id = $1"};
    sql(kSet, copy, to);
  }
  std::int64_t events(const CopyId& copy, const std::string& action) {
    static constexpr Statement kEvents{"test.events",
                                       "SELECT count(*) FROM grading_event WHERE copy_id = $1 AND action = $2"};
    return run([&](Transaction& t) { return t.row(kEvents, copy, action)->get<std::int64_t>(0); });
  }

  /// Where every face of the exam is: booklet, place, copy, page, rotation.
  std::map<std::string, std::string> placing(const ExamId& of) {
    static constexpr Statement kFaces{"test.placing", R"(
      SELECT id, coalesce(booklet_id, '-'), coalesce(booklet_position, -1), coalesce(copy_id, '-'),
        coalesce(page_index, -1), rotation FROM face WHERE exam_id = $1)"};
    std::map<std::string, std::string> all;
    run([&](Transaction& t) {
      for (const Row& row : t.rows(kFaces, of))
        all[row.get<std::string>(0)] = fmt::format("{} {} {} {} {}", row.get<std::string>(1), row.get<int>(2),
                                                   row.get<std::string>(3), row.get<int>(4), row.get<int>(5));
    });
    return all;
  }

  /// What must hold after every step, as sentences about what does not.
  std::vector<std::string> faults(const ExamId& of) {
    std::vector<std::string> found;
    run([&](Transaction& t) {
      for (const auto& [what, statement] : checks())
        for (const Row& row : t.rows(statement, of)) found.push_back(what + ": " + row.get<std::string>(0));
    });
    return found;
  }

  std::int64_t open_tasks(const std::string& kind) {
    static constexpr Statement kTasks{"test.tasks", "SELECT count(*) FROM task WHERE kind = $1 AND state = 'PENDING'"};
    return run([&](Transaction& t) { return t.row(kTasks, kind)->get<std::int64_t>(0); });
  }

  TempFolder folder_;
  storage::Blobs blobs;
  ManualClock clock{kNow};
  jobs::Queue queue{clock};
  UserId office_user;
  ExamId exam;

 private:
  static std::string text_of(const ocr::FieldReading& field) {
    std::string text;
    for (const auto& letter : field.letters)
      text += ocr::kAlphabet[static_cast<std::size_t>(
          std::max_element(letter.probability.begin(), letter.probability.end()) - letter.probability.begin())];
    return text;
  }

  FaceId add_face(Transaction& t, const ExamId& of, const Made* in, int position) {
    static constexpr Statement kFace{"test.face", R"(
      INSERT INTO face (id, exam_id, exam_pdf_id, side, part_width, part_height, has_header, header_x, header_y, header_w,
        header_h, header_file, preview_file, thumbnail_file, booklet_id, booklet_position, copy_id, page_index,
        unplaced_reason, created_at)
      VALUES ($1, $2, $3, $4, 2480, 3508, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0))"};
    const FaceId id(make_uuid_v4());
    const std::string stem = "exams/pages/" + id.text();
    const bool header = in != nullptr && position == 0;
    const auto number = [&](double value) { return header ? std::optional(value) : std::nullopt; };
    std::optional<std::string> header_file, booklet, copy, reason = "Nobody's.";
    std::optional<int> place;
    if (header) header_file = stem + "-header.jpg";
    if (in != nullptr) {
      booklet = in->booklet.text();
      copy = in->copy.text();
      place = position;
      reason.reset();
    }
    t.execute(kFace, id, of, sources_.at(of.text()), sides_++, header, number(0), number(0), number(1), number(0.2),
              header_file, stem + ".jpg", stem + "-small.jpg", booklet, place, copy, place, reason);
    return id;
  }

  static const std::vector<std::pair<std::string, Statement>>& checks() {
    static const std::vector<std::pair<std::string, Statement>> all = {
        {"a booklet without faces",
         {"test.empty_booklet",
          "SELECT id FROM booklet WHERE exam_id = $1 AND NOT EXISTS (SELECT 1 FROM face WHERE booklet_id = "
          "booklet.id)"}},
        {"a copy without faces",
         {"test.empty_copy",
          "SELECT id FROM copy WHERE exam_id = $1 AND NOT EXISTS (SELECT 1 FROM face WHERE copy_id = copy.id)"}},
        {"a booklet whose positions have gaps",
         {"test.gaps", R"(SELECT booklet_id FROM face WHERE exam_id = $1 AND booklet_id IS NOT NULL GROUP BY booklet_id
           HAVING min(booklet_position) <> 0 OR max(booklet_position) <> count(*) - 1
             OR count(DISTINCT booklet_position) <> count(*))"}},
        {"a copy whose pages have gaps",
         {"test.page_gaps", R"(SELECT copy_id FROM face WHERE exam_id = $1 AND copy_id IS NOT NULL GROUP BY copy_id
           HAVING min(page_index) <> 0 OR max(page_index) <> count(*) - 1 OR count(DISTINCT page_index) <> count(*))"}},
        {"a wrong page_count",
         {"test.page_count",
          "SELECT id FROM copy WHERE exam_id = $1 AND page_count <> (SELECT count(*) FROM face WHERE copy_id = "
          "copy.id)"}},
        {"a face whose copy is not its booklet's",
         {"test.other_copy", R"(SELECT face.id FROM face LEFT JOIN copy_booklet USING (booklet_id)
           WHERE face.exam_id = $1 AND coalesce(face.copy_id, '') <> coalesce(copy_booklet.copy_id, ''))"}},
        {"a booklet in two copies",
         {"test.two_copies", R"(SELECT booklet_id FROM copy_booklet JOIN booklet ON booklet.id = booklet_id
           WHERE exam_id = $1 GROUP BY booklet_id HAVING count(*) > 1)"}},
        {"a face that is nowhere and says no reason",
         {"test.no_reason",
          "SELECT id FROM face WHERE exam_id = $1 AND booklet_id IS NULL AND unplaced_reason IS NULL"}},
        {"booklets whose pages overlap or leave some out",
         {"test.pages", R"(SELECT id FROM (SELECT id, start_page, end_page, lag(end_page, 1, 0) OVER
           (ORDER BY position, id) AS before, (SELECT count(*) FROM face WHERE booklet_id = booklet.id) AS faces
           FROM booklet WHERE exam_id = $1) AS counted WHERE start_page <> before + 1 OR end_page <> before + faces)"}},
        {"a copy in a wrong order",
         {"test.order", R"(SELECT one.copy_id FROM face one JOIN face two ON two.copy_id = one.copy_id
           JOIN copy_booklet first ON first.booklet_id = one.booklet_id
           JOIN copy_booklet second ON second.booklet_id = two.booklet_id
           WHERE one.exam_id = $1 AND one.page_index < two.page_index AND first.position > second.position)"}}};
    return all;
  }

  std::map<std::string, SourceId> sources_;
  std::map<std::string, int> counts_;
  int sides_ = 0, pages_ = 0, students_ = 0;
};

}  // namespace korrigo::copies
