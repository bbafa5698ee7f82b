#include "students/student_store.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace korrigo::students::store {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

// One text for each way of asking; the columns are kStudentColumns.
#define KORRIGO_STUDENT_SELECT                                                                                         \
  "SELECT s.id, s.last_name, s.first_name, s.date_naissance, s.email, s.class_name, s.groupe, s.user_id FROM student " \
  "s "

constexpr Statement kFind{"student.find", KORRIGO_STUDENT_SELECT "WHERE s.id = $1"};
constexpr Statement kFindByTriplet{"student.find_by_triplet", KORRIGO_STUDENT_SELECT
                                   "WHERE s.last_name = $1 AND s.first_name = $2 AND s.date_naissance = $3"};
constexpr Statement kFindByEmail{"student.find_by_email", KORRIGO_STUDENT_SELECT "WHERE lower(s.email) = $1"};
constexpr Statement kFindByUser{"student.find_by_user", KORRIGO_STUDENT_SELECT "WHERE s.user_id = $1"};
constexpr Statement kFindAll{
    "student.find_all", KORRIGO_STUDENT_SELECT "JOIN json_each($1) r ON s.id = r.value ORDER BY r.key",
    KORRIGO_STUDENT_SELECT
    "JOIN json_array_elements_text(CAST($1 AS json)) WITH ORDINALITY r(value, key) ON s.id = CAST(r.value AS BIGINT) "
    "ORDER BY r.key"};
constexpr Statement kInsert{"student.insert", R"(
  INSERT INTO student (last_name, first_name, date_naissance, email, class_name, groupe, sort_name, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
  ON CONFLICT DO NOTHING RETURNING id)"};
constexpr Statement kUpdate{"student.update", R"(
  UPDATE student SET last_name = $2, first_name = $3, date_naissance = $4, email = $5, class_name = $6, groupe = $7,
    sort_name = $8, updated_at = $9
  WHERE id = $1)"};
constexpr Statement kRemove{"student.remove", "DELETE FROM student WHERE id = $1"};

// $1..$6 patterns for names, $7..$12 for the address, $13 class, $14 group.
#define KORRIGO_STUDENT_FILTER                                                    \
  "(s.sort_name LIKE $1 OR lower(s.email) LIKE $7 ESCAPE '\\') "                  \
  "AND ($2 = '%' OR s.sort_name LIKE $2 OR lower(s.email) LIKE $8 ESCAPE '\\') "  \
  "AND ($3 = '%' OR s.sort_name LIKE $3 OR lower(s.email) LIKE $9 ESCAPE '\\') "  \
  "AND ($4 = '%' OR s.sort_name LIKE $4 OR lower(s.email) LIKE $10 ESCAPE '\\') " \
  "AND ($5 = '%' OR s.sort_name LIKE $5 OR lower(s.email) LIKE $11 ESCAPE '\\') " \
  "AND ($6 = '%' OR s.sort_name LIKE $6 OR lower(s.email) LIKE $12 ESCAPE '\\') " \
  "AND (CAST($13 AS TEXT) IS NULL OR s.class_name = $13) AND (CAST($14 AS TEXT) IS NULL OR s.groupe = $14) "

constexpr Statement kCount{"student.count", "SELECT count(*) FROM student s WHERE " KORRIGO_STUDENT_FILTER};

#define KORRIGO_STUDENT_LIST(order) \
  KORRIGO_STUDENT_SELECT "WHERE " KORRIGO_STUDENT_FILTER "ORDER BY " order " LIMIT $15 OFFSET $16"

// By StudentOrder, ascending and descending.
constexpr std::array<std::array<Statement, 2>, 4> kLists{{
    {{{"student.by_last_name", KORRIGO_STUDENT_LIST("s.sort_name, s.id")},
      {"student.by_last_name_desc", KORRIGO_STUDENT_LIST("s.sort_name DESC, s.id DESC")}}},
    {{{"student.by_first_name", KORRIGO_STUDENT_LIST("s.first_name, s.id")},
      {"student.by_first_name_desc", KORRIGO_STUDENT_LIST("s.first_name DESC, s.id DESC")}}},
    {{{"student.by_class", KORRIGO_STUDENT_LIST("s.class_name, s.sort_name, s.id")},
      {"student.by_class_desc", KORRIGO_STUDENT_LIST("s.class_name DESC, s.sort_name DESC, s.id DESC")}}},
    {{{"student.by_birth", KORRIGO_STUDENT_LIST("s.date_naissance, s.id")},
      {"student.by_birth_desc", KORRIGO_STUDENT_LIST("s.date_naissance DESC, s.id DESC")}}},
}};

#undef KORRIGO_STUDENT_LIST
#undef KORRIGO_STUDENT_FILTER
#undef KORRIGO_STUDENT_SELECT

std::optional<Student> one(std::optional<Row> row) {
  if (!row) return std::nullopt;
  return student_of(*row);
}

}  // namespace

Student student_of(const Row& row, std::size_t first) {
  Student student;
  student.id = row.get<StudentId>(first);
  student.last_name = row.get<std::string>(first + 1);
  student.first_name = row.get<std::string>(first + 2);
  student.date_naissance = Date::parse(row.get<std::string>(first + 3)).value();
  student.email = row.get<std::optional<std::string>>(first + 4);
  student.class_name = row.get<std::string>(first + 5);
  student.groupe = row.get<std::string>(first + 6);
  student.user_id = row.get<std::optional<UserId>>(first + 7);
  return student;
}

std::optional<Student> find(Transaction& transaction, StudentId id) {
  return one(transaction.row(kFind, id));
}

std::optional<Student> find_by_triplet(Transaction& transaction, const StudentFields& fields) {
  return one(transaction.row(kFindByTriplet, fields.last_name, fields.first_name, fields.date_naissance.iso()));
}

std::optional<Student> find_by_email(Transaction& transaction, std::string_view email) {
  return one(transaction.row(kFindByEmail, email));
}

std::optional<Student> find_by_user(Transaction& transaction, UserId user) {
  return one(transaction.row(kFindByUser, user));
}

std::vector<Student> find_all(Transaction& transaction, const std::vector<StudentId>& ids) {
  boost::json::array numbers;
  for (const StudentId id : ids) numbers.push_back(id.value);
  std::vector<Student> found;
  for (const Row& row : transaction.rows(kFindAll, boost::json::serialize(numbers))) found.push_back(student_of(row));
  return found;
}

std::optional<StudentId> insert(Transaction& transaction, const StudentFields& fields, UtcTime now) {
  const auto row =
      transaction.row(kInsert, fields.last_name, fields.first_name, fields.date_naissance.iso(), fields.email,
                      fields.class_name, fields.groupe, sort_name(fields.last_name, fields.first_name), now);
  if (!row) return std::nullopt;
  return row->get<StudentId>(0);
}

void update(Transaction& transaction, StudentId id, const StudentFields& fields, UtcTime now) {
  transaction.execute(kUpdate, id, fields.last_name, fields.first_name, fields.date_naissance.iso(), fields.email,
                      fields.class_name, fields.groupe, sort_name(fields.last_name, fields.first_name), now);
}

bool remove(Transaction& transaction, StudentId id) {
  return transaction.execute(kRemove, id) > 0;
}

StudentPage list(Transaction& transaction, const StudentFilter& filter) {
  const SearchPatterns words = search_patterns(filter.search);
  const auto& n = words.names;
  const auto& t = words.text;
  StudentPage page;
  page.count = transaction
                   .row(kCount, n[0], n[1], n[2], n[3], n[4], n[5], t[0], t[1], t[2], t[3], t[4], t[5],
                        filter.class_name, filter.groupe)
                   .value()
                   .get<std::int64_t>(0);
  const Statement& statement = kLists[static_cast<std::size_t>(filter.order)][filter.descending ? 1 : 0];
  const std::int64_t offset = static_cast<std::int64_t>(filter.page - 1) * filter.page_size;
  for (const Row& row : transaction.rows(statement, n[0], n[1], n[2], n[3], n[4], n[5], t[0], t[1], t[2], t[3], t[4],
                                         t[5], filter.class_name, filter.groupe, filter.page_size, offset))
    page.students.push_back(student_of(row));
  return page;
}

}  // namespace korrigo::students::store
