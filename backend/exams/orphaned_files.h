/// The media folder against the rows: files that nobody refers to, and rows whose file is not there. Either is left by
/// a process that dies between writing a file and its row, or between removing a row and its file.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "storage/blobs.h"
#include "storage/database.h"

namespace korrigo::exams {

/// A younger file may still get its row: longer than an upload may wait to be used (Uploads::kLifetime).
inline constexpr std::chrono::hours kOrphanAge{48};

struct FilesTidied {
  std::int64_t removed = 0;
  std::vector<std::string> missing = {};  // keys that rows refer to
};

/// Removes the files last written to more than `age` ago that neither an exam's row nor a task refers to (a task until
/// retention trims it). Memory grows with the number of files by 8 bytes each, and with the largest exam. `safe_point`
/// is called now and then and may throw.
FilesTidied tidy_files(storage::Database& database, storage::Blobs& blobs, std::chrono::seconds age,
                       const std::function<void()>& safe_point);

}  // namespace korrigo::exams
