#include "sandbox/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace korrigo::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using Deadline = std::optional<Clock::time_point>;

constexpr std::size_t kMaxFds = 8;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30;

// Waits until the socket is ready for `events`; false at the deadline.
bool wait_for(int socket, short events, const Deadline& deadline) {
  for (;;) {
    int timeout = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
      if (left <= 0) return false;
      timeout = static_cast<int>(std::min<long long>(left, 1 << 30));
    }
    pollfd entry{socket, events, 0};
    const int ready = ::poll(&entry, 1, timeout);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // the call that follows tells what is wrong
  }
}

// The header carries the size and the descriptors; the bytes follow.
struct Header {
  std::uint64_t size = 0;
  std::uint32_t fds = 0;
};

union Control {
  cmsghdr align;
  char bytes[CMSG_SPACE(sizeof(int) * kMaxFds)];
};

}  // namespace

bool send_message(int socket, const Message& message, Clock::time_point deadline) {
  Header header{message.bytes.size(), static_cast<std::uint32_t>(message.fds.size())};
  iovec part{&header, sizeof header};
  msghdr envelope{};
  envelope.msg_iov = &part;
  envelope.msg_iovlen = 1;
  Control control{};
  if (!message.fds.empty()) {
    envelope.msg_control = control.bytes;
    envelope.msg_controllen = CMSG_SPACE(sizeof(int) * message.fds.size());
    cmsghdr* rights = CMSG_FIRSTHDR(&envelope);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * message.fds.size());
    for (std::size_t i = 0; i < message.fds.size(); ++i) {
      const int fd = message.fds[i].get();
      std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &fd, sizeof fd);
    }
  }
  for (;;) {
    const ssize_t sent = ::sendmsg(socket, &envelope, MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(sizeof header)) break;
    if (sent >= 0) return false;
    if (errno == EAGAIN && wait_for(socket, POLLOUT, deadline)) continue;
    if (errno != EINTR) return false;
  }
  std::span<const std::byte> rest = message.bytes;
  while (!rest.empty()) {
    // send() is sendto(), which confined children may not call; sendmsg() with the same meaning they may.
    iovec bytes{const_cast<std::byte*>(rest.data()), rest.size()};
    msghdr block{};
    block.msg_iov = &bytes;
    block.msg_iovlen = 1;
    const ssize_t sent = ::sendmsg(socket, &block, MSG_NOSIGNAL);
    if (sent > 0) {
      rest = rest.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_for(socket, POLLOUT, deadline)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

Received receive_message(int socket, Message& message, Deadline deadline) {
  Header header;
  Control control{};
  iovec part{&header, sizeof header};
  msghdr envelope{};
  envelope.msg_iov = &part;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control.bytes;
  envelope.msg_controllen = sizeof control.bytes;
  ssize_t got = 0;
  do {
    if (!wait_for(socket, POLLIN, deadline)) return Received::late;
    got = ::recvmsg(socket, &envelope, MSG_CMSG_CLOEXEC | MSG_WAITALL);
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  if (got == 0) return Received::closed;
  for (cmsghdr* each = got > 0 ? CMSG_FIRSTHDR(&envelope) : nullptr; each != nullptr;
       each = CMSG_NXTHDR(&envelope, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(each) + i * sizeof(int), sizeof fd);
      message.fds.emplace_back(fd);
    }
  }
  if (got != static_cast<ssize_t>(sizeof header)) return errno == ECONNRESET ? Received::closed : Received::broken;
  if (header.size > kMaxBytes || header.fds != message.fds.size()) return Received::broken;
  message.bytes.resize(header.size);
  for (std::size_t done = 0; done < header.size;) {
    if (!wait_for(socket, POLLIN, deadline)) return Received::late;
    const ssize_t more = ::recv(socket, message.bytes.data() + done, header.size - done, 0);
    if (more == 0) return Received::closed;
    if (more < 0 && errno != EINTR && errno != EAGAIN) return Received::closed;
    if (more > 0) done += static_cast<std::size_t>(more);
  }
  return Received::message;
}

}  // namespace korrigo::sandbox
