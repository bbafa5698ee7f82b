#include "storage/sqlite/peers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/ids.h"

namespace korrigo::storage::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr timeval kPatience{0, 100'000};     // for a peer whose queue is full
constexpr int kRetryMilliseconds = 500;      // until a peer that was behind is told so
constexpr std::size_t kLargest = 16 * 1024;  // a channel and a payload, with room

/// A socket's address is at most 107 bytes long, a data folder's path may be longer: the folder goes by its descriptor.
sockaddr_un address_of(int directory, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/{}", directory, name);
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return address;
}

UniqueFd open_folder(const fs::path& folder) {
  return UniqueFd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

UniqueFd datagram_socket() {
  return UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

std::string datagram_of(const Notification& notification) {
  std::string datagram = notification.channel;
  datagram += '\0';
  return datagram += notification.payload;
}

}  // namespace

struct Peers::Errand {
  std::vector<Notification> notifications;
  std::string own_name;
  int receiver = -1;
  bool last = false;
};

Peers::Peers(const std::string& database, Heard heard, Missed missed)
    : folder_(database + "-peers"), heard_(std::move(heard)), missed_(std::move(missed)) {}

Peers::~Peers() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    if (thread_.joinable()) wake();
  }
  if (thread_.joinable()) thread_.join();
  if (name_.empty()) return;
  std::error_code gone;
  fs::remove(folder_ / name_, gone);
  ::rmdir(folder_.c_str());  // unless others are in it
}

void Peers::join() {
  const std::lock_guard lock(mutex_);
  if (!name_.empty()) return;
  // Whoever leaves last removes the folder, perhaps between the making and the binding.
  for (int attempt = 0; attempt < 5 && name_.empty(); ++attempt) {
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return;
    bind_receiver();
  }
  if (name_.empty()) return;
  start_thread();
  wake();
}

void Peers::tell(const std::vector<Notification>& notifications) {
  if (notifications.empty()) return;
  const std::lock_guard lock(mutex_);
  if (name_.empty() && ::access(folder_.c_str(), F_OK) != 0) return;
  waiting_.insert(waiting_.end(), notifications.begin(), notifications.end());
  start_thread();
  wake();
}

void Peers::bind_receiver() {
  const UniqueFd folder = open_folder(folder_);
  receiver_ = datagram_socket();
  if (!folder || !receiver_) return;
  const std::string name = make_uuid_v4();
  const sockaddr_un address = address_of(folder.get(), name);
  if (::bind(receiver_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) name_ = name;
}

void Peers::start_thread() {
  if (thread_.joinable()) return;
  waker_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  sender_ = datagram_socket();
  ::setsockopt(sender_.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  thread_ = std::thread([this] { run(); });
}

void Peers::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(waker_.get(), &one, sizeof one);
}

Peers::Errand Peers::next_errand() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(waiting_, {}), name_, name_.empty() ? -1 : receiver_.get(), ending_};
}

void Peers::run() {
  for (;;) {
    const Errand errand = next_errand();
    send(errand);
    if (errand.last) return;
    if (errand.receiver >= 0) receive(errand.receiver);
    send_missed();
    std::array<pollfd, 2> sources{pollfd{waker_.get(), POLLIN, 0}, pollfd{errand.receiver, POLLIN, 0}};
    ::poll(sources.data(), sources.size(), behind_.empty() ? -1 : kRetryMilliseconds);
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(waker_.get(), &count, sizeof count);
  }
}

void Peers::receive(int receiver) {
  std::vector<Notification> heard;
  bool missed = false;
  std::array<char, kLargest> buffer;
  for (;;) {
    const ssize_t size = ::recv(receiver, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0) break;
    const std::string_view datagram(buffer.data(), static_cast<std::size_t>(size));
    const std::size_t end = datagram.find('\0');
    if (end == std::string_view::npos) {
      missed = true;
    } else {
      heard.push_back({std::string(datagram.substr(0, end)), std::string(datagram.substr(end + 1))});
    }
  }
  if (!heard.empty()) heard_(std::move(heard));
  if (missed) missed_();
}

void Peers::send(const Errand& errand) {
  if (errand.notifications.empty()) return;
  directory_ = open_folder(folder_);
  if (!directory_) return;
  std::error_code gone;
  for (fs::directory_iterator entry(folder_, gone), end; !gone && entry != end; entry.increment(gone)) {
    const std::string peer = entry->path().filename().string();
    if (peer != errand.own_name && !behind_.contains(peer)) send_to(peer, errand.notifications);
  }
}

void Peers::send_to(const std::string& peer, const std::vector<Notification>& notifications) {
  for (const Notification& notification : notifications) {
    const int fault = send_datagram(peer, datagram_of(notification), 0);
    if (fault == ECONNREFUSED) ::unlinkat(directory_.get(), peer.c_str(), 0);
    if (fault == EAGAIN || fault == ENOBUFS) behind_.insert(peer);
    if (fault != 0) return;
  }
}

void Peers::send_missed() {
  std::erase_if(behind_, [&](const std::string& peer) {
    const int fault = send_datagram(peer, {}, MSG_DONTWAIT);
    return fault != EAGAIN && fault != ENOBUFS;
  });
}

int Peers::send_datagram(const std::string& peer, std::string_view datagram, int flags) {
  const sockaddr_un address = address_of(directory_.get(), peer);
  const ssize_t sent = ::sendto(sender_.get(), datagram.data(), datagram.size(), flags | MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return sent < 0 ? errno : 0;
}

}  // namespace korrigo::storage::sqlite
