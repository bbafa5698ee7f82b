/// A ZIP archive written to disk as it grows.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"

namespace korrigo::publication {

/// Files are stored as they are: PDFs hardly shrink. Throws std::system_error when the disk refuses.
class ZipFile {
 public:
  explicit ZipFile(const std::filesystem::path& path);
  ~ZipFile();
  ZipFile(const ZipFile&) = delete;

  /// `name`: ASCII. Everything that `fd` yields, `size` bytes.
  void add(const std::string& name, int fd, std::int64_t size, UtcTime modified);
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::publication
