#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace korrigo::storage::postgres {

/// As in storage/snapshot.h.
bool is_empty(std::string_view url);
Result<void> save_snapshot(const std::string& url, const std::filesystem::path& file);
Result<void> load_snapshot(const std::string& url, const std::filesystem::path& file);

}  // namespace korrigo::storage::postgres
