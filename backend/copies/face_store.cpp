#include <boost/json.hpp>

#include "copies/batch_store.h"
#include "identification/reading_json.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

#define KORRIGO_FACE_COLUMNS                                                                                       \
  "face.id, face.exam_pdf_id, face.side, face.half, face.part_x, face.part_y, face.part_width, face.part_height, " \
  "face.rotation, face.skew_degrees, face.is_blank, face.has_header, face.header_score, face.header_form, "        \
  "face.flags, "                                                                                                   \
  "face.booklet_id, face.header_x, face.header_y, face.header_w, face.header_h "

constexpr Statement kFace{"face.by_id", "SELECT " KORRIGO_FACE_COLUMNS " FROM face WHERE face.id = $1"};
constexpr Statement kFacesOfCopy{
    "face.of_copy", "SELECT " KORRIGO_FACE_COLUMNS " FROM face WHERE face.copy_id = $1 ORDER BY face.page_index"};
constexpr Statement kFacesFrom{"face.stapled_from", "SELECT " KORRIGO_FACE_COLUMNS R"(
  FROM booklet JOIN face ON face.booklet_id = booklet.id
  WHERE booklet.exam_id = $1 AND booklet.position >= $2 ORDER BY booklet.position, face.booklet_position)"};
constexpr Statement kSourcesOfCopy{"face.sources_of_copy", R"(
  SELECT id, file, original_name, page_count FROM exam_pdf
  WHERE id IN (SELECT exam_pdf_id FROM face WHERE copy_id = $1) ORDER BY position, id)"};
constexpr Statement kSourcesOfFace{"face.source", R"(
  SELECT exam_pdf.id, file, original_name, page_count FROM face JOIN exam_pdf ON exam_pdf.id = face.exam_pdf_id
  WHERE face.id = $1)"};
constexpr Statement kUnplaced{"face.unplaced", R"(
  SELECT id FROM face WHERE exam_pdf_id = $1 AND booklet_id IS NULL AND part_width > 0 ORDER BY side, half)"};
constexpr Statement kMasks{"face.masks", "SELECT x, y, w, h FROM face_mask WHERE face_id = $1"};
constexpr Statement kBooklet{"face.booklet", "SELECT overlong, warnings FROM booklet WHERE id = $1"};
constexpr Statement kReading{"face.reading", R"(
  SELECT reading FROM header_reading WHERE face_id = $1 ORDER BY engine)"};

#undef KORRIGO_FACE_COLUMNS

scans::Half half_named(const std::string& name) {
  for (const scans::Half half : {scans::Half::left, scans::Half::right})
    if (scans::to_string(half) == name) return half;
  return scans::Half::full;
}

std::vector<std::string> texts_of(const std::string& text) {
  return json::value_to<std::vector<std::string>>(json::parse(text));
}

int index_of(const std::vector<BatchSource>& sources, const SourceId& id) {
  const auto found =
      std::find_if(sources.begin(), sources.end(), [&](const BatchSource& source) { return source.id == id; });
  return static_cast<int>(found - sources.begin());
}

StoredFace face_of(const Row& row, const std::vector<BatchSource>& sources) {
  StoredFace stored;
  stored.id = row.get<FaceId>(0);
  scans::Face& face = stored.face;
  face.source = index_of(sources, row.get<SourceId>(1));
  face.side = row.get<int>(2);
  face.half = half_named(row.get<std::string>(3));
  face.part = {row.get<int>(4), row.get<int>(5), row.get<int>(6), row.get<int>(7)};
  face.rotation = row.get<int>(8);
  face.skew_degrees = row.get<double>(9);
  face.blank = row.get<bool>(10);
  face.header = row.get<bool>(11);
  face.header_score = row.get<double>(12);
  face.form = row.get<int>(13);
  face.flags = texts_of(row.get<std::string>(14));
  stored.booklet = row.get<std::optional<BookletId>>(15);
  if (!row.is_null(19))
    stored.header_box = FaceBox{row.get<double>(16), row.get<double>(17), row.get<double>(18), row.get<double>(19)};
  return stored;
}

std::vector<BatchSource> sources_in(const std::vector<Row>& rows) {
  std::vector<BatchSource> sources;
  for (const Row& row : rows)
    sources.push_back({row.get<SourceId>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<int>(3)});
  return sources;
}

void add_masks(Transaction& transaction, StoredFace& stored) {
  for (const Row& mask : transaction.rows(kMasks, stored.id))
    stored.added_masks.push_back({mask.get<double>(0), mask.get<double>(1), mask.get<double>(2), mask.get<double>(3)});
}

}  // namespace

std::vector<StoredFace> faces_of_ids(Transaction& transaction, const std::vector<BatchSource>& sources,
                                     const std::vector<FaceId>& ids) {
  std::vector<StoredFace> faces;
  for (const FaceId& id : ids)
    if (const auto row = transaction.row(kFace, id)) faces.push_back(face_of(*row, sources));
  return faces;
}

std::vector<StoredFace> faces_of_copy(Transaction& transaction, const std::vector<BatchSource>& sources,
                                      const CopyId& copy) {
  std::vector<StoredFace> faces;
  for (const Row& row : transaction.rows(kFacesOfCopy, copy)) {
    faces.push_back(face_of(row, sources));
    add_masks(transaction, faces.back());
  }
  return faces;
}

std::vector<BatchSource> sources_of_copy(Transaction& transaction, const CopyId& copy) {
  return sources_in(transaction.rows(kSourcesOfCopy, copy));
}

std::vector<BatchSource> sources_of_face(Transaction& transaction, const FaceId& face) {
  return sources_in(transaction.rows(kSourcesOfFace, face));
}

std::vector<FaceId> unplaced_faces(Transaction& transaction, const std::vector<BatchSource>& sources) {
  std::vector<FaceId> ids;
  for (const BatchSource& source : sources)
    for (const Row& row : transaction.rows(kUnplaced, source.id)) ids.push_back(row.get<FaceId>(0));
  return ids;
}

StoredBatch load_batch(Transaction& transaction, const BatchRange& range) {
  StoredBatch stored;
  for (const Row& row : transaction.rows(kFacesFrom, range.exam, range.first_booklet)) {
    const StoredFace face = face_of(row, range.sources);
    if (stored.booklet_ids.empty() || stored.booklet_ids.back() != *face.booklet) {
      const auto booklet = transaction.row(kBooklet, *face.booklet);
      stored.booklet_ids.push_back(*face.booklet);
      stored.batch.booklets.push_back({{}, booklet->get<bool>(0), texts_of(booklet->get<std::string>(1))});
      stored.face_ids.emplace_back();
    }
    scans::Booklet& booklet = stored.batch.booklets.back();
    booklet.faces.push_back(face.face);
    stored.face_ids.back().push_back(face.id);
    for (const Row& reading : transaction.rows(kReading, face.id)) {
      auto header = identification::header_of_json(json::parse(reading.get<std::string>(0)));
      if (!header) continue;
      header->booklet = stored.batch.booklets.size() - 1;
      header->face = booklet.faces.size() - 1;
      stored.headers.push_back(std::move(*header));
    }
  }
  return stored;
}

}  // namespace korrigo::copies
