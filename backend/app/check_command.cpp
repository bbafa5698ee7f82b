#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/check.h"
#include "app/commands.h"

namespace korrigo::app {
namespace {

using Verdict = Finding::Verdict;

struct Words {
  std::string config, data;
  bool audit = false;
};

std::string_view word_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return "ok";
    case Verdict::attention:
      return "look";
    case Verdict::bad:
      return "BAD";
  }
  return "";
}

void run(const Words& words, CommandContext& context) {
  auto config = load_config(words.config.empty() ? std::nullopt : std::optional<std::filesystem::path>(words.config));
  if (!config) return context.refuse(config.error());
  if (!words.data.empty()) config->data = words.data;
  const auto findings = check_environment(*config, words.audit);
  if (!findings) return context.refuse(findings.error());
  for (const Finding& finding : *findings) {
    fmt::print("{:<5} {:<18} {}\n", word_for(finding.verdict), finding.subject, finding.text);
    if (!finding.remedy.empty()) fmt::print("{:<24} -> {}\n", "", finding.remedy);
  }
  const auto any = [&](Verdict verdict) {
    return std::ranges::any_of(*findings, [&](const Finding& finding) { return finding.verdict == verdict; });
  };
  if (any(Verdict::bad))
    context.code = ExitCode::broken_environment;
  else if (any(Verdict::attention))
    context.code = ExitCode::needs_a_person;
}

}  // namespace

void add_check_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("check", "Say whether everything that Korrigo needs is there");
  command->add_option("--config", words->config, "Configuration file (TOML)");
  command->add_option("--data", words->data, "Folder of database, media and logs; ./korrigo-data by default");
  command->add_flag("--audit", words->audit, "Verify the chain of the audit log, too");
  command->callback([words, &context] { run(*words, context); });
}

void add_config_command(CLI::App& app, CommandContext& context) {
  auto file = std::make_shared<std::string>();
  auto* command = app.add_subcommand("config", "Print the configuration in force");
  command->add_option("--config", *file, "Configuration file (TOML)");
  command->callback([file, &context] {
    const auto config = load_config(file->empty() ? std::nullopt : std::optional<std::filesystem::path>(*file));
    if (!config) return context.refuse(config.error());
    fmt::print("{}", describe(*config));
  });
}

}  // namespace korrigo::app
