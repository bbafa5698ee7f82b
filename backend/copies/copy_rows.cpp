#include "copies/copy_rows.h"

#include <boost/json.hpp>
#include <set>

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kBooklets{
    "copy.booklets_shown",
    "SELECT copy_booklet.copy_id, booklet.id, booklet.header_file FROM json_each($1) wanted "
    "JOIN copy_booklet ON copy_booklet.copy_id = wanted.value JOIN booklet ON booklet.id = copy_booklet.booklet_id "
    "ORDER BY copy_booklet.copy_id, copy_booklet.position",
    "SELECT copy_booklet.copy_id, booklet.id, booklet.header_file "
    "FROM json_array_elements_text(CAST($1 AS json)) wanted(value) "
    "JOIN copy_booklet ON copy_booklet.copy_id = wanted.value JOIN booklet ON booklet.id = copy_booklet.booklet_id "
    "ORDER BY copy_booklet.copy_id, copy_booklet.position"};
constexpr Statement kExercises{
    "copy.exercises_shown",
    "SELECT copy_id, exercise_id, corrector_id FROM json_each($1) wanted "
    "JOIN exercise_assignment ON exercise_assignment.copy_id = wanted.value ORDER BY copy_id, exercise_id",
    "SELECT copy_id, exercise_id, corrector_id FROM json_array_elements_text(CAST($1 AS json)) wanted(value) "
    "JOIN exercise_assignment ON exercise_assignment.copy_id = wanted.value ORDER BY copy_id, exercise_id"};
#define KORRIGO_OCR_COLUMNS \
  "SELECT copy_id, detected_text, confidence, ocr_mode, candidates, engines, selected_rank, manual_override "
constexpr Statement kDecisions{"copy.decisions_shown",
                               KORRIGO_OCR_COLUMNS
                               "FROM json_each($1) wanted JOIN ocr_result ON ocr_result.copy_id = wanted.value",
                               KORRIGO_OCR_COLUMNS
                               "FROM json_array_elements_text(CAST($1 AS json)) wanted(value) "
                               "JOIN ocr_result ON ocr_result.copy_id = wanted.value"};
#undef KORRIGO_OCR_COLUMNS
#define KORRIGO_STUDENT_COLUMNS "SELECT id, last_name, first_name, date_naissance, email, class_name FROM student "
constexpr Statement kStudents{
    "copy.students_shown", KORRIGO_STUDENT_COLUMNS "WHERE id IN (SELECT value FROM json_each($1))",
    KORRIGO_STUDENT_COLUMNS
    "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json)) wanted(value))"};
#undef KORRIGO_STUDENT_COLUMNS

StudentBrief student_of(const Row& row, std::size_t first) {
  return {row.get<StudentId>(first),
          row.get<std::string>(first + 1),
          row.get<std::string>(first + 2),
          row.get<std::string>(first + 3),
          row.get<std::optional<std::string>>(first + 4),
          row.get<std::string>(first + 5)};
}

json::array candidates_in(const Row& decision) {
  return json::parse(decision.get<std::string>(4)).as_array();
}

std::map<std::int64_t, StudentBrief> students_named(Transaction& transaction, const std::vector<Row>& decisions) {
  std::set<std::int64_t> named;
  for (const Row& row : decisions)
    for (const json::value& candidate : candidates_in(row))
      if (const auto& id = candidate.at("student_id"); id.is_int64()) named.insert(id.as_int64());
  std::map<std::int64_t, StudentBrief> students;
  if (named.empty()) return students;
  for (const Row& row : transaction.rows(kStudents, json::serialize(json::value_from(named))))
    students.emplace(row.get<std::int64_t>(0), student_of(row, 0));
  return students;
}

json::object object_in(const std::string& text) {
  const json::value value = json::parse(text);
  return value.is_object() ? value.as_object() : json::object();
}

OcrView ocr_of_row(const Row& row, const std::map<std::int64_t, StudentBrief>& students) {
  OcrView view;
  view.readings = object_in(row.get<std::string>(1));
  view.confidence = row.get<double>(2);
  view.mode = row.get<std::string>(3);
  for (const json::value& candidate : candidates_in(row)) {
    CandidateView shown{std::nullopt, candidate.at("confidence").to_number<double>(), {}};
    if (const auto& id = candidate.at("student_id"); id.is_int64())
      if (const auto found = students.find(id.as_int64()); found != students.end()) shown.student = found->second;
    if (const auto* evidence = candidate.as_object().if_contains("evidence"))
      if (evidence->is_object()) shown.evidence = evidence->get_object();
    view.candidates.push_back(std::move(shown));
  }
  view.engines = object_in(row.get<std::string>(5));
  view.selected_rank = row.get<std::optional<int>>(6);
  view.manual_override = row.get<bool>(7);
  return view;
}

std::map<CopyId, CopyView*> copies_by_id(std::vector<CopyView>& copies) {
  std::map<CopyId, CopyView*> by_id;
  for (CopyView& copy : copies) by_id[copy.id] = &copy;
  return by_id;
}

std::string json_ids(const std::vector<CopyView>& copies) {
  json::array ids;
  for (const CopyView& copy : copies) ids.emplace_back(copy.id.text());
  return json::serialize(ids);
}

}  // namespace

CopyView copy_of_row(const Row& row) {
  CopyView copy;
  copy.id = row.get<CopyId>(0);
  copy.exam = row.get<ExamId>(1);
  copy.anonymous_id = row.get<std::string>(2);
  copy.status = row.get<std::string>(3);
  copy.status_reason = row.get<std::optional<std::string>>(4);
  if (!row.is_null(5)) copy.student = student_of(row, 5);
  copy.ocr_mode = row.get<std::optional<std::string>>(11);
  copy.confidence = row.get<std::optional<double>>(12);
  copy.student_identifier = row.get<std::optional<std::string>>(13);
  copy.assigned_corrector = row.get<std::optional<UserId>>(14);
  copy.assigned_at = row.get<std::optional<UtcTime>>(15);
  copy.dispatch_run = row.get<std::optional<std::string>>(16);
  copy.subject_variant = row.get<std::optional<std::string>>(17);
  copy.global_appreciation = row.get<std::string>(18);
  copy.page_count = row.get<int>(19);
  copy.warnings = json::value_to<std::vector<std::string>>(json::parse(row.get<std::string>(20)));
  copy.has_pdf = !row.is_null(21);
  copy.has_masked_pdf = !row.is_null(22);
  copy.created_at = row.get<UtcTime>(23);
  copy.validated_at = row.get<std::optional<UtcTime>>(24);
  copy.locked_at = row.get<std::optional<UtcTime>>(25);
  copy.graded_at = row.get<std::optional<UtcTime>>(26);
  copy.locked_by = row.get<std::optional<UserId>>(27);
  copy.exam_name = row.get<std::string>(28);
  copy.exam_subject = row.get<std::string>(29);
  copy.exam_date = row.get<std::string>(30);
  return copy;
}

std::string json_ids(const std::vector<CopyId>& copies) {
  json::array ids;
  for (const CopyId& copy : copies) ids.emplace_back(copy.text());
  return json::serialize(ids);
}

void add_parts(Transaction& transaction, std::vector<CopyView>& copies) {
  if (copies.empty()) return;
  const auto by_id = copies_by_id(copies);
  for (const Row& row : transaction.rows(kBooklets, json_ids(copies))) {
    CopyView& copy = *by_id.at(row.get<CopyId>(0));
    copy.booklets.push_back(row.get<BookletId>(1));
    if (!row.is_null(2) && !copy.header_booklet) copy.header_booklet = copy.booklets.back();
  }
  add_exercise_correctors(transaction, copies);
}

void add_exercise_correctors(Transaction& transaction, std::vector<CopyView>& copies) {
  if (copies.empty()) return;
  const auto by_id = copies_by_id(copies);
  for (const Row& row : transaction.rows(kExercises, json_ids(copies)))
    by_id.at(row.get<CopyId>(0))->exercise_correctors.push_back({row.get<std::string>(1), row.get<UserId>(2)});
}

std::map<CopyId, OcrView> ocr_of_copies(Transaction& transaction, const std::vector<CopyId>& copies) {
  std::map<CopyId, OcrView> all;
  if (copies.empty()) return all;
  const auto rows = transaction.rows(kDecisions, json_ids(copies));
  const auto students = students_named(transaction, rows);
  for (const Row& row : rows) all.emplace(row.get<CopyId>(0), ocr_of_row(row, students));
  return all;
}

}  // namespace korrigo::copies
