#include <boost/json.hpp>

#include "copies/batch_store.h"
#include "identification/reading_json.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kPutReading{"reading.put", R"(
  INSERT INTO header_reading (face_id, engine, engine_version, reading, created_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (face_id, engine) DO UPDATE SET engine_version = excluded.engine_version, reading = excluded.reading,
    created_at = excluded.created_at)"};
constexpr Statement kPutHeader{"reading.put_header", R"(
  UPDATE face SET header_file = $2, header_x = 0, header_y = 0, header_w = 1, header_h = $3 WHERE id = $1)"};
constexpr Statement kBookletHeader{"reading.booklet_header", R"(
  UPDATE booklet SET header_file = $2, student_name_guess = $3
  WHERE id = (SELECT booklet_id FROM face WHERE id = $1 AND booklet_position = 0))"};
constexpr Statement kCount{"reading.count", R"(
  SELECT count(*) FROM face WHERE exam_pdf_id = $1 AND header_h IS NOT NULL)"};
constexpr Statement kReadings{"reading.of_face", "SELECT reading FROM header_reading WHERE face_id = $1"};
constexpr Statement kSetHasHeader{"reading.set_has_header",
                                  "UPDATE face SET has_header = 1 WHERE id = $1 AND has_header = 0"};
constexpr Statement kCached{"reading.cached", R"(
  UPDATE ocr_cache SET used_at = $3 WHERE picture_sha256 = $1 AND engine = $2 RETURNING answer)"};
constexpr Statement kCache{"reading.cache", R"(
  INSERT INTO ocr_cache (picture_sha256, engine, answer, used_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (picture_sha256, engine) DO UPDATE SET used_at = excluded.used_at)"};
constexpr Statement kSetting{"reading.setting", "SELECT value FROM setting WHERE key = $1"};
constexpr Statement kFreeStudents{"reading.free_students", R"(
  SELECT student.id, last_name, first_name, email, date_naissance, class_name, exam_student.numero_etudiant, groupe
  FROM exam_student JOIN student ON student.id = exam_student.student_id
  WHERE exam_student.exam_id = $1
    AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.exam_id = $1 AND copy.student_id = student.id)
  ORDER BY exam_student.position, student.id)"};

std::optional<std::string> name_guess(const identification::BatchHeader& header) {
  std::string guess;
  for (const auto& [field, text] : identification::readings_for_people(std::span(&header, 1)))
    if ((field == "nom" || field == "prenom" || field == "nom_prenom") && !text.as_string().empty())
      guess += (guess.empty() ? "" : " ") + std::string(text.as_string());
  if (guess.empty()) return std::nullopt;
  return guess;
}

}  // namespace

std::optional<std::string> name_in_reading(std::string_view reading_json) {
  const auto header = identification::header_of_json(json::parse(reading_json));
  return header ? name_guess(*header) : std::nullopt;
}

void put_reading(Transaction& transaction, const ReadFace& read, UtcTime now) {
  transaction.execute(kPutHeader, read.id, read.header_file, read.bottom);
  transaction.execute(kBookletHeader, read.id, read.header_file, name_guess(read.header));
  const std::string answer = json::serialize(reading_json(read.header));
  transaction.execute(kPutReading, read.id, "tesseract", read.header.engine_version, answer, now);
  if (read.to_cache) transaction.execute(kCache, read.to_cache->picture_sha256, read.to_cache->engine, answer, now);
}

bool is_understood(Transaction& transaction, const FaceId& face) {
  for (const Row& row : transaction.rows(kReadings, face)) {
    const auto header = identification::header_of_json(json::parse(row.get<std::string>(0)));
    if (header && header->understood) return true;
  }
  return false;
}

bool set_has_header(Transaction& transaction, const FaceId& face) {
  return transaction.execute(kSetHasHeader, face) > 0;
}

std::int64_t count_readings(Transaction& transaction, const std::vector<BatchSource>& sources) {
  std::int64_t count = 0;
  for (const BatchSource& source : sources) count += transaction.row(kCount, source.id)->get<std::int64_t>(0);
  return count;
}

std::optional<json::value> cached_answer(Transaction& transaction, std::string_view picture_sha256,
                                         std::string_view engine, UtcTime now) {
  const auto row = transaction.row(kCached, picture_sha256, engine, now);
  if (!row) return std::nullopt;
  return json::parse(row->get<std::string>(0));
}

identification::Thresholds thresholds(Transaction& transaction) {
  identification::Thresholds thresholds;
  const auto set = [&](std::string_view key, double& value) {
    if (const auto row = transaction.row(kSetting, key))
      value = json::parse(row->get<std::string>(0)).to_number<double>();
  };
  set("auto_threshold", thresholds.automatic);
  set("semi_auto_threshold", thresholds.semi_automatic);
  return thresholds;
}

ExamRoster free_students(Transaction& transaction, const ExamId& exam) {
  ExamRoster free;
  for (const Row& row : transaction.rows(kFreeStudents, exam)) {
    students::RosterStudent student;
    free.ids.push_back(row.get<StudentId>(0));
    student.nom = row.get<std::string>(1);
    student.prenom = row.get<std::string>(2);
    student.email = row.get<std::optional<std::string>>(3).value_or("");
    student.date_naissance = Date::parse(row.get<std::string>(4)).value_or(Date{});
    student.classe = row.get<std::string>(5);
    student.numero_etudiant = row.get<std::string>(6);
    student.groupe = row.get<std::string>(7);
    free.roster.students.push_back(std::move(student));
  }
  return free;
}

}  // namespace korrigo::copies
