#include "app/engines.h"

#include <algorithm>

#include "ocr/hand.h"
#include "ocr/tesseract.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLookLimit{10};                          // somebody waits for the page
constexpr const char* kOwnPython = "/opt/korrigo-engines/bin/python3";  // that install.sh makes

fs::path default_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path installed = program.parent_path() / "share" / "korrigo" / "engines";
  return fs::is_directory(installed, error) ? installed : program / "engines";
}

ocr::EngineHealth tesseract_health() {
  const auto made = ocr::Tesseract::make();
  if (made) return {ocr::EngineState::ready, made->version(), "", ""};
  return {ocr::EngineState::not_installed, "", made.error().message, "apt-get install tesseract-ocr-fra"};
}

}  // namespace

ocr::EngineChoice engine_choice(const Config& config) {
  ocr::EngineChoice choice;
  choice.wanted = config.engines;
  choice.folder = config.engines_folder.empty() ? default_folder() : config.engines_folder;
  std::error_code error;
  choice.python = !config.engine_python.empty()   ? config.engine_python
                  : fs::exists(kOwnPython, error) ? std::string(kOwnPython)
                                                  : std::string("python3");
  choice.limits.answer = std::chrono::seconds(config.engine_seconds);
  choice.limits.start = choice.limits.answer;
  choice.limits.memory_bytes = static_cast<std::size_t>(config.engine_memory_mb) << 20;
  return choice;
}

Result<std::unique_ptr<ocr::ExternalEngines>> chosen_engines(const Config& config, const Clock& clock) {
  const ocr::EngineChoice choice = engine_choice(config);
  const auto commands = ocr::engine_commands(choice);
  if (!commands) return tl::unexpected(commands.error());
  return std::make_unique<ocr::ExternalEngines>(*commands, choice.limits, clock);
}

Result<std::vector<EngineLine>> look_at_engines(const Config& config, const Clock& clock) {
  ocr::EngineChoice choice = engine_choice(config);
  choice.limits.start = std::min<std::chrono::milliseconds>(choice.limits.start, kLookLimit);
  const std::vector<std::string> used = choice.wanted;
  for (const std::string& name : ocr::adapter_names(choice.folder))
    if (std::ranges::find(choice.wanted, name) == choice.wanted.end()) choice.wanted.push_back(name);
  const auto commands = ocr::engine_commands(choice);
  if (!commands) return tl::unexpected(commands.error());
  std::vector<EngineLine> lines = {
      {"korrigo-hand", true, {ocr::EngineState::ready, ocr::Hand::built_in().version(), "", ""}},
      {"tesseract", true, tesseract_health()}};
  for (std::size_t i = 0; i < commands->size(); ++i) {
    ocr::ExternalEngine engine((*commands)[i], choice.limits, clock);
    lines.push_back({engine.name(), i < used.size(), engine.health()});
  }
  return lines;
}

}  // namespace korrigo::app
