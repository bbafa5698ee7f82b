/// What is said to an external engine and what it answers, as JSON lines (docs/engines.md). Internal to this module.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ocr/external_engine.h"

namespace korrigo::ocr {

std::string health_request(std::int64_t id);
std::string load_request(std::int64_t id);
std::string read_request(std::int64_t id, std::span<const EnginePicture> pictures);

/// All refuse malformed "engine.rubbish" for what is not an answer to the request of this id, and pass on the engine's
/// own refusal: not_found "engine.not_installed" (detail: the command that installs it) or malformed "engine.refused".
struct HealthAnswer {
  std::string engine, version;
};
Result<HealthAnswer> health_of(std::string_view line, std::int64_t id);
Result<void> loaded(std::string_view line, std::int64_t id);
/// One text for each of the pictures.
Result<std::vector<EngineText>> texts_of(std::string_view line, std::int64_t id,
                                         std::span<const EnginePicture> pictures);

}  // namespace korrigo::ocr
