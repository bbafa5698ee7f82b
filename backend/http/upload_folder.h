/// The folder of this process's uploads: gone when it ends, also when it was killed (the next process removes it).
#pragma once

#include <filesystem>

#include "base/files.h"

namespace korrigo::http {

class UploadFolder {
 public:
  /// Makes a folder in `parent` (empty: the system's temporary folder) that this process holds by a lock, and removes
  /// those that no living process holds. Throws std::system_error.
  explicit UploadFolder(const std::filesystem::path& parent);
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
  UniqueFd lock_;
};

}  // namespace korrigo::http
