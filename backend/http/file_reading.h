#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace korrigo::http {

/// Reads until `into` is full or the file ends or fails; the bytes read.
std::size_t read_at(int fd, std::uint64_t offset, std::span<char> into);

}  // namespace korrigo::http
