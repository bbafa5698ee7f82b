// Migrations, and what the schema itself forbids, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "storage/embedded_migrations.h"
#include "storage/migrations.h"
#include "support/databases.h"

namespace korrigo::storage {
namespace {

class Migrations : public test::AnyDatabase {
 protected:
  Migrations() : AnyDatabase(test::FreshDatabase::Schema::none) {}
};
KORRIGO_ON_BOTH_ENGINES(Migrations);

TEST_P(Migrations, are_applied_once) {
  EXPECT_GE(migrate(database()).value(), 5);
  EXPECT_EQ(migrate(database()).value(), 0);
  reopen();
  EXPECT_EQ(migrate(database()).value(), 0);
}

TEST_P(Migrations, started_by_several_at_once_are_applied_once) {
  std::atomic<int> applied = 0;
  std::vector<std::thread> servers;
  for (int i = 0; i < 4; ++i) {
    servers.emplace_back([&] { applied += migrate(*Database::open(url())).value(); });
  }
  for (auto& server : servers) server.join();
  const int recorded = database().read([](Transaction& t) {
    return t.row({"test.recorded", "SELECT count(*) FROM schema_migration"})->get<int>(0);
  });
  EXPECT_EQ(applied, recorded);
}

TEST_P(Migrations, refuse_a_database_of_a_newer_program) {
  ASSERT_TRUE(migrate(database()));
  database().write([](Transaction& t) {
    t.execute({"test.newer", "INSERT INTO schema_migration (name, applied_at) VALUES ('9999_future', 0)"});
  });
  EXPECT_EQ(migrate(database()).error().code, "storage.newer_schema");
}

TEST(Migrations, leave_no_placeholder_unknown) {
  for (const EmbeddedMigration& migration : embedded_migrations()) {
    for (auto at = migration.sql.find('{'); at != migration.sql.npos; at = migration.sql.find('{', at + 1)) {
      const std::string_view rest = migration.sql.substr(at, 13);
      EXPECT_TRUE(rest.starts_with("{}") || rest.starts_with("{STRICT}") || rest.starts_with("{SERIAL_KEY}") ||
                  rest.starts_with("{BIGINT}") || rest.starts_with("{REAL}") || rest.starts_with("{BLOB}") ||
                  rest.starts_with("{SORTED_TEXT}"))
          << migration.name << ": " << rest;
    }
  }
}

/// A small exam with everything that hangs on it.
constexpr std::string_view kExam = R"(
INSERT INTO "user" (id, username, role, created_at) VALUES (1, 'office', 'ADMIN', 0), (2, 'Teacher', 'TEACHER', 0);
INSERT INTO student (id, last_name, first_name, date_naissance, email, created_at, updated_at)
  VALUES (1, 'HOPPER', 'Grace', '2008-12-09', 'Grace@school.example', 0, 0), (2, 'LOVELACE', 'Ada', '2008-12-10', NULL, 0, 0);
INSERT INTO exam (id, name, date, created_by, created_at, updated_at) VALUES ('e', 'Maths', '2026-01-15', 1, 0, 0);
INSERT INTO exam_student (exam_id, student_id, position) VALUES ('e', 1, 0), ('e', 2, 1);
INSERT INTO exam_corrector (exam_id, user_id, added_at) VALUES ('e', 2, 0);
INSERT INTO exam_pdf (id, exam_id, kind, file, sha256, size, position, uploaded_at)
  VALUES ('p', 'e', 'SCAN', 'exams/source/p.pdf', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 9, 0, 0);
INSERT INTO side (exam_pdf_id, side, surveyed_at) VALUES ('p', 0, 0);
INSERT INTO booklet (id, exam_id, position, start_page, end_page, created_at) VALUES ('b', 'e', 0, 1, 4, 0);
INSERT INTO copy (id, exam_id, student_id, anonymous_id, created_at, updated_at)
  VALUES ('c', 'e', 1, 'A-1', 0, 0), ('d', 'e', NULL, 'A-2', 0, 0);
INSERT INTO copy_booklet (copy_id, booklet_id, position) VALUES ('c', 'b', 0);
INSERT INTO face (id, exam_id, exam_pdf_id, side, booklet_id, booklet_position, copy_id, page_index, created_at)
  VALUES ('f', 'e', 'p', 0, 'b', 0, 'c', 0, 0);
INSERT INTO ocr_result (id, copy_id, ocr_mode, created_at, updated_at) VALUES ('o', 'c', 'AUTO', 0, 0);
INSERT INTO annotation (id, copy_id, face_id, x, y, w, h, type, created_by, created_at, updated_at)
  VALUES ('a', 'c', 'f', 0.1, 0.1, 0.9, 0.2, 'COMMENT', 2, 0, 0);
INSERT INTO score (copy_id, question_id, points, set_by, set_at) VALUES ('c', 'q1', 150, 2, 0);
INSERT INTO copy_lock (copy_id, owner_id, token, locked_at, expires_at) VALUES ('c', 2, 't', 0, 1);
INSERT INTO draft_state (id, copy_id, owner_id, updated_at) VALUES ('s', 'c', 2, 0);
INSERT INTO grading_event (id, copy_id, action, actor_id, created_at) VALUES ('g', 'c', 'LOCK', 2, 0);
INSERT INTO audit_log (sequence, created_at, action, previous_hash, hash) VALUES (1, 0, 'exam.create',
  '0000000000000000000000000000000000000000000000000000000000000000', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO archived_event (id, exam_id, copy_id, sha256, archived_at)
  VALUES ('x', 'y', 'z', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 0);
)";

class Schema : public test::AnyDatabase {
 protected:
  Schema() {
    database().write([](Transaction& t) { t.run_script(kExam); });
  }
  void run(std::string_view sql) {
    database().write([&](Transaction& t) { t.run_script(sql); });
  }
  /// The fault that `sql` meets; nothing when it meets none.
  std::optional<Fault> fault_of(std::string_view sql) {
    try {
      run(sql);
    } catch (const DatabaseError& error) {
      return error.fault();
    }
    return std::nullopt;
  }
  int number(const std::string& sql) {
    return database().read([&](Transaction& t) { return t.row({sql, sql})->get<int>(0); });
  }
};
KORRIGO_ON_BOTH_ENGINES(Schema);

TEST_P(Schema, keeps_journals_from_being_rewritten) {
  for (const std::string table : {"grading_event", "audit_log", "archived_event"}) {
    EXPECT_EQ(fault_of("DELETE FROM " + table), Fault::check) << table;
    EXPECT_EQ(number("SELECT count(*) FROM " + table), 1) << table;
  }
  EXPECT_EQ(fault_of("UPDATE grading_event SET action = 'UNLOCK'"), Fault::check);
  EXPECT_EQ(fault_of("UPDATE audit_log SET action = 'exam.delete'"), Fault::check);
  EXPECT_EQ(fault_of("UPDATE archived_event SET exam_id = 'e'"), Fault::check);
}

TEST_P(Schema, lets_an_exam_take_along_all_that_is_its_own) {
  run("DELETE FROM exam WHERE id = 'e'");
  for (const char* table : {"exam_student", "exam_corrector", "exam_pdf", "side", "booklet", "copy", "copy_booklet",
                            "face", "ocr_result", "annotation", "score", "copy_lock", "draft_state", "grading_event"}) {
    EXPECT_EQ(number(std::string("SELECT count(*) FROM ") + table), 0) << table;
  }
  EXPECT_EQ(number("SELECT count(*) FROM student"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM audit_log"), 1);
}

TEST_P(Schema, lets_a_copy_take_its_marks_and_leave_its_faces) {
  run("DELETE FROM copy WHERE id = 'c'");
  EXPECT_EQ(number("SELECT count(*) FROM annotation"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM grading_event"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM face WHERE copy_id IS NULL AND booklet_id = 'b'"), 1);
}

TEST_P(Schema, leaves_the_copy_of_a_deleted_student_anonymous) {
  run("DELETE FROM student WHERE id = 1");
  EXPECT_EQ(number("SELECT count(*) FROM copy WHERE student_id IS NULL"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM exam_student"), 1);
}

TEST_P(Schema, keeps_users_who_have_marked) {
  EXPECT_EQ(fault_of("DELETE FROM \"user\" WHERE id = 2"), Fault::foreign_key);
  EXPECT_EQ(fault_of("DELETE FROM \"user\" WHERE id = 1"), std::nullopt);
  EXPECT_EQ(number("SELECT count(*) FROM exam WHERE created_by IS NULL"), 1);
}

TEST_P(Schema, counts_the_copies_of_an_exam) {
  EXPECT_EQ(number("SELECT copy_count FROM exam"), 2);
  run("DELETE FROM copy WHERE id = 'd'");
  EXPECT_EQ(number("SELECT copy_count FROM exam"), 1);
}

TEST_P(Schema, refuses_a_second_of_what_is_unique) {
  EXPECT_EQ(fault_of("INSERT INTO \"user\" (username, role, created_at) VALUES ('TEACHER', 'TEACHER', 0)"),
            Fault::unique);
  EXPECT_EQ(fault_of("INSERT INTO student (last_name, first_name, date_naissance, created_at, updated_at) "
                     "VALUES ('HOPPER', 'Grace', '2008-12-09', 0, 0)"),
            Fault::unique);
  EXPECT_EQ(fault_of("UPDATE student SET email = 'grace@SCHOOL.example' WHERE id = 2"), Fault::unique);
  EXPECT_EQ(fault_of("UPDATE copy SET student_id = 1 WHERE id = 'd'"), Fault::unique);
  EXPECT_EQ(fault_of("UPDATE copy SET anonymous_id = 'A-1' WHERE id = 'd'"), Fault::unique);
  EXPECT_EQ(
      fault_of("INSERT INTO copy_lock (copy_id, owner_id, token, locked_at, expires_at) VALUES ('c', 1, 'u', 0, 1)"),
      Fault::unique);
  EXPECT_EQ(fault_of("INSERT INTO draft_state (id, copy_id, owner_id, updated_at) VALUES ('s2', 'c', 2, 0)"),
            Fault::unique);
  EXPECT_EQ(
      fault_of(
          "INSERT INTO exam_document_set (id, exam_id, version, created_at) VALUES ('1', 'e', 1, 0), ('2', 'e', 2, 0)"),
      Fault::unique);
}

TEST_P(Schema, refuses_words_and_numbers_that_mean_nothing) {
  for (const char* sql :
       {"UPDATE \"user\" SET role = 'ROOT'", "UPDATE exam SET status = 'ready'", "UPDATE exam SET upload_mode = 'A3'",
        "UPDATE exam SET date = '15/01/2026'", "UPDATE copy SET status = 'DONE'", "UPDATE face SET rotation = 45",
        "UPDATE face SET half = 'top'", "UPDATE annotation SET type = 'NOTE'", "UPDATE annotation SET x = -0.1",
        "UPDATE annotation SET w = 0", "UPDATE annotation SET w = 0.95", "UPDATE ocr_result SET ocr_mode = 'auto'",
        "UPDATE ocr_result SET confidence = 1.5", "UPDATE exam_student SET presence = 'LATE'",
        "UPDATE exam_pdf SET sha256 = 'short'", "UPDATE \"user\" SET is_active = 2"}) {
    EXPECT_EQ(fault_of(sql), Fault::check) << sql;
  }
}

TEST_P(Schema, never_counts_an_id_twice) {
  run("DELETE FROM copy WHERE id = 'd'");
  const auto add = [&] {
    return database().write([](Transaction& t) {
      return t
          .row({"test.add_user",
                "INSERT INTO \"user\" (username, role, created_at) VALUES ('new', 'STUDENT', 0) RETURNING id"})
          ->get<UserId>(0);
    });
  };
  run("DELETE FROM copy_lock; DELETE FROM exam WHERE id = 'e'; DELETE FROM \"user\"");
  const UserId first = add();
  run("DELETE FROM \"user\"");
  EXPECT_GT(add(), first);
}

TEST_P(Schema, knows_every_file_in_use) {
  run("UPDATE copy SET pdf_file = 'copies/c.pdf' WHERE id = 'c'");
  EXPECT_EQ(number("SELECT count(*) FROM file_in_use"), 2);
}

TEST_P(Schema, sorts_text_by_bytes) {
  run("UPDATE student SET sort_name = 'a' WHERE id = 1; UPDATE student SET sort_name = 'B' WHERE id = 2");
  EXPECT_EQ(number("SELECT id FROM student ORDER BY sort_name, id LIMIT 1"), 2);
}

}  // namespace
}  // namespace korrigo::storage
