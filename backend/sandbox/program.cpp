#include "sandbox/program.h"

#include <poll.h>
#include <sys/wait.h>

#include "sandbox/process.h"
#include "sandbox/spawn.h"

namespace korrigo::sandbox {

Result<ProgramOutput> run_program(const std::vector<std::string>& argv, int input, const Limits& limits,
                                  std::size_t max_output) {
  using Clock = std::chrono::steady_clock;
  Pipe out;
  Pipe err;
  Running process(spawn_self(program_arguments(argv, limits), input, out.write.get(), err.write.get()).pid);
  out.write.reset();
  err.write.reset();

  ProgramOutput output;
  const auto deadline = Clock::now() + limits.wall;
  bool out_open = true;
  bool err_open = true;
  while (out_open || err_open) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return refuse(ErrorKind::too_large, "sandbox.time", "Reading it took more time than is allowed.");
    std::array<pollfd, 2> entries = {pollfd{out_open ? out.read.get() : -1, POLLIN, 0},
                                     pollfd{err_open ? err.read.get() : -1, POLLIN, 0}};
    if (::poll(entries.data(), entries.size(), static_cast<int>(std::min<long long>(left, 60'000))) <= 0) continue;
    if (entries[0].revents != 0) out_open = drain(out.read.get(), output.standard_output, max_output + 1);
    if (entries[1].revents != 0) err_open = drain(err.read.get(), output.standard_error, 64 * 1024);
    if (output.standard_output.size() > max_output)
      return refuse(ErrorKind::too_large, "program.output", argv.front() + " produced more than is allowed.");
  }
  const int status = process.wait();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  return tl::unexpected(program_fault(status, argv.front(), output.standard_error));
}

}  // namespace korrigo::sandbox
