#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "base/files.h"
#include "publication/pronote.h"
#include "storage/migrations.h"

namespace korrigo::app {
namespace {

struct Words {
  std::string config, data, exam, output;
  double coefficient = 1;
  bool validate_only = false;
};

Result<publication::PronoteFile> read_marks(const Words& words) {
  auto config = load_config(words.config.empty() ? std::nullopt : std::optional<std::filesystem::path>(words.config));
  if (!config) return tl::unexpected(config.error());
  if (!words.data.empty()) config->data = words.data;
  std::filesystem::create_directories(config->data);
  const auto database = storage::Database::open(config->database());
  if (const auto migrated = storage::migrate(*database); !migrated) return tl::unexpected(migrated.error());
  const auto exam = ExamId::parse(words.exam);
  if (!exam) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  return database->read([&](storage::Transaction& transaction) {
    return publication::pronote_file(transaction, *exam, std::llround(words.coefficient * 10));
  });
}

void export_pronote(const Words& words, CommandContext& context) {
  const auto file = read_marks(words);
  if (!file) {
    context.refuse(file.error());
    for (const std::string& reason : file.error().details) fmt::print(stderr, "  {}\n", reason);
    return;
  }
  for (const std::string& warning : file->warnings) fmt::print(stderr, "{}\n", warning);
  if (words.validate_only) return fmt::print(stderr, "{} marks can be exported.\n", file->count);
  if (words.output.empty())
    fmt::print("{}", file->content);
  else
    write_file(words.output, file->content);
}

}  // namespace

void add_export_pronote_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("export-pronote", "The marks of an exam as Pronote imports them");
  command->add_option("exam", words->exam, "Id of the exam")->required();
  command->add_option("--coefficient", words->coefficient, "Coefficient of the marks; 1 by default")
      ->check(CLI::Range(0.0, static_cast<double>(publication::kMaxCoefficient) / 10));
  command->add_option("--output", words->output, "File to write; standard output by default");
  command->add_flag("--validate-only", words->validate_only, "Only say whether the marks can be exported");
  command->add_option("--config", words->config, "Configuration file (TOML)");
  command->add_option("--data", words->data, "Folder of database, media and logs; ./korrigo-data by default");
  command->callback([words, &context] { export_pronote(*words, context); });
}

}  // namespace korrigo::app
