#include "copies/staple_store.h"

#include <boost/json.hpp>

#include "copies/copy_store.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kTouch{"staple.touch_exam", "UPDATE exam SET updated_at = $2 WHERE id = $1"};
constexpr Statement kBusy{"staple.busy", R"(
  SELECT 1 FROM task WHERE exam_id = $1 AND parent_id IS NULL AND state NOT IN ('SUCCESS', 'FAILURE', 'REVOKED')
    AND kind IN ('process_pdf_batch', 'import_pdf', 'import_pdfs') LIMIT 1)"};
constexpr Statement kBooklet{"staple.booklet", R"(
  SELECT booklet.exam_id, booklet.position, copy.id, copy.status FROM booklet
  LEFT JOIN copy_booklet ON copy_booklet.booklet_id = booklet.id LEFT JOIN copy ON copy.id = copy_booklet.copy_id
  WHERE booklet.id = $1)"};
constexpr Statement kFace{"staple.face", "SELECT exam_id, booklet_id, part_width FROM face WHERE id = $1"};
constexpr Statement kInUse{"staple.in_use", R"(
  SELECT 1 FROM copy WHERE id = $1 AND (status IN ('LOCKED', 'GRADED', 'GRADING_FAILED')
    OR EXISTS (SELECT 1 FROM annotation WHERE copy_id = copy.id) OR EXISTS (SELECT 1 FROM score WHERE copy_id = copy.id)
    OR EXISTS (SELECT 1 FROM question_remark WHERE copy_id = copy.id)))"};
constexpr Statement kFaces{"staple.faces_of_booklet",
                           "SELECT id FROM face WHERE booklet_id = $1 ORDER BY booklet_position, id"};
constexpr Statement kBooklets{"staple.booklets_of_copy",
                              "SELECT booklet_id FROM copy_booklet WHERE copy_id = $1 ORDER BY position"};
constexpr Statement kCopy{"staple.copy",
                          "SELECT student_id, position, pdf_file, masked_pdf_file, warnings FROM copy WHERE id = $1"};
constexpr Statement kMoveOn{"staple.move_on",
                            "UPDATE booklet SET position = position + 1 WHERE exam_id = $1 AND position > $2"};
constexpr Statement kInsertBooklet{"staple.insert_booklet", R"(
  INSERT INTO booklet (id, exam_id, position, start_page, end_page, created_at) VALUES ($1, $2, $3, 1, 1, $4))"};
constexpr Statement kRemoveBooklet{"staple.remove_booklet", "DELETE FROM booklet WHERE id = $1"};
constexpr Statement kPlace{"staple.place_face", R"(
  UPDATE face SET booklet_id = $2, booklet_position = $3, unplaced_reason = NULL WHERE id = $1)"};
constexpr Statement kUnplace{"staple.unplace_face", R"(
  UPDATE face SET booklet_id = NULL, booklet_position = NULL, copy_id = NULL, page_index = NULL, unplaced_reason = $2
  WHERE id = $1)"};
constexpr Statement kClose{"staple.close_gaps", R"(
  UPDATE face SET booklet_position = counted.place FROM (
    SELECT id, row_number() OVER (ORDER BY booklet_position, id) - 1 AS place FROM face WHERE booklet_id = $1) AS counted
  WHERE face.id = counted.id)"};
constexpr Statement kDescribe{"staple.describe_booklet", R"(
  UPDATE booklet SET overlong = 0, warnings = '[]', header_file = (
    SELECT header_file FROM face WHERE booklet_id = $1 AND header_file IS NOT NULL ORDER BY booklet_position LIMIT 1)
  WHERE id = $1)"};
constexpr Statement kHeaderFace{"staple.header_face", R"(
  SELECT header_reading.reading FROM face JOIN header_reading ON header_reading.face_id = face.id
  WHERE face.booklet_id = $1 ORDER BY face.booklet_position, header_reading.engine LIMIT 1)"};
constexpr Statement kGuess{"staple.guess", "UPDATE booklet SET student_name_guess = $2 WHERE id = $1"};
constexpr Statement kCountPages{"staple.count_pages", R"(
  UPDATE booklet SET start_page = counted.ending - counted.pages + 1, end_page = counted.ending FROM (
    SELECT id, pages, sum(pages) OVER (ORDER BY position, id) AS ending FROM (
      SELECT id, position, (SELECT count(*) FROM face WHERE face.booklet_id = booklet.id) AS pages
      FROM booklet WHERE exam_id = $1) AS sized) AS counted
  WHERE booklet.id = counted.id
    AND (start_page <> counted.ending - counted.pages + 1 OR end_page <> counted.ending))"};
constexpr Statement kInsertCopy{"staple.insert_copy", R"(
  INSERT INTO copy (id, exam_id, anonymous_id, position, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5))"};
constexpr Statement kForgetBooklets{"staple.forget_booklets", "DELETE FROM copy_booklet WHERE copy_id = $1"};
constexpr Statement kTakeBooklet{"staple.take_booklet", "DELETE FROM copy_booklet WHERE booklet_id = $1"};
constexpr Statement kPutBooklet{"staple.put_booklet",
                                "INSERT INTO copy_booklet (copy_id, booklet_id, position) VALUES ($1, $2, $3)"};
constexpr Statement kStudent{"staple.student", "UPDATE copy SET student_id = $2, updated_at = $3 WHERE id = $1"};
constexpr Statement kMoveDecision{"staple.move_decision", "UPDATE ocr_result SET copy_id = $2 WHERE copy_id = $1"};
constexpr Statement kForgetPages{"staple.forget_pages",
                                 "UPDATE face SET copy_id = NULL, page_index = NULL WHERE copy_id = $1"};
constexpr Statement kPages{"staple.pages", R"(
  UPDATE face SET copy_id = $1, page_index = counted.page FROM (
    SELECT face.id, row_number() OVER (ORDER BY copy_booklet.position, face.booklet_position) - 1 AS page
    FROM copy_booklet JOIN face ON face.booklet_id = copy_booklet.booklet_id
    WHERE copy_booklet.copy_id = $1) AS counted
  WHERE face.id = counted.id)"};
constexpr Statement kNewVersion{"staple.new_version", R"(
  UPDATE copy SET page_count = $2, warnings = $3, version = version + 1, pdf_file = NULL, masked_pdf_file = NULL,
    updated_at = $4 WHERE id = $1)"};
constexpr Statement kBookletWarnings{"staple.booklet_warnings", R"(
  SELECT booklet.warnings FROM copy_booklet JOIN booklet ON booklet.id = copy_booklet.booklet_id
  WHERE copy_booklet.copy_id = $1 ORDER BY copy_booklet.position)"};

// The warnings of its booklets, and that something was lost; what else was doubted of it was doubted of what it was.
std::string warnings_of(Transaction& transaction, const CopyId& copy) {
  json::array warnings;
  const auto row = transaction.row(kCopy, copy);
  const json::value own = json::parse(row->get<std::string>(4));
  for (const json::value& warning : own.as_array())
    if (warning.as_string() == kLostPage) warnings.push_back(warning);
  for (const Row& booklet : transaction.rows(kBookletWarnings, copy)) {
    const json::value said = json::parse(booklet.get<std::string>(0));
    for (const json::value& warning : said.as_array()) warnings.push_back(warning);
  }
  return json::serialize(warnings);
}

template <class Id>
std::vector<Id> ids_of(const std::vector<Row>& rows) {
  std::vector<Id> ids;
  for (const Row& row : rows) ids.push_back(row.get<Id>(0));
  return ids;
}

}  // namespace

Result<void> open_exam(Transaction& transaction, const ExamId& exam, UtcTime now) {
  if (transaction.execute(kTouch, exam, now) == 0)
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  if (transaction.row(kBusy, exam))
    return refuse(ErrorKind::conflict, "exam.busy", "Scans of this exam are being read.");
  return {};
}

std::optional<BookletPlace> find_booklet(Transaction& transaction, const BookletId& booklet) {
  const auto row = transaction.row(kBooklet, booklet);
  if (!row) return std::nullopt;
  return BookletPlace{row->get<ExamId>(0), row->get<int>(1), row->get<std::optional<CopyId>>(2),
                      row->get<std::optional<std::string>>(3).value_or("")};
}

std::optional<FacePlace> find_face(Transaction& transaction, const FaceId& face) {
  const auto row = transaction.row(kFace, face);
  if (!row) return std::nullopt;
  return FacePlace{row->get<ExamId>(0), row->get<std::optional<BookletId>>(1), row->get<int>(2) > 0};
}

bool is_in_use(Transaction& transaction, const CopyId& copy) {
  return transaction.row(kInUse, copy).has_value();
}

std::vector<FaceId> faces_of_booklet(Transaction& transaction, const BookletId& booklet) {
  return ids_of<FaceId>(transaction.rows(kFaces, booklet));
}

std::vector<BookletId> booklets_of_copy(Transaction& transaction, const CopyId& copy) {
  return ids_of<BookletId>(transaction.rows(kBooklets, copy));
}

std::optional<StudentId> student_of_copy(Transaction& transaction, const CopyId& copy) {
  const auto row = transaction.row(kCopy, copy);
  return row ? row->get<std::optional<StudentId>>(0) : std::nullopt;
}

int position_of_copy(Transaction& transaction, const CopyId& copy) {
  const auto row = transaction.row(kCopy, copy);
  return row ? row->get<int>(1) : 0;
}

std::vector<std::string> pdfs_of_copy(Transaction& transaction, const CopyId& copy) {
  std::vector<std::string> keys;
  const auto row = transaction.row(kCopy, copy);
  for (const std::size_t column : {2, 3})
    if (row && !row->is_null(column)) keys.push_back(row->get<std::string>(column));
  return keys;
}

void insert_booklet(Transaction& transaction, const BookletId& booklet, const ExamId& exam, int position, UtcTime now) {
  transaction.execute(kMoveOn, exam, position);
  transaction.execute(kInsertBooklet, booklet, exam, position + 1, now);
}

void remove_booklet(Transaction& transaction, const BookletId& booklet) {
  transaction.execute(kRemoveBooklet, booklet);
}

void place_face(Transaction& transaction, const FaceId& face, const BookletId& booklet, int position) {
  transaction.execute(kPlace, face, booklet, position);
}

void unplace_face(Transaction& transaction, const FaceId& face, std::string_view reason) {
  transaction.execute(kUnplace, face, reason);
}

void close_gaps(Transaction& transaction, const BookletId& booklet) {
  transaction.execute(kClose, booklet);
}

void describe_booklet(Transaction& transaction, const BookletId& booklet) {
  transaction.execute(kDescribe, booklet);
  std::optional<std::string> guess;
  if (const auto row = transaction.row(kHeaderFace, booklet)) guess = name_in_reading(row->get<std::string>(0));
  transaction.execute(kGuess, booklet, guess);
}

void count_pages(Transaction& transaction, const ExamId& exam) {
  transaction.execute(kCountPages, exam);
}

void insert_copy(Transaction& transaction, const CopyId& copy, const ExamId& exam, int position, UtcTime now) {
  transaction.execute(kTouch, exam, now);  // copies made at the same time take their numbers one after the other
  const std::string anonymous_id = shuffled_anonymous_ids(1, next_anonymous_number(transaction, exam)).front();
  transaction.execute(kInsertCopy, copy, exam, anonymous_id, position, now);
}

void set_booklets(Transaction& transaction, const CopyId& copy, const std::vector<BookletId>& booklets) {
  transaction.execute(kForgetBooklets, copy);
  int position = 0;
  for (const BookletId& booklet : booklets) {
    transaction.execute(kTakeBooklet, booklet);
    transaction.execute(kPutBooklet, copy, booklet, position++);
  }
}

void set_student(Transaction& transaction, const CopyId& copy, std::optional<StudentId> student, UtcTime now) {
  transaction.execute(kStudent, copy, student, now);
}

void move_student(Transaction& transaction, const CopyId& from, const CopyId& to, UtcTime now) {
  const auto student = student_of_copy(transaction, from);
  set_student(transaction, from, std::nullopt, now);
  set_student(transaction, to, student, now);
  transaction.execute(kMoveDecision, from, to);
}

int lay_out(Transaction& transaction, const CopyId& copy, UtcTime now) {
  transaction.execute(kForgetPages, copy);
  const auto pages = static_cast<int>(transaction.execute(kPages, copy));
  transaction.execute(kNewVersion, copy, pages, warnings_of(transaction, copy), now);
  return pages;
}

}  // namespace korrigo::copies
