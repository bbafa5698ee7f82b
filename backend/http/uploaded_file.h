/// A file that came with a request, on disk under a name of ours.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "base/files.h"

namespace korrigo::http {

/// A file that is removed when nobody took it over. One owner, any thread.
class TempFile {
 public:
  TempFile() = default;
  /// Makes an empty file with a random name in `folder`, readable by its owner only. Throws std::system_error.
  static TempFile make(const std::filesystem::path& folder);
  TempFile(TempFile&& other) noexcept : fd_(std::move(other.fd_)), path_(std::exchange(other.path_, {})) {}
  TempFile& operator=(TempFile&& other) noexcept;
  ~TempFile();

  /// Open for reading and writing until close().
  int fd() const { return fd_.get(); }
  void close() { fd_.reset(); }
  const std::filesystem::path& path() const { return path_; }
  /// The file is the caller's from now on.
  std::filesystem::path release();

 private:
  UniqueFd fd_;
  std::filesystem::path path_;
};

struct UploadedFile {
  std::string field;     // the form field's name
  std::string filename;  // as the client named it, made harmless: no folder, no control character, at most 200 bytes
  std::string content_type;  // as the client claims; never trusted
  std::uint64_t size = 0;
  TempFile file;  // closed
};

}  // namespace korrigo::http
