#include "scans/strip_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace korrigo::scans {

using imaging::GrayImage;

StripFile::StripFile() {
  std::string path = (std::filesystem::temp_directory_path() / "korrigo-strips-XXXXXX").string();
  fd_ = UniqueFd(::mkostemp(path.data(), O_CLOEXEC));
  if (!fd_) throw std::system_error(errno, std::generic_category(), "cannot create a temporary file in " + path);
  ::unlink(path.c_str());
}

StripFile::Slot StripFile::put(const GrayImage& image) {
  const std::size_t size = image.pixels().size();
  off_t offset = 0;
  {
    const std::lock_guard lock(mutex_);
    offset = end_;
    end_ += static_cast<off_t>(size);
  }
  for (std::size_t done = 0; done < size;) {
    const ssize_t put =
        ::pwrite(fd_.get(), image.pixels().data() + done, size - done, offset + static_cast<off_t>(done));
    if (put < 0) throw std::system_error(errno, std::generic_category(), "cannot write a temporary file");
    done += static_cast<std::size_t>(put);
  }
  return {offset, image.width(), image.height()};
}

GrayImage StripFile::get(const Slot& slot) const {
  GrayImage image(slot.width, slot.height);
  const auto pixels = image.pixels();
  for (std::size_t done = 0; done < pixels.size();) {
    const ssize_t got =
        ::pread(fd_.get(), pixels.data() + done, pixels.size() - done, slot.offset + static_cast<off_t>(done));
    if (got <= 0) throw std::system_error(errno, std::generic_category(), "cannot read a temporary file");
    done += static_cast<std::size_t>(got);
  }
  return image;
}

}  // namespace korrigo::scans
