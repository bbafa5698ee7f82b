#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace korrigo {

/// SHA-256 of bytes that come piece by piece, with the processor's own instructions where it has them.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void add(std::span<const std::byte> bytes);
  /// 64 lower-case hexadecimal digits. Called once, last.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);
/// The same of a file, read in blocks. Throws std::system_error.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace korrigo
