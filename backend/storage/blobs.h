/// Files of the media folder, each complete or absent: written under a temporary name, synced, then renamed. A file
/// never changes once it is there; a row refers to it only after put() or adopt() returned.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"

namespace korrigo::storage {

/// What is known of a stored file.
struct Blob {
  std::string key;
  std::string sha256;  // of its bytes, 64 lower-case hexadecimal digits
  std::int64_t size = 0;
};

/// A file open for reading; stays readable when it is removed meanwhile.
struct OpenBlob {
  UniqueFd fd;
  std::int64_t size = 0;
};

/// A folder of files by key. A key is a relative path of 1-8 parts of letters, digits, '.', '_', '-', none of them
/// beginning with '.', 240 bytes at most: made by us from ids ("exams/source/<id>.pdf"), never from a name from
/// outside. A wrong key is a mistake of ours: std::logic_error. Disk troubles throw std::system_error naming the path
/// and leave no debris. Any thread, any process.
class Blobs {
 public:
  /// Creates the folder when it is not there.
  explicit Blobs(std::filesystem::path folder);

  /// Stores the bytes under `key`, replacing what was there at once.
  Blob put(std::string_view key, std::span<const std::byte> bytes);
  Blob put(std::string_view key, std::string_view bytes);
  /// Stores all that `fd` yields from its position to its end, in pieces: memory stays flat.
  Blob put(std::string_view key, int fd);
  /// Moves a finished file in. It must lie on the same file system, best in a folder of temporary(); it is synced
  /// first. `sha256` spares reading it again where the caller has hashed it while it arrived.
  Blob adopt(std::string_view key, const std::filesystem::path& file, std::string sha256 = {});

  /// Throws std::system_error (ENOENT) when it is not there.
  OpenBlob open(std::string_view key) const;
  std::string read(std::string_view key) const;
  bool exists(std::string_view key) const;
  /// Nothing happens when it is not there.
  void remove(std::string_view key);

  /// Every key that begins with `prefix` (whole parts: "exams/pages"), in no order; temporary files are no keys. For
  /// the clean-up of files that no row knows: those younger than their row can be are told by `modified`.
  void list(std::string_view prefix,
            const std::function<void(const std::string& key, std::filesystem::file_time_type modified)>& found) const;

  /// The folder "temp/<name>", for files that are still arriving; created when it is not there. No keys lie in "temp".
  std::filesystem::path temporary(std::string_view name) const;
  /// Removes the files below "temp" that nobody has written to for `age`: what killed processes left. Returns how many.
  int clear_temporary(std::chrono::seconds age);
  /// Where the file lies: for programs that read paths (poppler, nginx's X-Accel). Its content must not be changed.
  std::filesystem::path path(std::string_view key) const;

 private:
  friend class BlobBatch;
  std::filesystem::path prepare(std::string_view key) const;

  std::filesystem::path folder_;
};

/// Many files at the price of one sync: nothing of it is there before commit(), everything after it. After a crash in
/// the middle of commit() some may be there, complete, and without a row. put() may be called by several threads.
class BlobBatch {
 public:
  explicit BlobBatch(Blobs& blobs) : blobs_(blobs) {}
  /// Without commit() nothing is kept.
  ~BlobBatch();
  BlobBatch(const BlobBatch&) = delete;
  BlobBatch& operator=(const BlobBatch&) = delete;

  Blob put(std::string_view key, std::span<const std::byte> bytes);
  Blob put(std::string_view key, std::string_view bytes);
  /// As Blobs::adopt, without its sync, and the file is not read for its hash.
  void adopt(std::string_view key, const std::filesystem::path& file);
  void commit();

 private:
  struct Entry {
    std::filesystem::path temporary;
    std::filesystem::path target;
  };
  void add(Entry entry);

  Blobs& blobs_;
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace korrigo::storage
