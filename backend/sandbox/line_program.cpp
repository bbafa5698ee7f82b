#include "sandbox/line_program.h"

#include <poll.h>
#include <sys/socket.h>

#include "sandbox/process.h"
#include "sandbox/spawn.h"

namespace korrigo::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kErrorsKept = 4096;              // bytes of standard error
constexpr std::chrono::milliseconds kEndsWithin{200};  // a program that closed its output

// Sent to without ever raising SIGPIPE, which a pipe cannot.
struct SocketPair {
  UniqueFd ours, theirs;
  SocketPair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::system_error(errno, std::generic_category(), "cannot make a socket pair");
    ours = UniqueFd(ends[0]);
    theirs = UniqueFd(ends[1]);
  }
};

tl::unexpected<Error> too_slow() {
  return refuse(ErrorKind::too_large, "sandbox.time", "Reading it took more time than is allowed.");
}

}  // namespace

struct LineProgram::State {
  std::string program;
  std::size_t max_line;
  SocketPair input;
  Pipe output, errors;
  Running process;
  std::string unread;      // of its output
  std::string last_words;  // the end of its standard error

  State(const std::vector<std::string>& argv, const Limits& limits, std::size_t most)
      : program(argv.front()),
        max_line(most),
        process(spawn_self(program_arguments(argv, limits), input.theirs.get(), output.write.get(), errors.write.get())
                    .pid) {
    input.theirs.reset();
    output.write.reset();
    errors.write.reset();
    ::fcntl(errors.read.get(), F_SETFL, O_NONBLOCK);  // what it has started may hold the other end when it is gone
  }

  // False when it takes no more.
  bool send_some(std::string_view& rest) {
    const ssize_t sent = ::send(input.ours.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
    return sent > 0 || errno == EAGAIN || errno == EINTR;
  }

  void hear_errors() {
    if (!drain(errors.read.get(), last_words, std::string::npos)) errors.read.reset();
    if (last_words.size() > kErrorsKept) last_words.erase(0, last_words.size() - kErrorsKept);
  }

  std::optional<std::string> next_line() {
    const auto end = unread.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = unread.substr(0, end);
    unread.erase(0, end + 1);
    return line;
  }

  // Waits for whatever it does next; false at the deadline.
  bool wait(bool sending, std::array<pollfd, 3>& entries, Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    entries = {pollfd{output.read.get(), POLLIN, 0}, pollfd{errors.read ? errors.read.get() : -1, POLLIN, 0},
               pollfd{sending ? input.ours.get() : -1, POLLOUT, 0}};
    if (::poll(entries.data(), entries.size(), static_cast<int>(std::min<long long>(left, 60'000))) <= 0)
      for (pollfd& entry : entries) entry.revents = 0;
    return true;
  }

  Result<std::string> exchange(std::string_view rest, Clock::time_point deadline) {
    for (;;) {
      if (rest.empty())
        if (auto line = next_line()) return std::move(*line);
      std::array<pollfd, 3> entries;
      if (!wait(!rest.empty(), entries, deadline)) return too_slow();
      if (entries[1].revents != 0) hear_errors();
      if (entries[0].revents != 0 && !drain(output.read.get(), unread, max_line + 1)) return ended();
      if (entries[2].revents != 0 && !send_some(rest)) return ended();
      if (unread.size() > max_line)
        return refuse(ErrorKind::too_large, "program.output", program + " produced more than is allowed.");
    }
  }

  tl::unexpected<Error> ended() {
    const int status = process.end_within(kEndsWithin);
    if (errors.read) hear_errors();
    return tl::unexpected(program_fault(status, program, last_words));
  }
};

LineProgram::LineProgram(const std::vector<std::string>& argv, const Limits& limits, std::size_t max_line)
    : state_(std::make_unique<State>(argv, limits, max_line)) {}
LineProgram::LineProgram(LineProgram&&) noexcept = default;
LineProgram& LineProgram::operator=(LineProgram&&) noexcept = default;
LineProgram::~LineProgram() = default;

bool LineProgram::alive() const {
  return state_ != nullptr;
}

Result<std::string> LineProgram::exchange(std::string_view line, Clock::time_point deadline) {
  if (!alive()) return refuse(ErrorKind::malformed, "sandbox.crashed", "It cannot be read: the reader is gone.");
  auto answer = state_->exchange(std::string(line) + "\n", deadline);
  if (!answer) state_.reset();
  return answer;
}

}  // namespace korrigo::sandbox
