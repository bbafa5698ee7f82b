#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/config.h"
#include "app/demo_school.h"
#include "base/files.h"
#include "samples/options.h"
#include "samples/samples.h"

namespace korrigo::app {

namespace {

namespace fs = std::filesystem;

struct Words {
  std::string folder, data, batch;
  samples::Options options;
};

Result<void> make_school(const fs::path& batch, const Words& words, const Cancel& cancel) {
  auto config = load_config(std::nullopt);
  if (!config) return tl::unexpected(config.error());
  config->data = words.data;
  fmt::print("Reading the scan as an upload...\n");
  std::fflush(stdout);
  if (auto made = make_demo_school(*config, batch, cancel); !made) return made;
  fmt::print("\n{}\nkorrigo serve --data {}\n", read_file(config->data / kDemoAccounts), words.data);
  return {};
}

Result<void> run(const Words& words, const Cancel& cancel) {
  if (!words.batch.empty()) return make_school(words.batch, words, cancel);
  std::optional<TempFolder> passing;
  if (words.folder.empty()) passing.emplace();
  const fs::path folder = passing ? passing->path() / "batch" : fs::path(words.folder);
  if (auto made = samples::make(folder, words.options); !made) return made;
  if (!passing) fmt::print("{0}/scan.pdf {0}/students.csv {0}/truth.json\n", words.folder);
  return words.data.empty() ? Result<void>() : make_school(folder, words, cancel);
}

}  // namespace

void add_demo_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("demo", "Make a realistic scanned exam to try everything on");
  auto* make =
      command->add_option("--make", words->folder, "New or empty folder for scan.pdf, students.csv and truth.json");
  auto* data = command->add_option("--data", words->data,
                                   "New or empty data folder for a school with that exam and an account for each role");
  command->add_option("--batch", words->batch, "Folder of an earlier --make, to be the school's exam")
      ->check(CLI::ExistingDirectory)
      ->needs(data)
      ->excludes(make);
  samples::add_options(*command, words->options);
  command->callback([words, &context] {
    if (words->folder.empty() && words->data.empty()) throw CLI::RequiredError("--make or --data");
    if (const auto made = run(*words, context.cancel); !made) context.refuse(made.error());
  });
}

}  // namespace korrigo::app
