#include "app/backup.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "base/files.h"
#include "storage/snapshot.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// How a file is recognised as one that was read before.
struct Seen {
  fs::file_time_type modified;
  std::uintmax_t size = 0;
  bool operator==(const Seen&) const = default;
};

struct Entry {
  std::string object;
  std::int64_t size = 0;
  fs::perms mode = fs::perms::none;
  Seen seen;
};
using Entries = std::map<std::string, Entry>;  // by path within the data folder

void go_on(const Cancel& cancel) {
  if (cancel.requested()) throw Cancelled();
}

bool belongs(const Config& config, const fs::path& path) {
  const std::string name = path.generic_string();
  if (name.starts_with("logs/") || name.starts_with("media/temp/")) return false;
  if (storage::engine_of(config.database()) == storage::Engine::postgres) return true;
  const fs::path database = fs::absolute(config.database().substr(std::string_view("sqlite:").size()));
  return !fs::absolute(config.data / path).string().starts_with(database.string());  // with -wal and -shm
}

// Calls `take(path within the folder, how it looks)` for each file; those that go away meanwhile are passed by.
template <class Take>
void for_each_file(const Config& config, const Cancel& cancel, Take&& take) {
  for (const auto& entry : fs::recursive_directory_iterator(config.data)) {
    go_on(cancel);
    const fs::path path = fs::relative(entry.path(), config.data);
    std::error_code gone;
    if (!entry.is_regular_file(gone) || gone || !belongs(config, path)) continue;
    try {
      take(path, Seen{entry.last_write_time(), entry.file_size()});
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::no_such_file_or_directory) throw;
    }
  }
}

void count(BackupFigures& figures, const BackupStore::Kept& kept) {
  if (!kept.is_new) return;
  ++figures.new_objects;
  figures.new_bytes += kept.size;
}

Result<void> require_data(const Config& config) {
  if (fs::exists(config.data / "media")) return {};
  return refuse(ErrorKind::not_found, "backup.no_data", fmt::format("There is no school in {}.", config.data.string()));
}

std::string engine_name(const Config& config) {
  return storage::engine_of(config.database()) == storage::Engine::postgres ? "postgresql" : "sqlite";
}

std::string manifest_of(const Config& config, const Entries& entries, const std::string& database) {
  json::object files;
  for (const auto& [path, entry] : entries)
    files[path] = {{"object", entry.object}, {"size", entry.size}, {"mode", static_cast<int>(entry.mode)}};
  return json::serialize(json::object{
      {"format", 1}, {"engine", engine_name(config)}, {"database", database}, {"files", std::move(files)}});
}

std::vector<std::string> objects_of(const json::object& manifest) {
  std::vector<std::string> objects{std::string(manifest.at("database").as_string())};
  for (const auto& [path, file] : manifest.at("files").as_object()) objects.emplace_back(file.at("object").as_string());
  return objects;
}

// Ours, for it was sealed with the key; what does not look like it was made by another version.
Result<json::object> manifest_in(const BackupStore& store, const std::string& name) {
  const auto text = store.snapshot(name);
  if (!text) return tl::unexpected(text.error());
  json::object manifest = json::parse(*text).as_object();
  if (manifest.at("format").as_int64() == 1) return manifest;
  return refuse(ErrorKind::invalid_input, "backup.version",
                fmt::format("Snapshot {} was made by a later version of Korrigo.", name));
}

std::string time_name(UtcTime time) {
  return fmt::format("{:%Y%m%dT%H%M%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

// Of the time, or of the next second that no snapshot has: one never takes another's place.
std::string free_name(const BackupStore& store, UtcTime time) {
  const std::vector<std::string> taken = store.snapshots();
  while (std::ranges::find(taken, time_name(time)) != taken.end()) time += std::chrono::seconds(1);
  return time_name(time);
}

Result<int> forget_old(BackupStore& store, const std::string& before) {
  std::vector<std::string> names = store.snapshots(), wanted;
  int forgotten = 0;
  for (const std::string& name : names) {
    if (name < before && name != names.back()) {
      store.remove_snapshot(name);
      ++forgotten;
      continue;
    }
    const auto manifest = manifest_in(store, name);
    if (!manifest) return tl::unexpected(manifest.error());
    for (std::string& object : objects_of(*manifest)) wanted.push_back(std::move(object));
  }
  if (forgotten > 0) store.keep_only(wanted);
  return forgotten;
}

Result<void> require_room(const Config& config, const json::object& manifest) {
  if (manifest.at("engine").as_string() != engine_name(config))
    return refuse(ErrorKind::conflict, "restore.other_engine",
                  fmt::format("The backup is of a {} database, and this one is {}.",
                              std::string_view(manifest.at("engine").as_string()), engine_name(config)));
  if (fs::exists(config.data) && !fs::is_empty(config.data))
    return refuse(
        ErrorKind::conflict, "restore.not_empty",
        fmt::format("{} already holds something; a backup is restored into an empty folder.", config.data.string()));
  if (!storage::is_empty(config.database()))
    return refuse(ErrorKind::conflict, "restore.not_empty", "The database is not empty.");
  return {};
}

}  // namespace

Result<BackupFigures> make_backup(const Config& config, BackupStore& store, std::chrono::days keep, const Clock& clock,
                                  const Cancel& cancel) {
  if (const auto there = require_data(config); !there) return tl::unexpected(there.error());
  BackupFigures figures;
  Entries entries;
  std::vector<std::string> added;
  const auto note = [&](const BackupStore::Kept& kept) {
    count(figures, kept);
    if (kept.is_new) added.push_back(kept.object);
  };
  const auto keep_files = [&] {
    for_each_file(config, cancel, [&](const fs::path& path, const Seen& seen) {
      Entry& entry = entries[path.generic_string()];
      if (!entry.object.empty() && entry.seen == seen) return;
      const BackupStore::Kept kept = store.keep(config.data / path);
      note(kept);
      entry = {kept.object, kept.size, fs::status(config.data / path).permissions(), seen};
    });
  };
  keep_files();
  const TempFolder folder;
  const auto saved = storage::save_snapshot(config.database(), folder.path() / "database");
  if (!saved) return tl::unexpected(saved.error());
  const BackupStore::Kept database = store.keep(folder.path() / "database");
  note(database);
  figures.bytes = database.size;
  keep_files();
  std::erase_if(entries, [](const auto& one) { return one.second.object.empty(); });
  store.commit();
  for (const std::string& object : added) {
    go_on(cancel);
    if (const auto whole = store.copy_out(object); !whole) return tl::unexpected(whole.error());
  }
  for (const auto& [path, entry] : entries) figures.bytes += entry.size;
  figures.files = static_cast<int>(entries.size());
  figures.snapshot = free_name(store, clock.now());
  store.keep_snapshot(figures.snapshot, manifest_of(config, entries, database.object));
  const auto forgotten = forget_old(store, time_name(clock.now() - keep));
  if (!forgotten) return tl::unexpected(forgotten.error());
  figures.forgotten = *forgotten;
  return figures;
}

Result<BackupFigures> look_at_backup(const Config& config, const BackupStore* store, const Cancel& cancel) {
  if (const auto there = require_data(config); !there) return tl::unexpected(there.error());
  BackupFigures figures;
  for_each_file(config, cancel, [&](const fs::path& path, const Seen& seen) {
    const auto size = static_cast<std::int64_t>(seen.size);
    count(figures, store ? store->look_at(config.data / path) : BackupStore::Kept{"", size, true});
    figures.bytes += size;
    ++figures.files;
  });
  return figures;
}

Result<BackupFigures> restore_backup(const Config& config, const BackupStore& store,
                                     const std::optional<std::string>& snapshot, bool dry_run, const Cancel& cancel) {
  const std::vector<std::string> names = store.snapshots();
  if (names.empty()) return refuse(ErrorKind::not_found, "backup.missing", "No backup was ever finished there.");
  BackupFigures figures;
  figures.snapshot = snapshot.value_or(names.back());
  const auto manifest = manifest_in(store, figures.snapshot);
  if (!manifest) return tl::unexpected(manifest.error());
  if (const auto room = require_room(config, *manifest); !room) return tl::unexpected(room.error());

  std::optional<StagedFolder> staged;
  if (!dry_run) staged.emplace(config.data);
  const TempFolder folder(staged ? staged->work().parent_path() : fs::path());
  const auto take = [&](const std::string& object, const fs::path& target) {
    go_on(cancel);
    if (!dry_run) fs::create_directories(target.parent_path());
    return store.copy_out(object, dry_run ? fs::path() : target);
  };
  for (const auto& [path, file] : manifest->at("files").as_object()) {
    const fs::path target = staged ? staged->work() / std::string(path) : fs::path();
    if (const auto taken = take(std::string(file.at("object").as_string()), target); !taken)
      return tl::unexpected(taken.error());
    if (staged) fs::permissions(target, static_cast<fs::perms>(file.at("mode").to_number<int>()));
    ++figures.files;
    figures.bytes += file.at("size").as_int64();
  }
  const bool inside = config.database_url.empty();
  const fs::path database = inside && staged ? staged->work() / "korrigo.db" : folder.path() / "database";
  if (const auto taken = take(std::string(manifest->at("database").as_string()), database); !taken)
    return tl::unexpected(taken.error());
  if (dry_run) return figures;
  if (!inside)
    if (const auto loaded = storage::load_snapshot(config.database(), database); !loaded)
      return tl::unexpected(loaded.error());
  staged->publish();
  return figures;
}

}  // namespace korrigo::app
