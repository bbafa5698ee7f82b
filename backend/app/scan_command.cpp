#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <memory>
#include <mutex>

#include "app/commands.h"
#include "app/engines.h"
#include "app/progress.h"
#include "app/scan_run.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;

struct Words {
  std::vector<std::string> sources;
  std::string roster;
  std::string out;
  std::string imposition = "auto";
  std::string verso_rotation = "auto";
  std::string format = "auto";
  int pages_per_booklet = 0;
  int jobs = 0;
  int max_pages = 500;
  bool no_previews = false;
  std::string config;
};

ScanOptions options_of(const Words& words) {
  ScanOptions options;
  options.sources.assign(words.sources.begin(), words.sources.end());
  options.roster = words.roster;
  options.out = words.out;
  if (words.imposition != "auto")
    options.arrange.imposition = words.imposition == "booklet" ? scans::Imposition::booklet : scans::Imposition::plain;
  if (words.verso_rotation != "auto") options.arrange.verso_rotation = words.verso_rotation == "180" ? 180 : 0;
  if (words.pages_per_booklet > 0) options.arrange.pages_per_booklet = words.pages_per_booklet;
  using Format = scans::SurveyOptions::Format;
  options.survey.format = words.format == "a3" ? Format::a3 : words.format == "a4" ? Format::a4 : Format::automatic;
  options.jobs = words.jobs;
  options.max_pages = words.max_pages;
  options.previews = !words.no_previews;
  return options;
}

void print_summary(const ScanResult& result, const std::string& out) {
  std::size_t identified = 0;
  for (const ScannedCopy& copy : result.copies) identified += copy.decision.student.has_value();
  const auto count = [](std::size_t number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
  };
  fmt::print("{}: {} identified, {} to look at; {} in no copy; {} without an identified copy ({:.1f} s)\n",
             count(result.copies.size(), "copy", "copies"), identified, result.copies.size() - identified,
             count(result.batch.unplaced.size(), "face", "faces"), count(result.absent.size(), "student", "students"),
             result.timings.at("total"));
  fmt::print("{}/report.html\n", out);
}

void run_scan(const Words& words, CommandContext& context) {
  const auto config = load_config(words.config.empty() ? std::nullopt : std::optional<fs::path>(words.config));
  if (!config) return context.refuse(config.error());
  const SystemClock clock;
  const auto engines = chosen_engines(*config, clock);
  if (!engines) return context.refuse(engines.error());
  ScanOptions options = options_of(words);
  options.engines = engines->get();
  ProgressBar bar;
  auto result = scan(options, context.cancel, [&](std::string_view stage, std::size_t done, std::size_t total) {
    bar.show(stage, done, total);
  });
  bar.finish();
  if (!result) return context.refuse(result.error());
  print_summary(*result, words.out);
  context.code = result->needs_a_person() ? ExitCode::needs_a_person : ExitCode::done;
}

}  // namespace

void add_scan_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("scan", "Turn scanned PDFs into one identified PDF per copy, with a report");
  command->add_option("sources", words->sources, "Scanned PDFs, in order")->required();
  command->add_option("--roster", words->roster, "CSV of the students: nom, prenom, email, date_naissance")->required();
  command->add_option("--out", words->out, "New or empty folder for the result")->required();
  command->add_option("--imposition", words->imposition, "How faces lie on a sheet")
      ->check(CLI::IsMember({"auto", "booklet", "plain"}));
  command->add_option("--verso-rotation", words->verso_rotation, "How versos were fed")
      ->check(CLI::IsMember({"auto", "0", "180"}));
  command->add_option("--format", words->format, "Size of every side")->check(CLI::IsMember({"auto", "a3", "a4"}));
  command
      ->add_option("--pages-per-booklet", words->pages_per_booklet, "Faces of a copy; found from the batch by default")
      ->check(CLI::Range(1, 200));
  command->add_option("--jobs", words->jobs, "Processes side by side; one for each core by default")
      ->check(CLI::Range(1, 64));
  command->add_option("--max-pages", words->max_pages, "Most pages of one PDF")
      ->check(CLI::Range(1, 20'000))
      ->capture_default_str();
  command->add_flag("--no-previews", words->no_previews, "Leave out the pictures for the screen");
  command->add_option("--config", words->config, "Configuration file (TOML), for the engines that it names");
  command->callback([words, &context] { run_scan(*words, context); });
}

}  // namespace korrigo::app
