/// The schema. Migrations are files of storage/migrations, embedded in the program: `0007_page_rotation.sql` for both
/// engines, or `.sqlite.sql` and `.postgres.sql` with the same stem where they differ. Never edited once released.
///
/// Words in braces stand for what the engines call differently:
///   {STRICT}       behind a table's closing bracket: SQLite's typed tables
///   {SERIAL_KEY}   the whole type of an id that is counted; a number is never used twice
///   {BIGINT}       64-bit integers: every integer, time and boolean
///   {REAL}         double precision
///   {BLOB}         bytes
///   {SORTED_TEXT}  text that lists are ordered or searched by: compared byte by byte on both engines
///   TEXT           any other text, ids and JSON
#pragma once

#include "storage/database.h"

namespace korrigo::storage {

/// Applies what the database lacks, in order of the names, each in a transaction of its own that also records its name.
/// Returns how many were applied. Several processes may do so at once. Refuses with
///   conflict  "storage.newer_schema": the database was migrated by a newer program
/// Throws DatabaseError.
Result<int> migrate(Database& database);

}  // namespace korrigo::storage
