/// The external OCR engines that the operator has chosen (docs/engines.md).
#pragma once

#include <memory>

#include "app/config.h"
#include "base/clock.h"
#include "ocr/external_engines.h"

namespace korrigo::app {

/// What the configuration says, with its defaults filled in.
ocr::EngineChoice engine_choice(const Config& config);

/// None are started before they are asked. Refuses as ocr::engine_commands. `clock` outlives them.
Result<std::unique_ptr<ocr::ExternalEngines>> chosen_engines(const Config& config, const Clock& clock);

/// One engine as an operator wants to know it.
struct EngineLine {
  std::string name;
  bool is_used = false;  // by the configuration
  ocr::EngineHealth health;
};
/// The readers that are part of the program first, always used and ready; then those of the configuration, then the
/// adapters that could be used. Each external one is started and asked how it is, which takes a tenth of a second or
/// more. Refuses as ocr::engine_commands.
Result<std::vector<EngineLine>> look_at_engines(const Config& config, const Clock& clock);

}  // namespace korrigo::app
