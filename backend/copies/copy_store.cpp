#include "copies/copy_store.h"

#include <boost/json.hpp>
#include <charconv>

#include "copies/copy_state.h"
#include "identification/reading_json.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kPutCopy{"copy.put", R"(
  INSERT INTO copy (id, exam_id, student_id, anonymous_id, position, page_count, warnings, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8))"};
constexpr Statement kPutCopyBooklet{"copy.put_booklet",
                                    "INSERT INTO copy_booklet (copy_id, booklet_id, position) VALUES ($1, $2, $3)"};
constexpr Statement kPlaceFace{"copy.place_face", "UPDATE face SET copy_id = $2, page_index = $3 WHERE id = $1"};
constexpr Statement kPutDecision{"copy.put_decision", R"(
  INSERT INTO ocr_result (id, copy_id, detected_text, confidence, ocr_mode, candidates, engines, warnings, created_at,
    updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9))"};
constexpr Statement kNextPosition{"copy.next_position",
                                  "SELECT coalesce(max(position) + 1, 0) FROM copy WHERE exam_id = $1"};
constexpr Statement kAnonymousIds{"copy.anonymous_ids", "SELECT anonymous_id FROM copy WHERE exam_id = $1"};
constexpr Statement kVersion{"copy.version", "SELECT version FROM copy WHERE id = $1"};
constexpr Statement kPutFiles{"copy.put_files", R"(
  UPDATE copy SET pdf_file = $3, masked_pdf_file = $4 WHERE id = $1 AND version = $2)"};
constexpr Statement kPutFaceFiles{"copy.put_face_files", R"(
  UPDATE face SET preview_file = $2, thumbnail_file = $3, masked_preview_file = $4, masked_thumbnail_file = $5
  WHERE id = $1 AND rotation = $6)"};
constexpr Statement kPlaceOfFace{"copy.place_of_face", R"(
  SELECT copy_id, page_index, booklet_id, booklet_position FROM face WHERE id = $1)"};
constexpr Statement kDropFace{"copy.drop_face", R"(
  UPDATE face SET booklet_id = NULL, booklet_position = NULL, copy_id = NULL, page_index = NULL, unplaced_reason = $2
  WHERE id = $1)"};
constexpr Statement kCloseCopyGap{"copy.close_gap",
                                  "UPDATE face SET page_index = page_index - 1 WHERE copy_id = $1 AND page_index > $2"};
constexpr Statement kCloseBookletGap{"copy.close_booklet_gap", R"(
  UPDATE face SET booklet_position = booklet_position - 1 WHERE booklet_id = $1 AND booklet_position > $2)"};
constexpr Statement kRecount{"copy.recount", R"(
  UPDATE copy SET page_count = (SELECT count(*) FROM face WHERE face.copy_id = copy.id), warnings = $2 WHERE id = $1)"};
constexpr Statement kWarnings{"copy.warnings", "SELECT warnings FROM copy WHERE id = $1"};
constexpr Statement kShared{"copy.shared_sides", R"(
  SELECT DISTINCT other.exam_pdf_id, other.side FROM face own
  JOIN face other ON other.exam_pdf_id = own.exam_pdf_id AND other.side = own.side
  WHERE own.copy_id = $1 AND (other.copy_id IS NULL OR other.copy_id <> $1))"};
constexpr Statement kCopiesFrom{"copy.from_booklets", R"(
  SELECT DISTINCT copy.id, copy.student_id, copy.page_count, copy.status FROM booklet
  JOIN copy_booklet ON copy_booklet.booklet_id = booklet.id JOIN copy ON copy.id = copy_booklet.copy_id
  WHERE booklet.exam_id = $1 AND booklet.position >= $2)"};
constexpr Statement kDelete{"copy.delete", "DELETE FROM copy WHERE id = $1"};
constexpr Statement kDeleteEmptyBooklets{"copy.delete_empty_booklets", R"(
  DELETE FROM booklet WHERE exam_id = $1 AND position >= $2
    AND NOT EXISTS (SELECT 1 FROM face WHERE face.booklet_id = booklet.id))"};

std::string json_of(const std::vector<std::string>& texts) {
  return json::serialize(json::value_from(texts));
}

json::object engines_of(const std::vector<identification::BatchHeader>& headers) {
  json::object engines;
  for (const auto& header : headers)
    if (header.understood) engines[header.reading.engine] = header.engine_version;
  return engines;
}

std::vector<storage::Value> decision_values(const CopyId& id, const ScannedCopy& copy, const std::string& candidates,
                                            const StoredBatch& batch, UtcTime now) {
  std::vector<identification::BatchHeader> own;
  for (const std::size_t header : copy.headers) own.push_back(batch.headers[header]);
  const std::string detected = json::serialize(identification::readings_for_people(own));
  const std::string engines = json::serialize(engines_of(own));
  return {make_uuid_v7(now),
          id,
          detected,
          std::clamp(copy.decision.confidence, 0.0, 1.0),
          identification::to_string(copy.decision.mode),
          candidates,
          engines,
          json_of(copy.decision.warnings),
          now};
}

}  // namespace

void put_copies(Transaction& transaction, const ExamId& exam, const std::vector<ScannedCopy>& copies,
                const std::vector<CopyId>& ids, const std::vector<std::string>& candidates, const StoredBatch& batch,
                const std::vector<StudentId>& students, UtcTime now) {
  std::int64_t position = transaction.row(kNextPosition, exam)->get<std::int64_t>(0);
  std::vector<std::vector<storage::Value>> rows, booklets, faces, decisions;
  for (std::size_t c = 0; c < copies.size(); ++c) {
    const ScannedCopy& copy = copies[c];
    const CopyId& id = ids[c];
    std::optional<StudentId> owner;
    if (copy.decision.student) owner = students[*copy.decision.student];
    rows.push_back({id, exam, owner, copy.anonymous_id, position++, copy.faces.size(), json_of(copy.warnings), now});
    std::size_t page = 0;
    for (std::size_t i = 0; i < copy.booklets.size(); ++i) {
      booklets.push_back({id, batch.booklet_ids[copy.booklets[i]], i});
      for (const FaceId& face : batch.face_ids[copy.booklets[i]]) faces.push_back({face, id, page++});
    }
    if (!copy.headers.empty()) decisions.push_back(decision_values(id, copy, candidates[c], batch, now));
  }
  transaction.execute_many(kPutCopy, rows);
  transaction.execute_many(kPutCopyBooklet, booklets);
  transaction.execute_many(kPlaceFace, faces);
  transaction.execute_many(kPutDecision, decisions);
}

std::size_t next_anonymous_number(Transaction& transaction, const ExamId& exam) {
  std::size_t highest = 0;
  for (const Row& row : transaction.rows(kAnonymousIds, exam)) {
    const auto id = row.get<std::string>(0);
    std::size_t number = 0;
    if (id.size() > 1 && id.front() == 'A') std::from_chars(id.data() + 1, id.data() + id.size(), number);
    highest = std::max(highest, number);
  }
  return highest + 1;
}

FaceFiles face_files(const ExamId& exam, const StoredFace& face) {
  const std::string stem = fmt::format("exams/pages/{}/{}-{}", exam.text(), face.id.text(), face.face.rotation);
  return {stem + ".jpg", stem + "-small.jpg", stem + "-masked.jpg", stem + "-masked-small.jpg"};
}

std::optional<CopyFiles> copy_files(Transaction& transaction, const CopyId& copy) {
  const auto row = transaction.row(kVersion, copy);
  if (!row) return std::nullopt;
  const int version = row->get<int>(0);
  const std::string stem = fmt::format("copies/booklets/{}/{}", copy.text(), version);
  return CopyFiles{copy, version, stem + "-copy.pdf", stem + "-masked.pdf"};
}

bool put_copy_files(Transaction& transaction, const CopyFiles& files) {
  return transaction.execute(kPutFiles, files.id, files.version, files.pdf, files.masked_pdf) > 0;
}

bool put_face_files(Transaction& transaction, const StoredFace& face, const FaceFiles& files) {
  const auto given = [](const std::string& key) { return key.empty() ? std::nullopt : std::optional(key); };
  return transaction.execute(kPutFaceFiles, face.id, given(files.preview), given(files.thumbnail),
                             given(files.masked_preview), given(files.masked_thumbnail), face.face.rotation) > 0;
}

void drop_face(Transaction& transaction, const FaceId& face, const std::string& reason) {
  const auto place = transaction.row(kPlaceOfFace, face);
  if (!place || place->is_null(0)) return;
  const auto copy = place->get<CopyId>(0);
  transaction.execute(kDropFace, face, reason);
  transaction.execute(kCloseCopyGap, copy, place->get<int>(1));
  if (!place->is_null(2)) transaction.execute(kCloseBookletGap, place->get<BookletId>(2), place->get<int>(3));
  auto warnings =
      json::value_to<std::vector<std::string>>(json::parse(transaction.row(kWarnings, copy)->get<std::string>(0)));
  if (std::find(warnings.begin(), warnings.end(), kLostPage) == warnings.end()) warnings.emplace_back(kLostPage);
  transaction.execute(kRecount, copy, json_of(warnings));
}

std::vector<std::pair<int, int>> shared_sides(Transaction& transaction, const CopyId& copy,
                                              const std::vector<BatchSource>& sources) {
  std::vector<std::pair<int, int>> sides;
  for (const Row& row : transaction.rows(kShared, copy)) {
    const auto id = row.get<SourceId>(0);
    for (std::size_t i = 0; i < sources.size(); ++i)
      if (sources[i].id == id) sides.emplace_back(static_cast<int>(i), row.get<int>(1));
  }
  return sides;
}

std::int64_t release_copies(Transaction& transaction, const BatchRange& range, UtcTime now) {
  std::int64_t count = 0;
  for (const Row& row : transaction.rows(kCopiesFrom, range.exam, range.first_booklet)) {
    const auto id = row.get<CopyId>(0);
    if (row.get<int>(2) == 0) {
      transaction.execute(kDelete, id);
      continue;
    }
    ++count;
    if (row.is_null(1) || row.get<std::string>(3) != "STAGING") continue;
    const auto released = take_step(transaction, id, Step::validate, "VALIDATE", std::nullopt, {{"by", "batch"}}, now);
    if (!released) throw std::logic_error(released.error().message);
  }
  transaction.execute(kDeleteEmptyBooklets, range.exam, range.first_booklet);
  return count;
}

}  // namespace korrigo::copies
