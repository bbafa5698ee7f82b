#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/commands.h"
#include "app/engines.h"
#include "app/header_files.h"
#include "base/files.h"
#include "identification/explanation.h"
#include "students/roster.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using identification::CopyEvidence;

struct Words {
  HeaderFilesOptions headers;
  std::string roster;
  std::string out;
  std::string config;
};

json::object describe(const HeaderFile& file, const identification::Decision& decision,
                      const students::Roster& roster) {
  json::array candidates;
  for (const auto& candidate : decision.candidates) {
    json::object object{{"email", nullptr}, {"confidence", candidate.confidence}};
    if (candidate.student) {
      object["email"] = roster.students[*candidate.student].email;
      object["evidence"] = identification::explanation(file.evidence, roster.students[*candidate.student]);
    }
    candidates.push_back(std::move(object));
  }
  json::object readings;
  for (const auto& reading : file.evidence.readings)
    for (const auto& field : reading.fields) readings.emplace(ocr::to_string(field.kind), field.text);
  json::array warnings;
  for (const std::string& warning : decision.warnings) warnings.emplace_back(warning);
  if (!file.problem.empty()) warnings.emplace_back(file.problem);
  json::value student = nullptr;
  if (decision.student) {
    const auto& found = roster.students[*decision.student];
    student = json::object{{"email", found.email},
                           {"nom", found.nom},
                           {"prenom", found.prenom},
                           {"date_naissance", found.date_naissance.iso()}};
  }
  return {{"file", file.name},
          {"mode", json::string(identification::to_string(decision.mode))},
          {"confidence", decision.confidence},
          {"student", std::move(student)},
          {"candidates", std::move(candidates)},
          {"readings", std::move(readings)},
          {"warnings", std::move(warnings)}};
}

// Which copy each picture belongs to. In a stack, neighbours of one student are one copy.
std::vector<std::size_t> copies_of(const std::vector<HeaderFile>& files, const students::Roster& roster, bool stack,
                                   std::vector<CopyEvidence>& copies) {
  std::vector<std::size_t> copy_of;
  for (const HeaderFile& file : files) {
    const bool further =
        stack && !copies.empty() && !copies.back().readings.empty() && !file.evidence.readings.empty() &&
        identification::same_student(roster, copies.back(), file.evidence) >= identification::kSameStudent;
    if (further)
      copies.back().readings.push_back(file.evidence.readings.front());
    else
      copies.push_back(file.evidence);
    copy_of.push_back(copies.size() - 1);
  }
  return copy_of;
}

Result<void> identify(const Words& words, const Cancel& cancel) {
  std::error_code error;
  if (!fs::is_directory(words.headers.folder, error))
    return refuse(ErrorKind::not_found, "headers.missing",
                  fmt::format("{} is not a folder of header pictures.", words.headers.folder.string()));
  if (!fs::is_regular_file(words.roster, error))
    return refuse(ErrorKind::not_found, "roster.missing",
                  fmt::format("The roster {} does not exist or is not a file.", words.roster));
  const auto roster = students::parse_roster(read_file(words.roster));
  if (!roster) return tl::unexpected(roster.error());
  auto files = read_header_files(words.headers, cancel);
  if (!files) return tl::unexpected(files.error());
  std::vector<CopyEvidence> copies;
  auto copy_of = copies_of(*files, *roster, words.headers.stack, copies);
  auto decisions = identification::decide(*roster, copies);
  std::vector<std::size_t> doubtful;
  for (std::size_t i = 0; i < files->size(); ++i)
    if (decisions[copy_of[i]].mode != identification::Mode::automatic) doubtful.push_back(i);
  if (auto again = look_again_at_files(words.headers, doubtful, *files, cancel); !again) return again;
  copies.clear();
  copy_of = copies_of(*files, *roster, words.headers.stack, copies);
  decisions = identification::decide(*roster, copies);
  json::array all;
  for (std::size_t i = 0; i < files->size(); ++i) all.push_back(describe((*files)[i], decisions[copy_of[i]], *roster));
  write_file(words.out, json::serialize(all) + "\n");
  return {};
}

}  // namespace

void add_identify_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("identify", "Say whose copy it is from pictures of headers alone");
  command->add_option("folder", words->headers.folder, "Folder of header pictures (JPEG or PNG, 300 dpi)")->required();
  command->add_option("--roster", words->roster, "CSV of the students")->required();
  command->add_option("--json", words->out, "Where to write the answers")->required();
  command->add_flag("--stack", words->headers.stack,
                    "The pictures are the headers of one exam in the order of the stack: one printed form, neighbours "
                    "of one student are one copy");
  command->add_option("--keep-readings", words->headers.kept,
                      "File that keeps what was read; a picture that it knows is not read again");
  command->add_option("--jobs", words->headers.jobs, "Threads; one for each core by default")->check(CLI::Range(1, 64));
  command->add_option("--config", words->config, "Configuration file (TOML), for the engines that it names");
  command->callback([words, &context] {
    const auto config = load_config(words->config.empty() ? std::nullopt : std::optional<fs::path>(words->config));
    if (!config) return context.refuse(config.error());
    const SystemClock clock;
    const auto engines = chosen_engines(*config, clock);
    if (!engines) return context.refuse(engines.error());
    words->headers.further = engines->get();
    if (const auto done = identify(*words, context.cancel); !done) context.refuse(done.error());
  });
}

}  // namespace korrigo::app
