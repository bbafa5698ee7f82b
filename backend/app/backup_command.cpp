#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>

#include "app/backup.h"
#include "app/commands.h"

namespace korrigo::app {
namespace {

struct Words {
  std::string config, data, folder, passphrase_file, snapshot;
  int keep_days = 30;
  bool dry_run = false;
};

Result<Config> config_of(const Words& words) {
  auto config = load_config(words.config.empty() ? std::nullopt : std::optional<std::filesystem::path>(words.config));
  if (config && !words.data.empty()) config->data = words.data;
  return config;
}

Result<std::string> passphrase_of(const Words& words) {
  std::string passphrase;
  if (!words.passphrase_file.empty())
    passphrase = read_file(words.passphrase_file);
  else if (const char* set = std::getenv("KORRIGO_BACKUP_PASSPHRASE"))
    passphrase = set;
  else
    return refuse(ErrorKind::invalid_input, "backup.passphrase",
                  "A backup needs a passphrase: --passphrase-file FILE, or KORRIGO_BACKUP_PASSPHRASE.");
  while (passphrase.ends_with('\n') || passphrase.ends_with('\r')) passphrase.pop_back();
  return passphrase;
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

Result<BackupFigures> backed_up(const Words& words, const Cancel& cancel) {
  const auto config = config_of(words);
  if (!config) return tl::unexpected(config.error());
  const auto passphrase = passphrase_of(words);
  if (!passphrase) return tl::unexpected(passphrase.error());
  const auto inside = std::filesystem::weakly_canonical(words.folder)
                          .lexically_relative(std::filesystem::weakly_canonical(config->data));
  if (!inside.empty() && *inside.begin() != "..")
    return refuse(ErrorKind::conflict, "backup.folder", "A school's backups cannot lie in its own data folder.");
  if (words.dry_run && !std::filesystem::exists(words.folder)) return look_at_backup(*config, nullptr, cancel);
  auto store = BackupStore::open(words.folder, *passphrase, !words.dry_run);
  if (!store) return tl::unexpected(store.error());
  if (words.dry_run) return look_at_backup(*config, &*store, cancel);
  return make_backup(*config, *store, std::chrono::days(words.keep_days), SystemClock(), cancel);
}

void backup(const Words& words, CommandContext& context) {
  const auto done = backed_up(words, context.cancel);
  if (!done) return context.refuse(done.error());
  if (words.dry_run)
    return fmt::print("{} files, {}: {} files with {} would be new, and the database.\n", done->files,
                      megabytes(done->bytes), done->new_objects, megabytes(done->new_bytes));
  fmt::print("{}: the database and {} files, {}; {} new, {}, read back and whole.\n", done->snapshot, done->files,
             megabytes(done->bytes), done->new_objects, megabytes(done->new_bytes));
  if (done->forgotten > 0) fmt::print("{} older snapshots were forgotten.\n", done->forgotten);
}

Result<BackupFigures> restored(const Words& words, const Cancel& cancel) {
  const auto config = config_of(words);
  if (!config) return tl::unexpected(config.error());
  const auto passphrase = passphrase_of(words);
  if (!passphrase) return tl::unexpected(passphrase.error());
  const auto store = BackupStore::open(words.folder, *passphrase, false);
  if (!store) return tl::unexpected(store.error());
  const auto snapshot = words.snapshot.empty() ? std::nullopt : std::optional(words.snapshot);
  return restore_backup(*config, *store, snapshot, words.dry_run, cancel);
}

void restore(const Words& words, CommandContext& context) {
  const auto done = restored(words, context.cancel);
  if (!done) return context.refuse(done.error());
  fmt::print("{}: the database and {} files, {}, {}.\n", done->snapshot, done->files, megabytes(done->bytes),
             words.dry_run ? "are whole; nothing was written" : "are back");
}

CLI::App* add_command(CLI::App& app, const std::shared_ptr<Words>& words, const char* name, const char* what) {
  auto* command = app.add_subcommand(name, what);
  command->add_option("folder", words->folder, "Folder of the backups")->required();
  command->add_option("--passphrase-file", words->passphrase_file,
                      "File with the passphrase; KORRIGO_BACKUP_PASSPHRASE by default");
  command->add_option("--config", words->config, "Configuration file (TOML)");
  command->add_option("--data", words->data, "Folder of database, media and logs; ./korrigo-data by default");
  command->add_flag("--dry-run", words->dry_run, "Only look and tell; nothing is written");
  return command;
}

}  // namespace

void add_backup_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command =
      add_command(app, words, "backup", "Back up database and files, encrypted; the service may be running");
  command->add_option("--keep-days", words->keep_days, "Days that snapshots are kept; 30 by default")
      ->check(CLI::Range(1, 36500));
  command->callback([words, &context] { backup(*words, context); });
}

void add_restore_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = add_command(app, words, "restore", "A school from its backup, into an empty folder and database");
  command->add_option("--snapshot", words->snapshot,
                      "Which one (its name as `backup` printed it); the newest by default");
  command->callback([words, &context] { restore(*words, context); });
}

}  // namespace korrigo::app
