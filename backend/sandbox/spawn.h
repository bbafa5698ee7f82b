/// Starts this same program again as a helper process.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"

namespace korrigo::sandbox {

inline constexpr int kHelperSocket = 3;  // the descriptor at which a helper finds its end of the socket pair

struct Helper {
  int pid = -1;
  UniqueFd socket;  // the parent's end, non-blocking, close-on-exec
};

/// Runs /proc/self/exe with these arguments in a process group of its own (Ctrl-C on the terminal is the parent's
/// business), with an empty environment but for LANG, PATH and what keeps libraries single-threaded. Descriptor `input`
/// becomes its standard input and `output`, when not -1, its standard output; it has no other of ours. Throws
/// std::system_error.
Helper spawn_self(const std::vector<std::string>& arguments, int input = -1, int output = -1, int error_output = -1);

}  // namespace korrigo::sandbox
