/// A started process and the pipes to it. Internal to this module.
#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include "base/files.h"
#include "sandbox/child.h"

namespace korrigo::sandbox {

struct Pipe {
  UniqueFd read, write;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    read = UniqueFd(ends[0]);
    write = UniqueFd(ends[1]);
  }
};

/// Takes what is there, keeping at most `most` in all; false at the end of the stream.
template <class Container>
bool drain(int fd, Container& into, std::size_t most) {
  std::array<char, 65536> block;
  const ssize_t got = ::read(fd, block.data(), block.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  const std::size_t room = most - std::min(most, into.size());
  const auto* first = reinterpret_cast<const typename Container::value_type*>(block.data());
  into.insert(into.end(), first, first + std::min(room, static_cast<std::size_t>(got)));
  return got > 0;
}

/// Ends with its group when this goes.
class Running {
 public:
  explicit Running(int pid) : pid_(pid) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }

  /// Its wait status once it has ended by itself.
  int wait();
  void stop();
  /// Its wait status; ends it when it does not end by itself in `patience`.
  int end_within(std::chrono::milliseconds patience);

 private:
  int pid_;
};

/// What a command line says to main() so that it becomes this program, limited (child_main).
std::vector<std::string> program_arguments(const std::vector<std::string>& argv, const Limits& limits);

/// Why a program that run_program or LineProgram started did not end well.
Error program_fault(int wait_status, const std::string& program, const std::string& standard_error);

}  // namespace korrigo::sandbox
