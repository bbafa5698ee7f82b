#include "http/uploaded_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

#include "base/ids.h"

namespace korrigo::http {

TempFile TempFile::make(const std::filesystem::path& folder) {
  TempFile made;
  const std::filesystem::path path = folder / ("upload-" + random_hex(16));
  made.fd_ = UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made.fd_) throw std::system_error(errno, std::generic_category(), "cannot create " + path.string());
  made.path_ = path;
  return made;
}

TempFile& TempFile::operator=(TempFile&& other) noexcept {
  if (this != &other) {
    if (!path_.empty()) ::unlink(path_.c_str());
    fd_ = std::move(other.fd_);
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

TempFile::~TempFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

std::filesystem::path TempFile::release() {
  fd_.reset();
  return std::exchange(path_, {});
}

}  // namespace korrigo::http
