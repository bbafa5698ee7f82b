#include "copies/batch_store.h"

#include <boost/json.hpp>

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kSourcesToScan{"batch.sources_to_scan", R"(
  SELECT id, file, original_name, page_count FROM exam_pdf
  WHERE exam_id = $1 AND kind = 'SCAN' AND NOT EXISTS (SELECT 1 FROM face WHERE face.exam_pdf_id = exam_pdf.id)
  ORDER BY position, id)"};
constexpr Statement kSource{"batch.source", "SELECT id, file, original_name, page_count FROM exam_pdf WHERE id = $1"};
constexpr Statement kOptions{"batch.options", "SELECT upload_mode, options FROM exam WHERE id = $1"};
constexpr Statement kPutLook{"batch.put_look", R"(
  INSERT INTO side (exam_pdf_id, side, problem, look, surveyed_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (exam_pdf_id, side) DO UPDATE
  SET problem = excluded.problem, look = excluded.look, surveyed_at = excluded.surveyed_at)"};
constexpr Statement kLook{"batch.look", "SELECT look FROM side WHERE exam_pdf_id = $1 AND side = $2"};
constexpr Statement kForgetLooks{"batch.forget_looks",
                                 "UPDATE side SET look = NULL WHERE exam_pdf_id = $1 AND look IS NOT NULL"};
constexpr Statement kCountLooks{"batch.count_looks", "SELECT count(*) FROM side WHERE exam_pdf_id = $1"};
constexpr Statement kPutBooklet{"batch.put_booklet", R"(
  INSERT INTO booklet (id, exam_id, position, start_page, end_page, overlong, warnings, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};
constexpr Statement kNextBooklet{"batch.next_booklet", R"(
  SELECT coalesce(max(position) + 1, 0), coalesce(max(end_page), 0) FROM booklet WHERE exam_id = $1)"};
constexpr Statement kPutFace{"batch.put_face", R"(
  INSERT INTO face (id, exam_id, exam_pdf_id, side, half, part_x, part_y, part_width, part_height, rotation, skew_degrees,
    is_blank, has_header, header_score, header_form, flags, booklet_id, booklet_position, unplaced_reason, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20))"};

BatchSource source_of(const Row& row) {
  return {row.get<SourceId>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<int>(3)};
}

std::string json_of(const std::vector<std::string>& texts) {
  return json::serialize(json::value_from(texts));
}

// Where a face lies: in a booklet, or in none for a reason.
struct Place {
  std::optional<BookletId> booklet;
  std::optional<int> position;
  std::optional<std::string> reason;
};

std::vector<storage::Value> face_values(const ExamId& exam, const BatchSource& source, const FaceId& id,
                                        const scans::Face& face, const Place& place, UtcTime now) {
  return {id,
          exam,
          source.id,
          face.side,
          scans::to_string(face.half),
          face.part.x,
          face.part.y,
          face.part.width,
          face.part.height,
          face.rotation,
          face.skew_degrees,
          face.blank,
          face.header,
          face.header_score,
          face.form,
          json_of(face.flags),
          place.booklet,
          place.position,
          place.reason,
          now};
}

}  // namespace

std::vector<BatchSource> sources_to_scan(Transaction& transaction, const ExamId& exam) {
  std::vector<BatchSource> sources;
  for (const Row& row : transaction.rows(kSourcesToScan, exam)) sources.push_back(source_of(row));
  return sources;
}

std::vector<BatchSource> sources_of(Transaction& transaction, const std::vector<SourceId>& ids) {
  std::vector<BatchSource> sources;
  for (const SourceId& id : ids)
    if (const auto row = transaction.row(kSource, id)) sources.push_back(source_of(*row));
  return sources;
}

std::optional<BatchOptions> batch_options(Transaction& transaction, const ExamId& exam) {
  const auto row = transaction.row(kOptions, exam);
  if (!row) return std::nullopt;
  BatchOptions options;
  // An A3 stack may hold A4 sheets, so their shapes decide.
  if (row->get<std::string>(0) != "BATCH_A3") options.survey.format = scans::SurveyOptions::Format::a4;
  const json::value stored = json::parse(row->get<std::string>(1));
  const json::object& wanted = stored.as_object();
  if (const auto* imposition = wanted.if_contains("imposition"); imposition != nullptr && *imposition == "booklet")
    options.arrange.imposition = scans::Imposition::booklet;
  else if (imposition != nullptr && *imposition == "plain")
    options.arrange.imposition = scans::Imposition::plain;
  if (const auto* rotation = wanted.if_contains("verso_rotation"); rotation != nullptr && rotation->is_int64())
    options.arrange.verso_rotation = static_cast<int>(rotation->as_int64());
  return options;
}

void put_look(Transaction& transaction, const SourceId& source, const scans::SideLook& look, UtcTime now) {
  transaction.execute(kPutLook, source, look.side.side, look.side.problem, scans::encode_looks(std::span(&look, 1)),
                      now);
}

std::optional<scans::SideLook> get_look(Transaction& transaction, const BatchSource& source, int index, int side) {
  const auto row = transaction.row(kLook, source.id, side);
  if (!row || row->is_null(0)) return std::nullopt;
  auto looks = scans::decode_looks(row->get<storage::Bytes>(0));
  scans::SideLook look = std::move(looks.at(0));
  look.side.source = index;
  for (auto& half : look.side.halves) half.face.source = index;
  return look;
}

std::int64_t count_looks(Transaction& transaction, const std::vector<BatchSource>& sources) {
  std::int64_t count = 0;
  for (const BatchSource& source : sources) count += transaction.row(kCountLooks, source.id)->get<std::int64_t>(0);
  return count;
}

ArrangementIds new_ids(const scans::Batch& batch) {
  ArrangementIds ids;
  for (const scans::Booklet& booklet : batch.booklets) {
    ids.booklets.emplace_back(make_uuid_v4());
    auto& faces = ids.faces.emplace_back();
    while (faces.size() < booklet.faces.size()) faces.emplace_back(make_uuid_v4());
  }
  return ids;
}

int next_booklet_position(Transaction& transaction, const ExamId& exam) {
  return transaction.row(kNextBooklet, exam)->get<int>(0);
}

void put_arrangement(Transaction& transaction, const BatchRange& range, const scans::Batch& batch,
                     const ArrangementIds& ids, UtcTime now) {
  int page = transaction.row(kNextBooklet, range.exam)->get<int>(1);
  std::vector<std::vector<storage::Value>> booklets, faces;
  const auto source_of_face = [&](const scans::Face& face) -> const BatchSource& {
    return range.sources[static_cast<std::size_t>(face.source)];
  };
  for (std::size_t b = 0; b < batch.booklets.size(); ++b) {
    const scans::Booklet& booklet = batch.booklets[b];
    const int count = static_cast<int>(booklet.faces.size());
    booklets.push_back({ids.booklets[b], range.exam, range.first_booklet + static_cast<int>(b), page + 1, page + count,
                        booklet.overlong, json_of(booklet.warnings), now});
    page += count;
    for (std::size_t i = 0; i < booklet.faces.size(); ++i)
      faces.push_back(face_values(range.exam, source_of_face(booklet.faces[i]), ids.faces[b][i], booklet.faces[i],
                                  {ids.booklets[b], static_cast<int>(i), std::nullopt}, now));
  }
  for (const scans::UnplacedFace& face : batch.unplaced)
    faces.push_back(face_values(range.exam, source_of_face(face), FaceId(make_uuid_v4()), face,
                                {std::nullopt, std::nullopt, face.reason}, now));
  transaction.execute_many(kPutBooklet, booklets);
  transaction.execute_many(kPutFace, faces);
  for (const BatchSource& source : range.sources) transaction.execute(kForgetLooks, source.id);
}

}  // namespace korrigo::copies
