/// Secrets that must lie in a row for a while, such as temporary passwords in the result of a task: unreadable in
/// dumps, backups and logs of the table.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace korrigo::accounts {

/// XSalsa20 with Poly1305 (libsodium's secretbox), a random nonce before each text. Any thread. Servers and workers of
/// one school need the same key.
class Sealer {
 public:
  using Key = std::array<unsigned char, 32>;
  explicit Sealer(const Key& key) : key_(key) {}
  /// Reads the key, or makes it (readable by its owner only) when there is no such file; of several processes that do
  /// so at once one makes it. Throws std::system_error, and std::runtime_error when the file holds no key.
  static Sealer from_file(const std::filesystem::path& path);

  std::string seal(std::string_view plain) const;
  /// Nothing when it was sealed with another key, or changed.
  std::optional<std::string> open(std::string_view sealed) const;

 private:
  Key key_;
};

}  // namespace korrigo::accounts
