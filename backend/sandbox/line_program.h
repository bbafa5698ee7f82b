/// An installed program that stays, and answers one line of text with another.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/child.h"

namespace korrigo::sandbox {

/// Started as run_program starts its programs: no network, limits applied (but limits.wall: each exchange has its own
/// deadline), an environment of LANG and PATH only. Not thread-safe; destroying it ends the program and what that has
/// started.
class LineProgram {
 public:
  /// argv[0] is an absolute path or a name looked up in PATH; an answer has at most max_line bytes. Throws
  /// std::system_error when no process can be started.
  LineProgram(const std::vector<std::string>& argv, const Limits& limits, std::size_t max_line);
  LineProgram(LineProgram&&) noexcept;
  LineProgram& operator=(LineProgram&&) noexcept;
  ~LineProgram();

  /// Sends the line (without line end) and returns the next one that the program writes. After any refusal the program
  /// is gone and alive() is false. Refuses as run_program does:
  ///   too_large  "sandbox.time"     no answer at the deadline, or over limits.cpu
  ///   malformed  "sandbox.crashed"  ended by a signal
  ///   malformed  "program.failed"   ended, or closed its output (detail: the end of its standard error)
  ///   not_found  "program.missing"  not installed
  ///   too_large  "program.output"   more than max_line without a line end
  Result<std::string> exchange(std::string_view line, std::chrono::steady_clock::time_point deadline);
  bool alive() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::sandbox
