#include "sandbox/process.h"

#include <sys/wait.h>
#include <csignal>
#include <thread>

namespace korrigo::sandbox {

int Running::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

void Running::stop() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  wait();
}

int Running::end_within(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (std::chrono::steady_clock::now() < deadline) {
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      ::kill(-pid_, SIGKILL);  // what it started and left behind
      pid_ = -1;
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  return wait();
}

std::vector<std::string> program_arguments(const std::vector<std::string>& argv, const Limits& limits) {
  std::vector<std::string> arguments = {"korrigo", "--sandbox-program", std::to_string(limits.memory_bytes),
                                        std::to_string(limits.cpu.count()), std::to_string(limits.file_bytes)};
  arguments.insert(arguments.end(), argv.begin(), argv.end());
  return arguments;
}

Error program_fault(int status, const std::string& program, const std::string& standard_error) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    return {ErrorKind::not_found, "program.missing", "The program " + program + " is not installed."};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    return {ErrorKind::too_large, "sandbox.time", "Reading it took more time than is allowed."};
  if (WIFSIGNALED(status))
    return {ErrorKind::malformed, "sandbox.crashed", "It cannot be read: " + program + " failed on it.",
            "signal " + std::to_string(WTERMSIG(status))};
  return {ErrorKind::malformed, "program.failed", "It cannot be read: " + program + " failed on it.", standard_error};
}

}  // namespace korrigo::sandbox
