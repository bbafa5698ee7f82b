/// Resumable uploads (tus): a row and a growing file each, until a request takes the finished file or nobody comes back
/// for 24 hours. The protocol is http/tus.h.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/files.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/blobs.h"
#include "storage/database.h"

namespace korrigo::exams {

struct Upload {
  std::string id;
  UserId owner;
  std::string file_name;  // as the client named it; for display only
  std::string metadata;   // Upload-Metadata as it was sent
  std::uint64_t length = 0;
  std::uint64_t offset = 0;  // bytes safely stored
  UtcTime expires_at{};
  bool complete() const { return offset == length; }
};

/// A finished upload in the hands of a request; whoever holds it removes the file.
struct TakenUpload {
  Upload upload;
  std::filesystem::path path;
};

/// Any thread. Another user's upload is not_found "upload.not_found", as is one that expired.
class Uploads {
 public:
  static constexpr std::chrono::hours kLifetime{24};  // since the last bytes
  static constexpr int kMaxOpenPerUser = 200;

  Uploads(storage::Database&, storage::Blobs&, const Clock&);

  /// Refuses with limited "upload.too_many" when the user has too many open.
  Result<Upload> create(UserId owner, std::uint64_t length, std::string file_name, std::string metadata);
  Result<Upload> find(UserId owner, const std::string& id);
  /// The file, open for writing. Throws std::system_error.
  UniqueFd open(const Upload&);
  /// Remembers that `offset` bytes are in the file and synced. Refuses with not_found "upload.not_found".
  Result<void> save(const std::string& id, std::uint64_t offset);
  /// Nothing happens when it is not there.
  void remove(const Upload&);

  /// The finished file, the caller's from now on; the upload is gone. Of two who take it at once, one gets it. Refuses
  /// with not_found "upload.not_found" or malformed "upload.incomplete".
  Result<TakenUpload> take(UserId owner, const std::string& id);
  /// As it was before take(): for a request that was refused, so that nobody has to send 100 MB again because of a
  /// faulty roster. Nothing happens when the file is no longer there.
  void give_back(const TakenUpload&);

  /// Removes expired rows, and files that no row knows and that nobody wrote to for a lifetime; the periodic clean-up
  /// calls it. Returns how many files it removed.
  int clean_up();

 private:
  std::filesystem::path path_of(const std::string& id) const;

  storage::Database& database_;
  storage::Blobs& blobs_;
  const Clock& clock_;
};

}  // namespace korrigo::exams
