/// The external engines that the operator has chosen, asked together.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ocr/external_engine.h"

namespace korrigo::ocr {

/// Where engines come from.
struct EngineChoice {
  std::vector<std::string> wanted;  // names of adapters, or "name=command with arguments"
  std::filesystem::path folder;     // of the adapters: one NAME.py each
  std::string python = "python3";   // that runs them
  EngineLimits limits = {};
};

/// The commands of `wanted`. Refuses invalid_input "engine.unknown" for a name without an adapter in the folder.
Result<std::vector<EngineCommand>> engine_commands(const EngineChoice& choice);

/// Every adapter of the folder by name: what could be wanted.
std::vector<std::string> adapter_names(const std::filesystem::path& folder);

/// One per process. Thread-safe.
class ExternalEngines {
 public:
  ExternalEngines(const std::vector<EngineCommand>& commands, const EngineLimits& limits, const Clock& clock);

  bool empty() const { return engines_.empty(); }

  struct Opinion {
    std::string engine, version;
    std::vector<EngineText> texts;  // one for each picture
  };
  /// What each engine read, in the order of the configuration; engines that did not answer are left out.
  std::vector<Opinion> read(std::span<const EnginePicture> pictures);

  /// "easyocr, paddleocr"
  std::string names() const;
  /// "easyocr 1.7.1, paddleocr ?": a version is known once its engine has answered.
  std::string versions() const;
  std::vector<EngineRecord> records() const;

 private:
  std::vector<std::unique_ptr<ExternalEngine>> engines_;
};

}  // namespace korrigo::ocr
