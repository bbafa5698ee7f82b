#include "copies/class_store.h"

#include <boost/json.hpp>

#include "base/hash.h"
#include "identification/reading_json.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCopies{"class.copies", R"(
  SELECT copy.id, copy.status, copy.student_id, copy.warnings,
    (SELECT count(*) FROM ocr_result WHERE copy_id = copy.id AND decided_at IS NOT NULL),
    (SELECT count(*) FROM copy_booklet JOIN booklet ON booklet.id = copy_booklet.booklet_id
     WHERE copy_booklet.copy_id = copy.id AND booklet.overlong = 1)
  FROM copy WHERE copy.exam_id = $1 ORDER BY copy.position, copy.id)"};
constexpr Statement kReadings{"class.readings", R"(
  SELECT copy.id, header_reading.reading FROM copy JOIN face ON face.copy_id = copy.id
  JOIN header_reading ON header_reading.face_id = face.id
  WHERE copy.exam_id = $1 AND copy.student_id IS NULL ORDER BY copy.id, face.page_index, header_reading.engine)"};
constexpr Statement kStampCopies{"class.stamp_copies", R"(
  SELECT copy.id, copy.status, coalesce(copy.student_id, 0), copy.version, coalesce(ocr_result.decided_at, 0)
  FROM copy LEFT JOIN ocr_result ON ocr_result.copy_id = copy.id WHERE copy.exam_id = $1 ORDER BY copy.id)"};
constexpr Statement kStampReadings{"class.stamp_readings", R"(
  SELECT count(*), coalesce(max(header_reading.created_at), 0) FROM copy JOIN face ON face.copy_id = copy.id
  JOIN header_reading ON header_reading.face_id = face.id WHERE copy.exam_id = $1)"};
constexpr Statement kStudents{"class.students", R"(
  SELECT student.id, last_name, first_name, email, date_naissance, class_name, exam_student.numero_etudiant, groupe,
    student.updated_at
  FROM exam_student JOIN student ON student.id = exam_student.student_id
  WHERE exam_student.exam_id = $1 ORDER BY exam_student.position, student.id)"};
constexpr Statement kPut{"class.put_decision", R"(
  INSERT INTO ocr_result (id, copy_id, detected_text, confidence, ocr_mode, candidates, engines, warnings, created_at,
    updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
  ON CONFLICT (copy_id) DO UPDATE SET detected_text = excluded.detected_text, confidence = excluded.confidence,
    ocr_mode = excluded.ocr_mode, candidates = excluded.candidates, engines = excluded.engines,
    warnings = excluded.warnings, updated_at = excluded.updated_at
  WHERE ocr_result.candidates <> excluded.candidates OR ocr_result.ocr_mode <> excluded.ocr_mode
    OR ocr_result.confidence <> excluded.confidence OR ocr_result.warnings <> excluded.warnings
    OR ocr_result.detected_text <> excluded.detected_text)"};
constexpr Statement kWarnings{"class.put_warnings", "UPDATE copy SET warnings = $2 WHERE id = $1 AND warnings <> $2"};
constexpr Statement kForget{"class.forget_decision",
                            "DELETE FROM ocr_result WHERE copy_id = $1 AND decided_at IS NULL"};
constexpr Statement kDecisionWarnings{"class.decision_warnings", "SELECT warnings FROM ocr_result WHERE copy_id = $1"};

std::vector<std::string> texts_of(const std::string& text) {
  return json::value_to<std::vector<std::string>>(json::parse(text));
}

students::RosterStudent student_of(const Row& row) {
  students::RosterStudent student;
  student.nom = row.get<std::string>(1);
  student.prenom = row.get<std::string>(2);
  student.email = row.get<std::optional<std::string>>(3).value_or("");
  student.date_naissance = Date::parse(row.get<std::string>(4)).value_or(Date{});
  student.classe = row.get<std::string>(5);
  student.numero_etudiant = row.get<std::string>(6);
  student.groupe = row.get<std::string>(7);
  return student;
}

void load_readings(Transaction& transaction, const ExamId& exam, std::vector<ClassCopy>& copies) {
  std::map<CopyId, ClassCopy*> by_id;
  for (ClassCopy& copy : copies) by_id[copy.id] = &copy;
  for (const Row& row : transaction.rows(kReadings, exam))
    if (auto header = identification::header_of_json(json::parse(row.get<std::string>(1))))
      by_id.at(row.get<CopyId>(0))->headers.push_back(std::move(*header));
}

}  // namespace

ExamClass load_class(Transaction& transaction, const ExamId& exam) {
  ExamClass all;
  for (const Row& row : transaction.rows(kStudents, exam)) {
    all.roster.ids.push_back(row.get<StudentId>(0));
    all.roster.roster.students.push_back(student_of(row));
  }
  for (const Row& row : transaction.rows(kCopies, exam))
    all.copies.push_back({row.get<CopyId>(0),
                          row.get<std::string>(1),
                          row.get<std::optional<StudentId>>(2),
                          row.get<int>(4) > 0,
                          row.get<int>(5) > 0,
                          texts_of(row.get<std::string>(3)),
                          {}});
  load_readings(transaction, exam, all.copies);
  all.thresholds = thresholds(transaction);
  all.stamp = class_stamp(transaction, exam);
  return all;
}

std::string class_stamp(Transaction& transaction, const ExamId& exam) {
  std::string text;
  for (const Row& row : transaction.rows(kStampCopies, exam))
    text += fmt::format("{} {} {} {} {}\n", row.get<std::string>(0), row.get<std::string>(1), row.get<std::int64_t>(2),
                        row.get<std::int64_t>(3), row.get<std::int64_t>(4));
  const auto readings = transaction.row(kStampReadings, exam);
  text += fmt::format("{} {}\n", readings->get<std::int64_t>(0), readings->get<std::int64_t>(1));
  for (const Row& row : transaction.rows(kStudents, exam))
    text += fmt::format("{} {}\n", row.get<std::int64_t>(0), row.get<std::int64_t>(8));
  return sha256(std::as_bytes(std::span(text)));
}

DecisionRow decision_row(const std::vector<identification::BatchHeader>& headers,
                         const identification::Decision& decision, std::string candidates) {
  json::object engines;
  for (const auto& header : headers)
    if (header.understood) engines[header.reading.engine] = header.engine_version;
  return {json::serialize(identification::readings_for_people(headers)),
          std::string(identification::to_string(decision.mode)),
          std::move(candidates),
          json::serialize(engines),
          json::serialize(json::value_from(decision.warnings)),
          std::clamp(decision.confidence, 0.0, 1.0)};
}

void put_decision(Transaction& transaction, const CopyId& copy, const DecisionRow& decision,
                  const std::vector<std::string>& warnings, UtcTime now) {
  transaction.execute(kPut, make_uuid_v7(now), copy, decision.detected_text, decision.confidence, decision.mode,
                      decision.candidates, decision.engines, decision.warnings, now);
  transaction.execute(kWarnings, copy, json::serialize(json::value_from(warnings)));
}

void forget_decision(Transaction& transaction, const CopyId& copy) {
  transaction.execute(kForget, copy);
}

std::vector<std::string> decision_warnings(Transaction& transaction, const CopyId& copy) {
  const auto row = transaction.row(kDecisionWarnings, copy);
  return row ? texts_of(row->get<std::string>(0)) : std::vector<std::string>();
}

}  // namespace korrigo::copies
