#include "storage/database.h"

#include <fmt/format.h>

#include "storage/postgres/postgres_database.h"
#include "storage/sqlite/sqlite_database.h"

namespace korrigo::storage {

std::unique_ptr<Database> Database::open(std::string_view url, const DatabaseOptions& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite)) return sqlite::open_file(std::string(url.substr(kSqlite.size())), options);
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return postgres::open_server(std::string(url), options);
  }
  throw DatabaseError(Fault::other, "a database is sqlite:PATH or postgresql://...");
}

}  // namespace korrigo::storage
