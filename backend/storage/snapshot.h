/// The whole database as one file, and back: for backups. The file is the engine's own (SQLite: a database; PostgreSQL:
/// an archive of pg_dump) and goes back into the same engine only.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "storage/database.h"

namespace korrigo::storage {

/// The engine that a URL names (Database::open). Throws DatabaseError for another one.
Engine engine_of(std::string_view url);

/// Whether there is anything in the database; a SQLite file that is not there is empty, and is not made.
bool is_empty(std::string_view url);

/// Writes all that is committed at one moment to `file`, which must not be there; everybody else goes on meanwhile.
/// Refuses not_found "database.missing" (a SQLite file that is not there) and "program.missing" (pg_dump), conflict
/// "database.tool" with what pg_dump said. Throws DatabaseError.
Result<void> save_snapshot(std::string_view url, const std::filesystem::path& file);

/// Makes an empty database what save_snapshot() wrote, all of it or nothing. Refuses "program.missing" (pg_restore) and
/// conflict "database.tool" as above. Throws DatabaseError and std::system_error.
Result<void> load_snapshot(std::string_view url, const std::filesystem::path& file);

}  // namespace korrigo::storage
