/// Backups of a school: its database and every file of its data folder at one moment, and a school made again from one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "app/backup_store.h"
#include "app/config.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/result.h"

namespace korrigo::app {

struct BackupFigures {
  std::string snapshot;  // its name: the time it was taken, "20261122T041500Z"
  int files = 0;         // of the data folder; the database is one more
  std::int64_t bytes = 0;
  int new_objects = 0;  // of a backup: what was not there yet
  std::int64_t new_bytes = 0;
  int forgotten = 0;  // snapshots that were older than wanted
};

/// Takes a snapshot while the service goes on, reads back everything new, then forgets snapshots older than `keep`
/// (never the newest) with what only they held. Logs and temporary files are not part of it. A file that is added or
/// replaced meanwhile is taken once more after the database, so that each row finds its file; what is removed meanwhile
/// may be kept. Refuses not_found "backup.no_data", and what BackupStore and save_snapshot() refuse.
Result<BackupFigures> make_backup(const Config& config, BackupStore& store, std::chrono::days keep, const Clock& clock,
                                  const Cancel& cancel);

/// What make_backup() would write, without writing: the database counts as new. Without a store all is new.
Result<BackupFigures> look_at_backup(const Config& config, const BackupStore* store, const Cancel& cancel);

/// The school of a snapshot (the newest one without a name) into an empty data folder and an empty database. With
/// `dry_run` everything is read and checked, and nothing is written. Refuses conflict "restore.not_empty" and
/// "restore.other_engine", and what BackupStore and load_snapshot() refuse; the data folder appears whole or not at
/// all.
Result<BackupFigures> restore_backup(const Config& config, const BackupStore& store,
                                     const std::optional<std::string>& snapshot, bool dry_run, const Cancel& cancel);

}  // namespace korrigo::app
