#include "ocr/external_engines.h"

#include <fmt/format.h>
#include <algorithm>
#include <sstream>

namespace korrigo::ocr {
namespace {

namespace fs = std::filesystem;

// What the adapters share, and what proves them, are no adapters.
constexpr std::array<std::string_view, 3> kNoAdapters = {"korrigo_engine", "skeletons", "conformance"};

bool is_adapter(const fs::path& file) {
  const std::string name = file.stem().string();
  return file.extension() == ".py" && name.front() != '_' && std::ranges::find(kNoAdapters, name) == kNoAdapters.end();
}

std::vector<std::string> words_of(const std::string& command) {
  std::istringstream stream(command);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

std::vector<std::string> adapter_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (is_adapter(entry.path())) names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

Result<std::vector<EngineCommand>> engine_commands(const EngineChoice& choice) {
  std::vector<EngineCommand> commands;
  const auto adapters = adapter_names(choice.folder);
  for (const std::string& wanted : choice.wanted) {
    const auto equals = wanted.find('=');
    EngineCommand command;
    command.name = wanted.substr(0, equals);
    if (equals != std::string::npos)
      command.argv = words_of(wanted.substr(equals + 1));
    else if (std::ranges::find(adapters, wanted) != adapters.end())
      command.argv = {choice.python, "-B", (choice.folder / (wanted + ".py")).string()};
    if (command.name.empty() || command.argv.empty())
      return refuse(ErrorKind::invalid_input, "engine.unknown",
                    fmt::format("There is no engine \"{}\"; there are: {}.", wanted, fmt::join(adapters, ", ")));
    commands.push_back(std::move(command));
  }
  return commands;
}

ExternalEngines::ExternalEngines(const std::vector<EngineCommand>& commands, const EngineLimits& limits,
                                 const Clock& clock) {
  for (const EngineCommand& command : commands)
    engines_.push_back(std::make_unique<ExternalEngine>(command, limits, clock));
}

std::vector<ExternalEngines::Opinion> ExternalEngines::read(std::span<const EnginePicture> pictures) {
  std::vector<Opinion> opinions;
  for (const auto& engine : engines_)
    if (auto texts = engine->read(pictures))
      opinions.push_back({engine->name(), engine->record().version, std::move(*texts)});
  return opinions;
}

std::string ExternalEngines::names() const {
  std::string names;
  for (const auto& engine : engines_) names += (names.empty() ? "" : ", ") + engine->name();
  return names;
}

std::string ExternalEngines::versions() const {
  std::string versions;
  for (const EngineRecord& record : records())
    versions += fmt::format("{}{} {}", versions.empty() ? "" : ", ", record.name,
                            record.version.empty() ? "?" : record.version);
  return versions;
}

std::vector<EngineRecord> ExternalEngines::records() const {
  std::vector<EngineRecord> records;
  for (const auto& engine : engines_) records.push_back(engine->record());
  return records;
}

}  // namespace korrigo::ocr
