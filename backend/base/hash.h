#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace korrigo {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);
/// The same of a file, read in blocks. Throws std::system_error.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace korrigo
