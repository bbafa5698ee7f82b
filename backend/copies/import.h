/// One PDF as one copy.
#pragma once

#include "base/result.h"
#include "storage/database.h"

namespace korrigo::copies {

struct ImportedSource {
  ExamId exam;
  SourceId source;
  int page_count = 0;
  std::optional<UserId> user = {};  // who sent it
};

/// The copy of a PDF whose pages an import_pdf task {exam_id, source_id, copy_id} will look at: STAGING, without
/// booklet until then. For exams::receive_copy, in the transaction that stores the source.
CopyId make_imported_copy(storage::Transaction& transaction, const ImportedSource& source, UtcTime now);

}  // namespace korrigo::copies
