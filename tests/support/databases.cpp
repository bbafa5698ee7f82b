#include "support/databases.h"

#include <stdexcept>

#include "storage/migrations.h"

namespace korrigo::test {
namespace {

void migrate(const std::string& url) {
  const auto database = storage::Database::open(url);
  if (const auto applied = storage::migrate(*database); !applied) throw std::runtime_error(applied.error().message);
}

/// Migrated once for the whole program; tests get copies of it.
const std::string& sqlite_template() {
  static const TempFolder folder;
  static const std::string path = [] {
    std::string made = folder.path() / "template.db";
    migrate("sqlite:" + made);
    return made;
  }();
  return path;
}

const std::string& postgres_template() {
  static const PostgresDatabase database;
  static const bool migrated = (migrate(database.url()), true);
  (void)migrated;
  return database.name();
}

}  // namespace

FreshDatabase::FreshDatabase(storage::Engine engine, Schema schema) {
  const bool migrated = schema == Schema::migrated;
  if (engine == storage::Engine::postgres) {
    postgres_ = std::make_unique<PostgresDatabase>(migrated ? postgres_template() : "");
    url_ = postgres_->url();
    return;
  }
  folder_ = std::make_unique<TempFolder>();
  const std::filesystem::path file = folder_->path() / "korrigo.db";
  if (migrated) std::filesystem::copy_file(sqlite_template(), file);
  url_ = "sqlite:" + file.string();
}

storage::Database& AnyDatabase::database() {
  if (!database_) database_ = storage::Database::open(url());
  return *database_;
}

void AnyDatabase::reopen() {
  close();
  database();
}

std::string engine_name(const testing::TestParamInfo<storage::Engine>& info) {
  return info.param == storage::Engine::sqlite ? "sqlite" : "postgres";
}

}  // namespace korrigo::test
