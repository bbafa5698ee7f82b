/// Makes the files of copies in the media folder. Internal to this module.
#pragma once

#include <utility>
#include <vector>

#include "base/files.h"
#include "copies/batch_steps.h"
#include "copies/copy_store.h"

namespace korrigo::copies {

/// What was made of one copy, or of faces in no copy: rows to write in one transaction.
struct MadeFiles {
  std::optional<CopyFiles> copy;
  std::vector<std::pair<FaceId, std::string>> dropped;  // faces that cannot be taken over, and why
  std::vector<std::pair<StoredFace, FaceFiles>> pictures;
};

/// Files of the copy as its rows stand now. `work` holds every source of its faces. Nothing when the copy is gone.
MadeFiles make_copy_files(storage::Database& database, storage::Blobs& blobs, const BatchWork& work,
                          pdf::SourceReader& reader, const CopyId& id);
/// Pictures of faces that no copy holds.
MadeFiles make_face_files(storage::Blobs& blobs, const BatchWork& work, pdf::SourceReader& reader,
                          const std::vector<StoredFace>& faces);

/// False when the copy has changed since its files were made: they are nobody's, and its faces are left alone.
bool record(storage::Transaction& transaction, const MadeFiles& made);

}  // namespace korrigo::copies
