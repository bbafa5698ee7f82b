#include "exams/roster_store.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <tuple>

#include "base/text.h"
#include "students/near_names.h"
#include "students/student_store.h"

namespace korrigo::exams::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kStudents{"roster.students",
                              "SELECT student_id FROM exam_student WHERE exam_id = $1 ORDER BY position, student_id"};
constexpr Statement kWithCopies{
    "roster.with_copies",
    "SELECT student_id FROM copy WHERE exam_id = $1 AND student_id IS NOT NULL ORDER BY student_id"};
constexpr Statement kNextPosition{"roster.next_position",
                                  "SELECT COALESCE(max(position) + 1, 0) FROM exam_student WHERE exam_id = $1"};
constexpr Statement kRemove{
    "roster.remove", "DELETE FROM exam_student WHERE exam_id = $1 AND student_id IN (SELECT value FROM json_each($2))",
    "DELETE FROM exam_student WHERE exam_id = $1 AND student_id IN "
    "(SELECT CAST(json_array_elements_text(CAST($2 AS json)) AS BIGINT))"};
// $2 is a JSON array of [student, position, numero_etudiant].
constexpr Statement kPut{"roster.put", R"(
  INSERT INTO exam_student (exam_id, student_id, position, numero_etudiant)
  SELECT $1, CAST(r.value ->> 0 AS BIGINT), CAST(r.value ->> 1 AS BIGINT), r.value ->> 2 FROM json_each($2) r WHERE 1 = 1
  ON CONFLICT (exam_id, student_id) DO UPDATE SET position = excluded.position, numero_etudiant = excluded.numero_etudiant)",
                         R"(
  INSERT INTO exam_student (exam_id, student_id, position, numero_etudiant)
  SELECT $1, CAST(r.value ->> 0 AS BIGINT), CAST(r.value ->> 1 AS BIGINT), r.value ->> 2
  FROM json_array_elements(CAST($2 AS json)) AS r(value)
  ON CONFLICT (exam_id, student_id) DO UPDATE SET position = excluded.position, numero_etudiant = excluded.numero_etudiant)"};
constexpr Statement kSetPresence{"roster.set_presence",
                                 "UPDATE exam_student SET presence = $3 WHERE exam_id = $1 AND student_id = $2"};

// The exam's students first: left to itself PostgreSQL thinks a search finds one of the school's, and begins there.
#define KORRIGO_ROSTER_OF_EXAM                                                                      \
  "WITH s AS MATERIALIZED (SELECT student.*, x.exam_id, x.position, x.numero_etudiant, x.presence " \
  "FROM exam_student x JOIN student ON student.id = x.student_id WHERE x.exam_id = $1) "
#define KORRIGO_ROSTER_SELECT(students)                                                                    \
  KORRIGO_ROSTER_OF_EXAM                                                                                   \
  "SELECT s.id, s.last_name, s.first_name, s.date_naissance, s.email, s.class_name, s.groupe, s.user_id, " \
  "s.position, s.numero_etudiant, s.presence, c.id FROM " students                                         \
  " LEFT JOIN copy c ON c.exam_id = s.exam_id AND c.student_id = s.id "
// $2..$4 patterns for names, $5..$7 for the address.
#define KORRIGO_ROSTER_FILTER                                                    \
  "WHERE (s.sort_name LIKE $2 OR lower(s.email) LIKE $5 ESCAPE '\\') "           \
  "AND ($3 = '%' OR s.sort_name LIKE $3 OR lower(s.email) LIKE $6 ESCAPE '\\') " \
  "AND ($4 = '%' OR s.sort_name LIKE $4 OR lower(s.email) LIKE $7 ESCAPE '\\') "
// Copies are looked up for the page alone.
#define KORRIGO_ROSTER_LIST(order)                                                                            \
  KORRIGO_ROSTER_SELECT("(SELECT * FROM s " KORRIGO_ROSTER_FILTER "ORDER BY " order " LIMIT $8 OFFSET $9) s") \
  "ORDER BY " order

constexpr Statement kEntries{"roster.entries", KORRIGO_ROSTER_SELECT("s") "ORDER BY s.position, s.id"};
constexpr Statement kCountAll{"roster.count_all", "SELECT count(*) FROM exam_student WHERE exam_id = $1"};
constexpr Statement kCount{"roster.count", KORRIGO_ROSTER_OF_EXAM "SELECT count(*) FROM s " KORRIGO_ROSTER_FILTER};
// By RosterOrder, ascending and descending.
constexpr std::array<std::array<Statement, 2>, 3> kLists{{
    {{{"roster.by_last_name", KORRIGO_ROSTER_LIST("s.sort_name, s.id")},
      {"roster.by_last_name_desc", KORRIGO_ROSTER_LIST("s.sort_name DESC, s.id DESC")}}},
    {{{"roster.by_class", KORRIGO_ROSTER_LIST("s.class_name, s.sort_name, s.id")},
      {"roster.by_class_desc", KORRIGO_ROSTER_LIST("s.class_name DESC, s.sort_name DESC, s.id DESC")}}},
    {{{"roster.by_presence", KORRIGO_ROSTER_LIST("s.presence, s.sort_name, s.id")},
      {"roster.by_presence_desc", KORRIGO_ROSTER_LIST("s.presence DESC, s.sort_name DESC, s.id DESC")}}},
}};
#undef KORRIGO_ROSTER_LIST
#undef KORRIGO_ROSTER_FILTER
#undef KORRIGO_ROSTER_SELECT
#undef KORRIGO_ROSTER_OF_EXAM

RosterEntry entry_of(const Row& row) {
  constexpr std::size_t kBehindStudent = 8;
  RosterEntry entry;
  entry.student = students::store::student_of(row);
  entry.position = row.get<int>(kBehindStudent);
  entry.numero_etudiant = row.get<std::string>(kBehindStudent + 1);
  entry.presence = presence_named(row.get<std::string>(kBehindStudent + 2)).value_or(Presence::present);
  entry.copy = row.get<std::optional<CopyId>>(kBehindStudent + 3);
  return entry;
}

std::vector<StudentId> ids_of(const std::vector<Row>& rows) {
  std::vector<StudentId> ids;
  ids.reserve(rows.size());
  for (const Row& row : rows) ids.push_back(row.get<StudentId>(0));
  return ids;
}

// Those whose names are nearly what is sought, the nearest first.
RosterPage list_near(Transaction& transaction, const ExamId& exam, const RosterFilter& filter) {
  std::vector<std::tuple<int, std::string, RosterEntry>> near;
  for (RosterEntry& entry : entries(transaction, exam)) {
    std::string name = students::sort_name(entry.student.last_name, entry.student.first_name);
    const auto faults = students::spelling_faults(filter.search, name);
    if (faults) near.emplace_back(*faults, std::move(name), std::move(entry));
  }
  std::ranges::stable_sort(near, {}, [](const auto& one) { return std::tie(std::get<0>(one), std::get<1>(one)); });
  RosterPage page{{}, static_cast<std::int64_t>(near.size())};
  const auto size = static_cast<std::size_t>(filter.page_size);
  const std::size_t first = std::min(near.size(), static_cast<std::size_t>(filter.page - 1) * size);
  for (std::size_t i = first; i < std::min(near.size(), first + size); ++i)
    page.entries.push_back(std::move(std::get<2>(near[i])));
  return page;
}

}  // namespace

std::vector<StudentId> students_of(Transaction& transaction, const ExamId& exam) {
  return ids_of(transaction.rows(kStudents, exam));
}

std::vector<StudentId> students_with_copies(Transaction& transaction, const ExamId& exam) {
  return ids_of(transaction.rows(kWithCopies, exam));
}

int next_position(Transaction& transaction, const ExamId& exam) {
  return transaction.row(kNextPosition, exam).value().get<int>(0);
}

void remove_students(Transaction& transaction, const ExamId& exam, const std::vector<StudentId>& students) {
  if (students.empty()) return;
  boost::json::array ids;
  for (const StudentId id : students) ids.emplace_back(id.value);
  transaction.execute(kRemove, exam, boost::json::serialize(ids));
}

void put_students(Transaction& transaction, const ExamId& exam, const std::vector<RosterRow>& rows) {
  if (rows.empty()) return;
  boost::json::array lines;
  for (const RosterRow& row : rows)
    lines.push_back(boost::json::array{row.student.value, row.position, boost::json::value(row.numero_etudiant)});
  transaction.execute(kPut, exam, boost::json::serialize(lines));
}

bool set_presence(Transaction& transaction, const ExamId& exam, StudentId student, Presence presence) {
  return transaction.execute(kSetPresence, exam, student, name_of(presence)) > 0;
}

std::vector<RosterEntry> entries(Transaction& transaction, const ExamId& exam) {
  std::vector<RosterEntry> all;
  for (const Row& row : transaction.rows(kEntries, exam)) all.push_back(entry_of(row));
  return all;
}

RosterPage list(Transaction& transaction, const ExamId& exam, const RosterFilter& filter) {
  const students::SearchPatterns words = students::search_patterns(filter.search);
  const auto& n = words.names;
  const auto& t = words.text;
  const bool searched = !trimmed(filter.search).empty();
  RosterPage page;
  page.count =
      (searched ? transaction.row(kCount, exam, n[0], n[1], n[2], t[0], t[1], t[2]) : transaction.row(kCountAll, exam))
          .value()
          .get<std::int64_t>(0);
  if (page.count == 0 && searched) return list_near(transaction, exam, filter);
  const Statement& statement = kLists[static_cast<std::size_t>(filter.order)][filter.descending ? 1 : 0];
  const std::int64_t offset = static_cast<std::int64_t>(filter.page - 1) * filter.page_size;
  for (const Row& row : transaction.rows(statement, exam, n[0], n[1], n[2], t[0], t[1], t[2], filter.page_size, offset))
    page.entries.push_back(entry_of(row));
  return page;
}

}  // namespace korrigo::exams::store
