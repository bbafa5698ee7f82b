#include "exams/stored_files.h"

#include <system_error>

namespace korrigo::exams {

StoredFiles::~StoredFiles() {
  for (const Taken& taken : taken_) {
    std::error_code problem;
    std::filesystem::rename(blobs_.path(taken.key), taken.from, problem);
    // What can be neither moved nor removed is a file that nobody refers to.
    if (problem) std::filesystem::remove(blobs_.path(taken.key), problem);
  }
}

storage::Blob StoredFiles::take(const std::string& key, const std::filesystem::path& file) {
  taken_.push_back({key, file});
  return blobs_.adopt(key, file);
}

}  // namespace korrigo::exams
