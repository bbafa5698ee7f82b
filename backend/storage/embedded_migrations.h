/// The files of storage/migrations as CMake embedded them.
#pragma once

#include <span>
#include <string_view>

namespace korrigo::storage {

struct EmbeddedMigration {
  std::string_view name;  // the file's, without ".sql"
  std::string_view sql;
};

std::span<const EmbeddedMigration> embedded_migrations();

}  // namespace korrigo::storage
