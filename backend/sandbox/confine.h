/// Takes rights away from the calling process, for good.
#pragma once

#include "sandbox/child.h"

namespace korrigo::sandbox {

/// Resource limits, no core dump, no new privileges. Memory is not limited under sanitizers, whose shadow needs
/// terabytes of address space.
void set_limits(const Limits& limits);

/// System calls that reach beyond what the process already holds are refused with EACCES from now on: sockets, opening
/// or changing files, other processes, exec. With `may_run_programs` opening files and exec stay allowed and only the
/// network is closed. Throws std::runtime_error when the kernel refuses the filter: an unconfined child must not read a
/// hostile file.
void confine(bool may_run_programs);

}  // namespace korrigo::sandbox
