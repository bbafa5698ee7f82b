#include "ocr/external_engine.h"

#include <fmt/format.h>
#include <system_error>

#include "ocr/engine_protocol.h"
#include "sandbox/line_program.h"

namespace korrigo::ocr {
namespace {

constexpr std::size_t kLongestAnswer = std::size_t{4} << 20;
// Of its whole life: an engine that spins is ended by the limit of its request.
constexpr std::chrono::seconds kProcessorTime{1'000'000};

sandbox::Limits process_limits(const EngineLimits& limits) {
  sandbox::Limits of_process;
  of_process.memory_bytes = limits.memory_bytes;
  of_process.cpu = kProcessorTime;
  of_process.file_bytes = std::size_t{64} << 20;
  return of_process;
}

// How an exchange with a process fails, in the words of an engine.
Error in_our_words(const Error& error, const EngineCommand& command, std::chrono::milliseconds limit) {
  const double seconds = static_cast<double>(limit.count()) / 1000;
  if (error.code == "program.missing")
    return {ErrorKind::not_found, "engine.not_installed",
            fmt::format("The program {} is not installed.", command.argv.front())};
  if (error.code == "sandbox.time")
    return {ErrorKind::too_large, "engine.slow", fmt::format("It did not answer within {:g} s.", seconds)};
  if (error.code == "program.output")
    return {ErrorKind::too_large, "engine.flood", "It wrote more than an answer may hold."};
  return {ErrorKind::malformed, "engine.died", "It ended without an answer.", error.detail};
}

}  // namespace

struct ExternalEngine::Process {
  sandbox::LineProgram program;
};

ExternalEngine::ExternalEngine(EngineCommand command, EngineLimits limits, const Clock& clock)
    : command_(std::move(command)), limits_(limits), clock_(clock) {
  record_.name = command_.name;
}
ExternalEngine::~ExternalEngine() = default;

Result<std::string> ExternalEngine::ask(const std::string& request, std::chrono::milliseconds limit) {
  auto line = process_->program.exchange(request, std::chrono::steady_clock::now() + limit);
  if (!line) return tl::unexpected(in_our_words(line.error(), command_, limit));
  return line;
}

Result<void> ExternalEngine::start() {
  if (process_) return {};
  loaded_ = false;
  try {
    process_ = std::make_unique<Process>(
        Process{sandbox::LineProgram(command_.argv, process_limits(limits_), kLongestAnswer)});
  } catch (const std::system_error& error) {
    return refuse(ErrorKind::malformed, "engine.died", "It could not be started.", error.what());
  }
  const auto health = ask(health_request(++last_id_), limits_.start);
  if (!health) return tl::unexpected(health.error());
  const auto answer = health_of(*health, last_id_);
  if (!answer) return tl::unexpected(answer.error());
  version_ = answer->version;
  return {};
}

Result<void> ExternalEngine::load() {
  if (auto started = start(); !started) return started;
  if (loaded_) return {};
  const auto line = ask(load_request(++last_id_), limits_.load);
  if (!line) return tl::unexpected(line.error());
  const auto done = loaded(*line, last_id_);
  loaded_ = done.has_value();
  return done;
}

// Whatever went wrong, this process is not asked again: what it writes next may belong to the past.
Error ExternalEngine::failed(Error error) {
  process_.reset();
  const auto doubled = limits_.first_pause * (std::int64_t{1} << std::min(failures_, 20));
  ++failures_;
  paused_until_ = clock_.now() + std::min(error.code == "engine.not_installed" ? limits_.longest_pause : doubled,
                                          limits_.longest_pause);
  return error;
}

Result<std::vector<EngineText>> ExternalEngine::read(std::span<const EnginePicture> pictures) {
  std::string version;
  const auto answer = [&]() -> Result<std::vector<EngineText>> {
    const std::lock_guard lock(mutex_);
    if (clock_.now() < paused_until_)
      return refuse(ErrorKind::too_busy, "engine.paused", "It failed a moment ago and is left alone for a while.");
    if (const auto ready = load(); !ready) return tl::unexpected(failed(ready.error()));
    version = version_;
    const auto line = ask(read_request(++last_id_, pictures), limits_.answer);
    if (!line) return tl::unexpected(failed(line.error()));
    auto texts = texts_of(*line, last_id_, pictures);
    // An engine that says that it cannot read these pictures is well otherwise.
    if (!texts && texts.error().code != "engine.refused") return tl::unexpected(failed(texts.error()));
    failures_ = 0;
    return texts;
  }();
  const std::lock_guard lock(record_mutex_);
  ++record_.asked;
  if (answer) {
    ++record_.answered;
    record_.version = version;
  } else if (answer.error().code != "engine.paused") {
    record_.trouble = answer.error().message;
  }
  return answer;
}

EngineHealth ExternalEngine::health() {
  const std::lock_guard lock(mutex_);
  if (!process_) {
    if (const auto started = start(); !started) {
      const Error error = failed(started.error());
      const bool missing = error.code == "engine.not_installed";
      return {missing ? EngineState::not_installed : EngineState::failing, "", error.message,
              missing ? error.detail : ""};
    }
  } else {
    const auto line = ask(health_request(++last_id_), limits_.answer);
    const auto answer = line ? health_of(*line, last_id_) : tl::unexpected(line.error());
    if (!answer) return {EngineState::failing, "", failed(answer.error()).message, ""};
  }
  failures_ = 0;
  paused_until_ = {};
  return {EngineState::ready, version_, "", ""};
}

EngineRecord ExternalEngine::record() const {
  const std::lock_guard lock(record_mutex_);
  return record_;
}

}  // namespace korrigo::ocr
