#include "storage/snapshot.h"

#include "storage/postgres/postgres_snapshot.h"
#include "storage/sqlite/sqlite_snapshot.h"

namespace korrigo::storage {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::string path_in(std::string_view url) {
  return std::string(url.substr(kSqlite.size()));
}

}  // namespace

Engine engine_of(std::string_view url) {
  if (url.starts_with(kSqlite)) return Engine::sqlite;
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return Engine::postgres;
  throw DatabaseError(Fault::other, "a database is sqlite:PATH or postgresql://...");
}

bool is_empty(std::string_view url) {
  if (engine_of(url) == Engine::postgres) return postgres::is_empty(url);
  return !std::filesystem::exists(path_in(url));
}

Result<void> save_snapshot(std::string_view url, const std::filesystem::path& file) {
  return engine_of(url) == Engine::sqlite ? sqlite::save_snapshot(path_in(url), file)
                                          : postgres::save_snapshot(std::string(url), file);
}

Result<void> load_snapshot(std::string_view url, const std::filesystem::path& file) {
  return engine_of(url) == Engine::sqlite ? sqlite::load_snapshot(path_in(url), file)
                                          : postgres::load_snapshot(std::string(url), file);
}

}  // namespace korrigo::storage
