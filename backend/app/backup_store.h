/// A folder of backups: files by their content, encrypted, and snapshots that name them. What is there already is not
/// written again, so that a day's backup costs what the day brought.
///
/// Everything is encrypted with a key made from a passphrase (Argon2id, then libsodium's secretstream, XChaCha20 and
/// Poly1305, in pieces of 64 KiB); names are keyed hashes, so that the folder tells nothing but sizes. Layout:
/// korrigo-backup.json (what the key is made with), objects/<2 digits>/<64 digits>, snapshots/<time>.
#pragma once

#include <sodium.h>

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "storage/blobs.h"

namespace korrigo::app {

class BackupStore {
 public:
  static constexpr std::size_t kShortestPassphrase = 12;

  /// The backups in `folder`; with `make`, a new folder for them when there is none. One process at a time. Refuses
  /// not_found "backup.missing", invalid_input "backup.passphrase" (too short, or not the folder's), conflict
  /// "backup.busy", malformed "backup.damaged".
  static Result<BackupStore> open(const std::filesystem::path& folder, std::string_view passphrase, bool make);

  /// A file as it is kept: `object` goes by its content.
  struct Kept {
    std::string object;
    std::int64_t size = 0;
    bool is_new = false;
  };
  /// What keeping the file would be; nothing is written.
  Kept look_at(const std::filesystem::path& file) const;
  /// The file is there for good only after commit(), at the latest.
  Kept keep(const std::filesystem::path& file);
  void commit();

  /// Writes the object to `target`, which must not be there; without one it is only read and checked. Refuses malformed
  /// "backup.damaged".
  Result<void> copy_out(const std::string& object, const std::filesystem::path& target = {}) const;

  /// Names of snapshots, the oldest first.
  std::vector<std::string> snapshots() const;
  void keep_snapshot(const std::string& name, std::string_view text);
  /// Refuses not_found "backup.missing", malformed "backup.damaged".
  Result<std::string> snapshot(const std::string& name) const;
  void remove_snapshot(const std::string& name);
  /// Removes the objects that are none of these; returns how many.
  int keep_only(const std::vector<std::string>& objects);

 private:
  using Key = std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES>;

  BackupStore(const std::filesystem::path& folder, UniqueFd lock, Key names, Key contents);
  Kept look_at(int fd, const std::filesystem::path& file) const;
  std::filesystem::path encrypted(int fd, const std::filesystem::path& file, const std::string& name) const;

  storage::Blobs blobs_;
  UniqueFd lock_;
  Key names_, contents_;
  std::map<std::string, std::filesystem::path> waiting_;  // finished files by key
};

}  // namespace korrigo::app
