/// A hostile file is read by a child process with no rights: the child has the file's descriptor and nothing else,
/// answers requests over a socket pair, and may crash, hang or grow without harm to its parent.
///
/// The child is this same program started again (/proc/self/exe) with one argument; main() hands over with
/// is_child/child_main before it does anything else. In the child: resource limits, no new privileges, a seccomp filter
/// without sockets, exec, or opening files, no environment beyond LANG=C.UTF-8 and OMP_THREAD_LIMIT=1.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace korrigo::sandbox {

struct Limits {
  std::size_t memory_bytes = std::size_t{1} << 30;  // address space; not applied under sanitizers
  std::chrono::seconds cpu{120};                    // of the child's whole life
  std::chrono::milliseconds wall{30'000};           // of one call
  std::size_t file_bytes = std::size_t{4} << 30;    // largest file it may write through a descriptor it was given
};

struct Message {
  std::vector<std::byte> bytes;  // at most 1 GiB; written and read with wire.h
  std::vector<UniqueFd> fds;     // at most 8
};

/// The child's side: answers requests one after the other. An exception that leaves answer() ends the child.
class Service {
 public:
  virtual ~Service() = default;
  virtual Message answer(Message request) = 0;
};

/// Makes a service startable by name. Define one, at namespace scope, in the source file of the class that starts it,
/// so that the linker keeps both or neither.
class Registration {
 public:
  Registration(std::string_view name, std::unique_ptr<Service> (*make)());
};

bool is_child(int argc, char** argv);
/// Serves until the parent closes its end; the return value is main's.
int child_main(int argc, char** argv);

/// The parent's side. Not thread-safe; destroying it kills the child.
class Child {
 public:
  /// Throws std::system_error when no process can be started.
  Child(std::string_view service, const Limits& limits);
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  ~Child();

  /// Sends the request and waits for its answer. After any refusal the child is gone and alive() is false. Refuses with
  ///   too_large  "sandbox.time"     over limits.wall or limits.cpu
  ///   too_large  "sandbox.memory"   it ran out of memory
  ///   malformed  "sandbox.crashed"  it died otherwise (detail names the signal or exit code)
  Result<Message> call(const Message& request);
  bool alive() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::sandbox
