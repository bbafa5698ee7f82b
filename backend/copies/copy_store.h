/// The rows of copies as a batch makes them: owner, decision, files.
#pragma once

#include <string>
#include <vector>

#include "copies/batch_store.h"

namespace korrigo::copies {

/// Inserts the copies of a batch (STAGING, without files) under these ids, their decisions and what they are stapled
/// of. `candidates` of each as candidate_rows writes them; `students` are those whose indices the decisions name.
void put_copies(storage::Transaction& transaction, const ExamId& exam, const std::vector<ScannedCopy>& copies,
                const std::vector<CopyId>& ids, const std::vector<std::string>& candidates, const StoredBatch& batch,
                const std::vector<StudentId>& students, UtcTime now);

/// The number after the highest of the exam's anonymous ids "A001".
std::size_t next_anonymous_number(storage::Transaction& transaction, const ExamId& exam);

/// Keys of the pictures of one face.
struct FaceFiles {
  std::string preview, thumbnail, masked_preview, masked_thumbnail;
};
FaceFiles face_files(const ExamId& exam, const StoredFace& face);

struct CopyFiles {
  CopyId id;
  int version = 0;  // of the copy they show
  std::string pdf, masked_pdf;
};
/// Keys for the PDFs of a copy in its present version; nothing when the copy is gone.
std::optional<CopyFiles> copy_files(storage::Transaction& transaction, const CopyId& copy);

/// False when the copy is gone or has changed since: then the files are nobody's.
bool put_copy_files(storage::Transaction& transaction, const CopyFiles& files);
/// False when the face is gone or was turned since.
bool put_face_files(storage::Transaction& transaction, const StoredFace& face, const FaceFiles& files);
/// What a copy says that lost a face.
inline constexpr std::string_view kLostPage = "A damaged page could not be taken over into this copy.";
/// The face leaves its copy and booklet; the pages behind it move up.
void drop_face(storage::Transaction& transaction, const FaceId& face, const std::string& reason);

/// Which sides also hold what belongs to no copy or to another one than `copy`: pairs of source index and side.
std::vector<std::pair<int, int>> shared_sides(storage::Transaction& transaction, const CopyId& copy,
                                              const std::vector<BatchSource>& sources);

/// Copies without faces go; those whose owner was found become READY, with the event of it. Returns how many copies
/// there are of these booklets.
std::int64_t release_copies(storage::Transaction& transaction, const BatchRange& range, UtcTime now);

}  // namespace korrigo::copies
