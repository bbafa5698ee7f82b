/// The rows of a batch while it is made: sources, sides, faces, booklets, readings, copies. Indices are those of the
/// values of scans and identification; ids are those of the rows.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "copies/copy_files.h"
#include "copies/masks.h"
#include "copies/scanned_copy.h"
#include "scans/side_look.h"
#include "storage/database.h"
#include "students/roster.h"

namespace korrigo::copies {

struct BatchSource {
  SourceId id;
  std::string file;  // key of its blob
  std::string original_name;
  int sides = 0;
};

/// How the exam wants its batches read.
struct BatchOptions {
  scans::SurveyOptions survey;
  scans::ArrangeOptions arrange;
};

/// Scans of the exam of which no face exists yet, in their order.
std::vector<BatchSource> sources_to_scan(storage::Transaction& transaction, const ExamId& exam);
/// These sources, in this order; one that is gone is left out.
std::vector<BatchSource> sources_of(storage::Transaction& transaction, const std::vector<SourceId>& ids);
/// Nothing when there is no such exam.
std::optional<BatchOptions> batch_options(storage::Transaction& transaction, const ExamId& exam);

// Sides -----------------------------------------------------------------------

void put_look(storage::Transaction& transaction, const SourceId& source, const scans::SideLook& look, UtcTime now);
/// Nothing when the side was not looked at.
std::optional<scans::SideLook> get_look(storage::Transaction& transaction, const BatchSource& source, int index,
                                        int side);
std::int64_t count_looks(storage::Transaction& transaction, const std::vector<BatchSource>& sources);

// Faces and booklets ----------------------------------------------------------

/// Which rows a batch made: its booklets are those of the exam from a position on.
struct BatchRange {
  ExamId exam;
  std::vector<BatchSource> sources;
  int first_booklet = 0;
};

/// Ids for the rows of an arrangement, made before they are written so that tasks can name them.
struct ArrangementIds {
  std::vector<BookletId> booklets;
  std::vector<std::vector<FaceId>> faces;  // of each booklet
};
ArrangementIds new_ids(const scans::Batch& batch);
/// Where the exam's next booklet stands.
int next_booklet_position(storage::Transaction& transaction, const ExamId& exam);
/// Everything the arrangement says; forgets the looks.
void put_arrangement(storage::Transaction& transaction, const BatchRange& range, const scans::Batch& batch,
                     const ArrangementIds& ids, UtcTime now);

/// A face as it is stored. Face::source counts in the sources given.
struct StoredFace {
  FaceId id;
  scans::Face face;
  std::optional<BookletId> booklet;
  std::optional<FaceBox> header_box;
  std::vector<FaceBox> added_masks;  // boxes that the office added
};
/// Those of these ids that are there, in that order.
std::vector<StoredFace> faces_of_ids(storage::Transaction& transaction, const std::vector<BatchSource>& sources,
                                     const std::vector<FaceId>& ids);
/// Of one copy, in reading order.
std::vector<StoredFace> faces_of_copy(storage::Transaction& transaction, const std::vector<BatchSource>& sources,
                                      const CopyId& copy);
/// Every source that a copy's faces come from.
std::vector<BatchSource> sources_of_copy(storage::Transaction& transaction, const CopyId& copy);
std::vector<BatchSource> sources_of_face(storage::Transaction& transaction, const FaceId& face);
std::vector<FaceId> unplaced_faces(storage::Transaction& transaction, const std::vector<BatchSource>& sources);

// Readings --------------------------------------------------------------------

struct CacheEntry {
  std::string picture_sha256;
  std::string engine;  // with whatever else its answer depends on
};
struct ReadFace {
  FaceId id;
  identification::BatchHeader header;
  double bottom = 0;                                  // fraction of the face's height
  std::string header_file;                            // key of its picture
  std::optional<CacheEntry> to_cache = std::nullopt;  // where the answer did not come from
};
/// The name in a stored reading, as it was read; nothing when there is none.
std::optional<std::string> name_in_reading(std::string_view reading_json);
/// With the answer for the cache, where it is new.
void put_reading(storage::Transaction& transaction, const ReadFace& read, UtcTime now);
/// Whether some engine understood the face's header.
bool is_understood(storage::Transaction& transaction, const FaceId& face);
/// False when it was known to have one.
bool set_has_header(storage::Transaction& transaction, const FaceId& face);
std::int64_t count_readings(storage::Transaction& transaction, const std::vector<BatchSource>& sources);
/// An answer that is used stays. Writes.
std::optional<boost::json::value> cached_answer(storage::Transaction& transaction, std::string_view picture_sha256,
                                                std::string_view engine, UtcTime now);

// The class -------------------------------------------------------------------

/// The booklets of a batch with their faces, and the headers that were read of them.
struct StoredBatch {
  scans::Batch batch;
  std::vector<identification::BatchHeader> headers;
  std::vector<BookletId> booklet_ids;         // of Batch::booklets
  std::vector<std::vector<FaceId>> face_ids;  // of their faces
};
StoredBatch load_batch(storage::Transaction& transaction, const BatchRange& range);

/// Of the settings auto_threshold and semi_auto_threshold.
identification::Thresholds thresholds(storage::Transaction& transaction);

struct ExamRoster {
  students::Roster roster;
  std::vector<StudentId> ids;  // of Roster::students
};
/// Students of the exam who have no copy in it yet.
ExamRoster free_students(storage::Transaction& transaction, const ExamId& exam);

}  // namespace korrigo::copies
