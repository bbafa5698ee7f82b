/// Files and folders that are complete or absent: everything is written under a temporary name, synced, and renamed.
/// Functions that touch the disk throw std::system_error (disk full, read-only folder, missing rights), with the path
/// in its text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace korrigo {

/// Owns a file descriptor; -1 is "none".
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

/// Opens for reading, close-on-exec. Throws std::system_error.
UniqueFd open_for_reading(const std::filesystem::path& path);

/// The whole file. Throws std::system_error.
std::string read_file(const std::filesystem::path& path);

/// Writes all bytes to the descriptor, or throws std::system_error naming `path`.
void write_all(int fd, std::span<const std::byte> bytes, const std::filesystem::path& path);

/// Replaces `path` at once: temporary name beside it, sync, rename. Throws std::system_error and leaves no debris.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Writes a file into a folder that is not yet anybody's (StagedFolder::work): no temporary name and no sync, publish()
/// does that for all.
void write_staged(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// A folder under the system's temporary folder (or `parent`), removed with everything in it on destruction.
class TempFolder {
 public:
  explicit TempFolder(const std::filesystem::path& parent = {});
  TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TempFolder& operator=(TempFolder&&) = delete;
  ~TempFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A folder that appears whole or not at all. Work goes into work(), which lies beside the target; publish() syncs it
/// and renames it to the target. Without publish() the destructor removes all of it. The target must not exist or be an
/// empty folder.
class StagedFolder {
 public:
  /// Creates the working folder and missing parents. Throws std::system_error.
  explicit StagedFolder(std::filesystem::path target);
  StagedFolder(const StagedFolder&) = delete;
  ~StagedFolder();
  const std::filesystem::path& work() const { return work_; }
  void publish();

 private:
  std::filesystem::path target_;
  std::filesystem::path work_;
};

}  // namespace korrigo
