#include "storage/sqlite/sqlite_snapshot.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <memory>

#include "base/files.h"
#include "storage/database.h"

namespace korrigo::storage::sqlite {
namespace {

constexpr int kBusyMs = 60'000;

void check(int code, sqlite3* handle, std::string_view what) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  const Fault fault = code == SQLITE_FULL || code == SQLITE_READONLY ? Fault::full : Fault::other;
  throw DatabaseError(fault, fmt::format("{}: {}", what, sqlite3_errmsg(handle)));
}

}  // namespace

Result<void> save_snapshot(const std::filesystem::path& database, const std::filesystem::path& file) {
  if (!std::filesystem::exists(database))
    return refuse(ErrorKind::not_found, "database.missing", fmt::format("There is no database {}.", database.string()));
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle(opened, &sqlite3_close);
  check(code, opened, "open " + database.string());
  sqlite3_busy_timeout(opened, kBusyMs);
  sqlite3_stmt* prepared = nullptr;
  check(sqlite3_prepare_v2(opened, "VACUUM INTO ?1", -1, &prepared, nullptr), opened, "copy the database");
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, &sqlite3_finalize);
  check(sqlite3_bind_text(prepared, 1, file.c_str(), -1, SQLITE_TRANSIENT), opened, "copy the database");
  check(sqlite3_step(prepared), opened, "copy the database");
  return {};
}

Result<void> load_snapshot(const std::filesystem::path& database, const std::filesystem::path& file) {
  if (database.has_parent_path()) std::filesystem::create_directories(database.parent_path());
  const std::filesystem::path arriving = database.string() + ".restoring";
  std::filesystem::copy_file(file, arriving, std::filesystem::copy_options::overwrite_existing);
  if (::fsync(open_for_reading(arriving).get()) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot sync " + arriving.string());
  std::filesystem::rename(arriving, database);
  return {};
}

}  // namespace korrigo::storage::sqlite
