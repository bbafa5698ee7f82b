/// An OCR engine in a process of its own, spoken to over JSON lines (docs/engines.md): EasyOCR, PaddleOCR, anybody's.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "imaging/gray_image.h"
#include "ocr/reading.h"
#include "ocr/tesseract.h"

namespace korrigo::ocr {

/// A line of capitals or digits, dark ink on light paper.
struct EnginePicture {
  imaging::GrayImage picture;
  FieldKind kind = FieldKind::last_name;
  std::string_view characters;            // that the field may hold, of kAlphabet
  std::vector<imaging::PixelRect> boxes;  // where each letter stands, left to right, when that is known
};

/// What an engine read of a picture. Nothing read: an empty text.
struct EngineText {
  std::string text;  // UTF-8, as the engine gave it
  float confidence = 0;
  std::vector<LineLetter> letters;  // in reading order; a box without width where the engine did not say where
};

struct EngineCommand {
  std::string name;               // as in the configuration: "easyocr"
  std::vector<std::string> argv;  // argv[0] an absolute path or a name looked up in PATH
};

struct EngineLimits {
  std::size_t memory_bytes = std::size_t{6} << 30;  // address space, of which libraries reserve more than they use
  std::chrono::milliseconds start{20'000};          // until its first answer
  std::chrono::milliseconds load{60'000};           // of its models
  std::chrono::milliseconds answer{20'000};         // of one request
  std::chrono::milliseconds first_pause{5'000};     // after a failure; doubled by each one that follows
  std::chrono::milliseconds longest_pause{300'000};
};

enum class EngineState { ready, not_installed, failing };

struct EngineHealth {
  EngineState state = EngineState::failing;
  std::string version;  // of a ready one: "1.7.1"
  std::string trouble;  // why it is not ready, one sentence
  std::string install;  // the one command that installs it, when that is what is missing
};

/// What became of the requests so far.
struct EngineRecord {
  std::string name;
  std::string version;  // "" while it never was ready
  std::uint64_t asked = 0;
  std::uint64_t answered = 0;
  std::string trouble;  // of the last request that it did not answer
};

/// Started at the first request and kept; started again after a pause when it died, hung, or answered what it should
/// not. No refusal says anything about the pictures: their evidence is missing, that is all. Thread-safe; requests wait
/// for one another.
class ExternalEngine {
 public:
  /// `clock` outlives it.
  ExternalEngine(EngineCommand command, EngineLimits limits, const Clock& clock);
  ~ExternalEngine();

  const std::string& name() const { return command_.name; }

  /// Starts it when it is not running, whatever pause it is in; loads no models.
  EngineHealth health();

  /// One text for each picture; without any, it only loads its models. Refuses
  ///   not_found  "engine.not_installed"  its package is missing (detail: the command that installs it)
  ///   malformed  "engine.refused"        it says why
  ///   malformed  "engine.rubbish"        what it answered is not in the protocol
  ///   malformed  "engine.died"           it ended
  ///   too_large  "engine.slow"           no answer in time
  ///   too_large  "engine.flood"          too long an answer
  ///   too_busy   "engine.paused"         it failed a moment ago and is left alone for a while
  Result<std::vector<EngineText>> read(std::span<const EnginePicture> pictures);

  EngineRecord record() const;

 private:
  struct Process;
  Result<void> start();
  Result<void> load();
  Result<std::string> ask(const std::string& request, std::chrono::milliseconds limit);
  Error failed(Error error);

  EngineCommand command_;
  EngineLimits limits_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unique_ptr<Process> process_;
  bool loaded_ = false;
  std::string version_;
  std::int64_t last_id_ = 0;
  int failures_ = 0;  // since it last answered
  UtcTime paused_until_{};
  mutable std::mutex record_mutex_;
  EngineRecord record_;
};

}  // namespace korrigo::ocr
