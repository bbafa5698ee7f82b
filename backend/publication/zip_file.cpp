#include "publication/zip_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <system_error>

namespace korrigo::publication {
namespace {

struct Free {
  void operator()(archive* zip) const { archive_write_free(zip); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

}  // namespace

struct ZipFile::State {
  std::filesystem::path path;
  std::unique_ptr<archive, Free> zip{archive_write_new()};

  void require(bool good) const {
    if (good) return;
    const int cause = archive_errno(zip.get());
    throw std::system_error(cause > 0 ? cause : EIO, std::generic_category(), "cannot write " + path.string());
  }
};

ZipFile::ZipFile(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  archive* zip = state_->zip.get();
  state_->require(archive_write_set_format_zip(zip) == ARCHIVE_OK);
  state_->require(archive_write_zip_set_compression_store(zip) == ARCHIVE_OK);
  state_->require(archive_write_open_filename(zip, path.c_str()) == ARCHIVE_OK);
}

ZipFile::~ZipFile() = default;

void ZipFile::add(const std::string& name, int fd, std::int64_t size, UtcTime modified) {
  const std::unique_ptr<archive_entry, Free> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), size);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), std::chrono::floor<std::chrono::seconds>(modified).time_since_epoch().count(),
                          0);
  state_->require(archive_write_header(state_->zip.get(), entry.get()) == ARCHIVE_OK);
  std::array<char, 1 << 16> piece{};
  for (ssize_t got = 0; (got = ::read(fd, piece.data(), piece.size())) != 0;) {
    if (got < 0) throw std::system_error(errno, std::generic_category(), "cannot read what goes into " + name);
    state_->require(archive_write_data(state_->zip.get(), piece.data(), static_cast<std::size_t>(got)) == got);
  }
}

void ZipFile::finish() {
  state_->require(archive_write_close(state_->zip.get()) == ARCHIVE_OK);
}

}  // namespace korrigo::publication
