#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace korrigo {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const char* action, const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), fmt::format("cannot {} {}", action, path.string()));
}

fs::path make_unique_folder(const fs::path& prefix) {
  std::string pattern = prefix.string() + "XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) fail("create folder", prefix);
  return pattern;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void UniqueFd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

UniqueFd open_for_reading(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail("open", path);
  return fd;
}

std::string read_file(const fs::path& path) {
  const UniqueFd fd = open_for_reading(path);
  std::string content;
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && status.st_size > 0) content.reserve(static_cast<std::size_t>(status.st_size));
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path);
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

void write_all(int fd, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  std::string temporary = path.string() + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) fail("create", path);
  try {
    if (::fchmod(fd.get(), 0644) != 0) fail("set rights of", path);
    write_all(fd.get(), bytes, path);
    if (::fsync(fd.get()) != 0) fail("sync", path);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("rename", path);
  } catch (const std::system_error&) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void write_file(const fs::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

void write_staged(const fs::path& path, std::span<const std::byte> bytes) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) fail("create", path);
  write_all(fd.get(), bytes, path);
}

TempFolder::TempFolder(const fs::path& parent)
    : path_(make_unique_folder((parent.empty() ? fs::temp_directory_path() : parent) / "korrigo-")) {}

TempFolder::~TempFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

StagedFolder::StagedFolder(fs::path target) : target_(std::move(target)) {
  target_ = fs::absolute(target_).lexically_normal();
  if (!target_.has_filename()) target_ = target_.parent_path();
  if (fs::exists(target_) && (!fs::is_directory(target_) || !fs::is_empty(target_))) {
    errno = EEXIST;
    fail("write into non-empty", target_);
  }
  fs::create_directories(target_.parent_path());
  work_ = make_unique_folder(target_.parent_path() / ("." + target_.filename().string() + "-"));
  fs::permissions(work_, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                             fs::perms::others_exec);
}

StagedFolder::~StagedFolder() {
  std::error_code ignored;
  if (!work_.empty()) fs::remove_all(work_, ignored);
}

void StagedFolder::publish() {
  const UniqueFd folder(::open(work_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::syncfs(folder.get()) != 0) fail("sync", work_);
  if (::rename(work_.c_str(), target_.c_str()) != 0) fail("put in place", target_);
  work_.clear();
}

}  // namespace korrigo
