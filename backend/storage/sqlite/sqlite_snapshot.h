#pragma once

#include <filesystem>

#include "base/result.h"

namespace korrigo::storage::sqlite {

/// As in storage/snapshot.h.
Result<void> save_snapshot(const std::filesystem::path& database, const std::filesystem::path& file);
Result<void> load_snapshot(const std::filesystem::path& database, const std::filesystem::path& file);

}  // namespace korrigo::storage::sqlite
