#include "copies/report.h"

#include <boost/json.hpp>

#include "copies/copy_json.h"
#include "copies/copy_rows.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kExam{"report.exam", "SELECT status, intake_report FROM exam WHERE id = $1"};
constexpr Statement kSources{"report.sources", R"(
  SELECT id, original_name, sha256, size, page_count, position, kind, student_identifier, uploaded_at FROM exam_pdf
  WHERE exam_id = $1 AND kind <> 'ROSTER' ORDER BY position, id)"};
constexpr Statement kCopies{"report.copies", "SELECT " KORRIGO_COPY_COLUMNS KORRIGO_COPY_FROM
                                             "WHERE copy.exam_id = $1 ORDER BY copy.anonymous_id, copy.id"};
constexpr Statement kFaces{"report.faces", R"(
  SELECT face.copy_id, face.id, face.page_index, face.exam_pdf_id, side, half, rotation, skew_degrees, is_blank,
    has_header, flags, header_x, header_y, header_w, header_h, preview_file, unplaced_reason
  FROM face JOIN exam_pdf ON exam_pdf.id = face.exam_pdf_id
  WHERE face.exam_id = $1 ORDER BY face.copy_id, face.page_index, exam_pdf.position, face.side, face.half)"};
constexpr Statement kAbsent{"report.absent", R"(
  SELECT student.id, last_name, first_name, date_naissance, email, class_name
  FROM exam_student JOIN student ON student.id = exam_student.student_id
  WHERE exam_student.exam_id = $1
    AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.exam_id = $1 AND copy.student_id = student.id)
  ORDER BY exam_student.position, student.id)"};

struct Faces {
  std::map<CopyId, json::array> of_copies;
  json::array unplaced;
  std::int64_t count = 0, blank = 0;
};

json::value header_of(const Row& row) {
  if (!row.get<bool>(9) || row.is_null(14)) return nullptr;
  return json::object{
      {"x", row.get<double>(11)}, {"y", row.get<double>(12)}, {"w", row.get<double>(13)}, {"h", row.get<double>(14)}};
}

// What a face in a copy and one in none have in common.
json::object place_json(const Row& row) {
  const FaceId id = row.get<FaceId>(1);
  return {{"id", id.text()},
          {"source_id", row.get<std::string>(3)},
          {"side", row.get<int>(4) + 1},
          {"half", row.get<std::string>(5)},
          {"rotation", row.get<int>(6)},
          {"is_blank", row.get<bool>(8)},
          {"image_url", row.is_null(15) ? json::value(nullptr) : json::value(face_url(id))}};
}

Faces faces_of(Transaction& transaction, const ExamId& exam) {
  Faces faces;
  for (const Row& row : transaction.rows(kFaces, exam)) {
    ++faces.count;
    faces.blank += row.get<bool>(8) ? 1 : 0;
    json::object face = place_json(row);
    if (row.is_null(0)) {
      face["reason"] = row.get<std::optional<std::string>>(16).value_or("It belongs to no copy.");
      faces.unplaced.push_back(std::move(face));
      continue;
    }
    face["position"] = row.get<int>(2);
    face["skew_degrees"] = row.get<double>(7);
    face["has_header"] = row.get<bool>(9);
    face["flags"] = json::parse(row.get<std::string>(10));
    face["header_box"] = header_of(row);
    faces.of_copies[row.get<CopyId>(0)].push_back(std::move(face));
  }
  return faces;
}

json::array sources_of_exam(Transaction& transaction, const ExamId& exam, std::int64_t& sides) {
  json::array sources;
  for (const Row& row : transaction.rows(kSources, exam)) {
    const auto kind = row.get<std::string>(6);
    if (kind != "ANNEX") sides += row.get<std::int64_t>(4);
    const auto identifier = row.get<std::optional<std::string>>(7);
    sources.push_back(json::object{{"id", row.get<std::string>(0)},
                                   {"exam_id", exam.text()},
                                   {"original_name", row.get<std::string>(1)},
                                   {"sha256", row.get<std::string>(2)},
                                   {"size", row.get<std::int64_t>(3)},
                                   {"page_count", row.get<std::int64_t>(4)},
                                   {"position", row.get<std::int64_t>(5)},
                                   {"kind", kind},
                                   {"student_identifier", identifier ? json::value(*identifier) : json::value(nullptr)},
                                   {"uploaded_at", to_iso(row.get<UtcTime>(8))}});
  }
  return sources;
}

struct Copies {
  json::array all;
  std::map<std::string, std::int64_t> by_mode;
  std::int64_t warnings = 0;
};

json::object copy_in_report(const CopyView& copy, const OcrView* ocr, json::array faces) {
  return {{"id", copy.id.text()},
          {"anonymous_id", copy.anonymous_id},
          {"status", copy.status},
          {"mode", ocr != nullptr ? ocr->mode : "MANUAL"},
          {"confidence", ocr != nullptr ? ocr->confidence : 0.0},
          {"student", copy.student ? json::value(student_json(*copy.student)) : json::value(nullptr)},
          {"candidates", ocr != nullptr ? candidates_json(ocr->candidates) : json::array()},
          {"readings", ocr != nullptr ? ocr->readings : json::object()},
          {"header_url", copy.header_booklet ? json::value(header_url(*copy.header_booklet)) : json::value(nullptr)},
          {"faces", std::move(faces)},
          {"warnings", json::value_from(copy.warnings)}};
}

Copies copies_of(Transaction& transaction, const ExamId& exam, Faces& faces) {
  std::vector<CopyView> copies;
  for (const Row& row : transaction.rows(kCopies, exam)) copies.push_back(copy_of_row(row));
  add_parts(transaction, copies);
  std::vector<CopyId> ids;
  for (const CopyView& copy : copies) ids.push_back(copy.id);
  const auto decisions = ocr_of_copies(transaction, ids);
  Copies report;
  for (const CopyView& copy : copies) {
    const auto found = decisions.find(copy.id);
    const OcrView* ocr = found != decisions.end() ? &found->second : nullptr;
    ++report.by_mode[ocr != nullptr ? ocr->mode : "MANUAL"];
    report.warnings += static_cast<std::int64_t>(copy.warnings.size());
    report.all.push_back(copy_in_report(copy, ocr, std::move(faces.of_copies[copy.id])));
  }
  return report;
}

json::array absent_students(Transaction& transaction, const ExamId& exam) {
  json::array absent;
  for (const Row& row : transaction.rows(kAbsent, exam))
    absent.push_back(
        student_json({row.get<StudentId>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
                      row.get<std::optional<std::string>>(4), row.get<std::string>(5)}));
  return absent;
}

}  // namespace

Result<json::object> intake_report(Transaction& transaction, const ExamId& exam) {
  const auto row = transaction.row(kExam, exam);
  if (!row) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  if (row->is_null(1)) return refuse(ErrorKind::not_found, "report.not_ready", "No batch of this exam has ended yet.");
  const json::object stored = json::parse(row->get<std::string>(1)).as_object();
  std::int64_t sides = 0;
  json::array sources = sources_of_exam(transaction, exam, sides);
  Faces faces = faces_of(transaction, exam);
  Copies copies = copies_of(transaction, exam, faces);
  json::array absent = absent_students(transaction, exam);
  json::object counts{{"sides", sides},
                      {"faces", faces.count},
                      {"blank", faces.blank},
                      {"unplaced", faces.unplaced.size()},
                      {"copies", copies.all.size()},
                      {"auto", copies.by_mode["AUTO"]},
                      {"semi_auto", copies.by_mode["SEMI_AUTO"]},
                      {"manual", copies.by_mode["MANUAL"]},
                      {"absent", absent.size()},
                      {"warnings", copies.warnings}};
  return json::object{{"version", 1},
                      {"exam_id", exam.text()},
                      {"status", row->get<std::string>(0)},
                      {"sources", std::move(sources)},
                      {"batch", stored.at("batch")},
                      {"counts", std::move(counts)},
                      {"copies", std::move(copies.all)},
                      {"unplaced", std::move(faces.unplaced)},
                      {"absent", std::move(absent)},
                      {"timings_s", stored.at("timings_s")}};
}

}  // namespace korrigo::copies
