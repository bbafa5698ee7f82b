#include "http/upload_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <cerrno>
#include <system_error>

namespace korrigo::http {
namespace {
namespace fs = std::filesystem;

constexpr const char* kLockName = "uploads.lock";

fs::path made(const fs::path& parent) {
  if (!parent.empty()) fs::create_directories(parent);
  return parent;
}

UniqueFd lock_of(const fs::path& folder, int flags) {
  UniqueFd fd(::open((folder / kLockName).c_str(), O_RDWR | O_CLOEXEC | flags, 0600));
  if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd.reset();
  return fd;
}

void remove_abandoned(const fs::path& parent) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (!entry.is_directory(error) || !fs::exists(entry.path() / kLockName, error)) continue;
    if (const UniqueFd lock = lock_of(entry.path(), 0)) fs::remove_all(entry.path(), error);
  }
}

}  // namespace

UploadFolder::UploadFolder(const fs::path& parent) : folder_(made(parent)), lock_(lock_of(folder_.path(), O_CREAT)) {
  if (!lock_) throw std::system_error(errno, std::generic_category(), "cannot lock " + folder_.path().string());
  remove_abandoned(folder_.path().parent_path());
}

}  // namespace korrigo::http
