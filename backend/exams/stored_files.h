/// Files moved into the blobs ahead of the rows that will refer to them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "storage/blobs.h"
#include "storage/database.h"

namespace korrigo::exams {

/// Unless keep() is called, every file moves back to where it came from.
class StoredFiles {
 public:
  explicit StoredFiles(storage::Blobs& blobs) : blobs_(blobs) {}
  StoredFiles(const StoredFiles&) = delete;
  StoredFiles& operator=(const StoredFiles&) = delete;
  ~StoredFiles();

  /// Throws std::system_error when the disk refuses.
  storage::Blob take(const std::string& key, const std::filesystem::path& file);
  void keep() { taken_.clear(); }

 private:
  struct Taken {
    std::string key;
    std::filesystem::path from;
  };
  storage::Blobs& blobs_;
  std::vector<Taken> taken_;
};

/// Database::write() with the fate of the files bound to it. A connection lost while committing leaves the files: the
/// rows may be there, and where they are not the clean-up finds files that nobody refers to.
template <class Work>
auto write_with(storage::Database& database, StoredFiles& files, Work&& work) {
  try {
    auto outcome = database.write(std::forward<Work>(work));
    if (outcome) files.keep();
    return outcome;
  } catch (const storage::DatabaseError& error) {
    if (error.fault() == storage::Fault::lost) files.keep();
    throw;
  }
}

}  // namespace korrigo::exams
