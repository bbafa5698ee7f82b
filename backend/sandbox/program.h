/// Runs an installed program (pdftoppm) on a hostile file, limited.
#pragma once

#include <string>
#include <vector>

#include "sandbox/child.h"

namespace korrigo::sandbox {

struct ProgramOutput {
  std::vector<std::byte> standard_output;
  std::string standard_error;  // at most 64 KiB
};

/// Runs argv[0] (an absolute path or a name looked up in PATH) to its end with `input` as its standard input, no
/// network, limits applied and at most max_output bytes of standard output. Refuses as Child::call does, and
///   malformed  "program.failed"   exit code not 0 (detail: what it wrote to standard error)
///   not_found  "program.missing"  not installed
///   too_large  "program.output"   more than max_output
Result<ProgramOutput> run_program(const std::vector<std::string>& argv, int input, const Limits& limits,
                                  std::size_t max_output);

}  // namespace korrigo::sandbox
