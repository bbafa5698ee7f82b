#include "sandbox/child.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <map>
#include <new>

#include "sandbox/channel.h"
#include "sandbox/confine.h"
#include "sandbox/program.h"
#include "sandbox/spawn.h"

namespace korrigo::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kServeWord = "--sandbox-child";
constexpr std::string_view kProgramWord = "--sandbox-program";
constexpr int kOutOfMemory = 86;  // exit codes of a child
constexpr int kUnknownService = 87;
constexpr int kNoProgram = 127;

using Make = std::unique_ptr<Service> (*)();

std::map<std::string, Make, std::less<>>& services() {
  static std::map<std::string, Make, std::less<>> all;
  return all;
}

std::vector<std::string> limit_words(const Limits& limits) {
  return {std::to_string(limits.memory_bytes), std::to_string(limits.cpu.count()), std::to_string(limits.file_bytes)};
}

Limits parse_limits(char** words) {
  const auto number = [](std::string_view word) {
    std::size_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
  };
  Limits limits;
  limits.memory_bytes = number(words[0]);
  limits.cpu = std::chrono::seconds(number(words[1]));
  limits.file_bytes = number(words[2]);
  return limits;
}

int serve(std::string_view name) {
  const auto found = services().find(name);
  if (found == services().end()) return kUnknownService;
  const auto service = found->second();
  for (;;) {
    Message request;
    if (receive_message(kHelperSocket, request, std::nullopt) != Received::message) return 0;
    const Message answer = service->answer(std::move(request));
    // The parent's own clock bounds the call; an hour only keeps an abandoned child from waiting for ever.
    if (!send_message(kHelperSocket, answer, Clock::now() + std::chrono::hours(1))) return 0;
  }
}

// Waits for the end of a process whose wait status becomes the explanation; kills it when it does not end by itself.
int reap(int pid, bool kill_first) {
  if (kill_first) ::kill(pid, SIGKILL);
  int status = 0;
  for (int tries = 0;; ++tries) {
    const int done = ::waitpid(pid, &status, kill_first || tries > 200 ? 0 : WNOHANG);
    if (done == pid) return status;
    if (done < 0 && errno != EINTR) return status;
    if (tries == 200) ::kill(pid, SIGKILL);
    ::usleep(1000);
  }
}

tl::unexpected<Error> explained(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory)
    return refuse(ErrorKind::too_large, "sandbox.memory", "Reading it took more memory than is allowed.");
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGXFSZ))
    return refuse(ErrorKind::too_large, "sandbox.time", "Reading it took more time than is allowed.");
  return refuse(ErrorKind::malformed, "sandbox.crashed", "It cannot be read: the reader failed on it.",
                WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                    : fmt::format("exit code {}", WEXITSTATUS(status)));
}

tl::unexpected<Error> too_slow() {
  return refuse(ErrorKind::too_large, "sandbox.time", "Reading it took more time than is allowed.");
}

}  // namespace

Registration::Registration(std::string_view name, Make make) {
  services().emplace(name, make);
}

bool is_child(int argc, char** argv) {
  return argc >= 6 && (argv[1] == kServeWord || argv[1] == kProgramWord);
}

int child_main(int argc, char** argv) {
  std::set_new_handler([] { ::_exit(kOutOfMemory); });
  try {
    if (argv[1] == kServeWord) {
      set_limits(parse_limits(argv + 3));
      confine(false);
      return serve(argv[2]);
    }
    ::close(kHelperSocket);
    set_limits(parse_limits(argv + 2));
    confine(true);
    ::execvp(argv[5], argv + 5);
    return kNoProgram;
  } catch (const std::bad_alloc&) {
    return kOutOfMemory;
  } catch (const std::exception& error) {
    fmt::print(stderr, "korrigo sandbox: {}\n", error.what());
    return argc > 0 ? 1 : 2;
  }
}

struct Child::State {
  int pid = -1;
  UniqueFd socket;
  Limits limits;

  ~State() {
    if (pid > 0) reap(pid, true);
  }
  int end(bool kill_first) {
    socket.reset();
    return reap(std::exchange(pid, -1), kill_first);
  }
};

Child::Child(std::string_view service, const Limits& limits) : state_(std::make_unique<State>()) {
  std::vector<std::string> arguments = {"korrigo", std::string(kServeWord), std::string(service)};
  for (std::string& word : limit_words(limits)) arguments.push_back(std::move(word));
  Helper helper = spawn_self(arguments);
  state_->pid = helper.pid;
  state_->socket = std::move(helper.socket);
  state_->limits = limits;
}

Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;
Child::~Child() = default;

bool Child::alive() const {
  return state_ && state_->pid > 0;
}

Result<Message> Child::call(const Message& request) {
  if (!alive()) return refuse(ErrorKind::malformed, "sandbox.crashed", "It cannot be read: the reader is gone.");
  const auto deadline = Clock::now() + state_->limits.wall;
  Message answer;
  if (!send_message(state_->socket.get(), request, deadline)) {
    if (Clock::now() >= deadline) {
      state_->end(true);
      return too_slow();
    }
    return explained(state_->end(false));
  }
  switch (receive_message(state_->socket.get(), answer, deadline)) {
    case Received::message:
      return answer;
    case Received::late:
      state_->end(true);
      return too_slow();
    case Received::closed:
      return explained(state_->end(false));
    case Received::broken:
      return explained(state_->end(true));
  }
  return explained(state_->end(true));
}

}  // namespace korrigo::sandbox
