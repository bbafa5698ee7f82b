#include "storage/blobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>
#include <stdexcept>
#include <system_error>

#include "base/hash.h"

namespace korrigo::storage {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxKey = 240;
constexpr std::ptrdiff_t kMaxParts = 8;
constexpr std::string_view kTemporary = "temp";

[[noreturn]] void fail(const char* action, const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), fmt::format("cannot {} {}", action, path.string()));
}

bool is_key(std::string_view key) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  if (key.empty() || key.size() > kMaxKey || key.find_first_not_of(kLetters) != key.npos) return false;
  if (key.front() == '.' || key.front() == '/' || key.back() == '/') return false;
  if (key.find("//") != key.npos || key.find("/.") != key.npos) return false;
  if (key == kTemporary || key.starts_with("temp/")) return false;
  return std::count(key.begin(), key.end(), '/') < kMaxParts;
}

void check_key(std::string_view key) {
  if (!is_key(key)) throw std::logic_error(fmt::format("not a blob's key: '{}'", key));
}

void sync_folder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) fail("sync", folder);
}

/// Creates the folder and those above it, each entered durably into the one above.
void make_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  make_folder(folder.parent_path());
  if (::mkdir(folder.c_str(), 0755) == 0) {
    sync_folder(folder.parent_path());
  } else if (errno != EEXIST) {
    fail("create folder", folder);
  }
}

void put_in_place(const fs::path& file, const fs::path& target) {
  if (::rename(file.c_str(), target.c_str()) != 0) fail("rename to", target);
}

/// A file under a temporary name, removed unless it was released.
class Draft {
 public:
  explicit Draft(const fs::path& folder) : path_((folder / "XXXXXX").string()) {
    fd_ = UniqueFd(::mkostemp(path_.data(), O_CLOEXEC));
    if (!fd_) fail("create a file in", folder);
    if (::fchmod(fd_.get(), 0644) != 0) fail("set rights of", path_);
  }
  ~Draft() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void write(std::span<const std::byte> bytes) { write_all(fd_.get(), bytes, path_); }
  void sync() {
    if (::fsync(fd_.get()) != 0) fail("sync", path_);
  }
  const std::string& path() const { return path_; }
  std::string release() { return std::exchange(path_, {}); }

 private:
  std::string path_;
  UniqueFd fd_;
};

void publish(Draft& draft, const fs::path& target) {
  draft.sync();
  put_in_place(draft.path(), target);
  draft.release();
  sync_folder(target.parent_path());
}

std::int64_t size_of(int fd, const fs::path& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) fail("examine", path);
  return status.st_size;
}

/// Copies all of `fd` into the draft; fills in hash and size.
void copy_into(Draft& draft, int fd, Blob& blob) {
  Sha256 hash;
  std::array<std::byte, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read what is to be stored as", blob.key);
    if (got == 0) break;
    const std::span piece(buffer.data(), static_cast<std::size_t>(got));
    hash.add(piece);
    draft.write(piece);
    blob.size += got;
  }
  blob.sha256 = hash.hex();
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

Blobs::Blobs(fs::path folder) : folder_(std::move(folder)) {
  folder_ = fs::absolute(folder_).lexically_normal();
  make_folder(folder_);
  temporary("writes");
}

fs::path Blobs::path(std::string_view key) const {
  check_key(key);
  return folder_ / key;
}

fs::path Blobs::prepare(std::string_view key) const {
  fs::path target = path(key);
  make_folder(target.parent_path());
  return target;
}

Blob Blobs::put(std::string_view key, std::span<const std::byte> bytes) {
  const fs::path target = prepare(key);
  Draft draft(temporary("writes"));
  draft.write(bytes);
  publish(draft, target);
  return {std::string(key), sha256(bytes), static_cast<std::int64_t>(bytes.size())};
}

Blob Blobs::put(std::string_view key, std::string_view bytes) {
  return put(key, bytes_of(bytes));
}

Blob Blobs::put(std::string_view key, int fd) {
  const fs::path target = prepare(key);
  Blob blob{std::string(key), {}, 0};
  Draft draft(temporary("writes"));
  copy_into(draft, fd, blob);
  publish(draft, target);
  return blob;
}

Blob Blobs::adopt(std::string_view key, const fs::path& file, std::string sha256) {
  const fs::path target = prepare(key);
  const UniqueFd fd = open_for_reading(file);
  (void)::sync_file_range(fd.get(), 0, 0, SYNC_FILE_RANGE_WRITE);  // the disk works while the file is hashed
  if (sha256.empty()) sha256 = sha256_of_file(file);
  if (::fchmod(fd.get(), 0644) != 0) fail("set rights of", file);
  if (::fsync(fd.get()) != 0) fail("sync", file);
  put_in_place(file, target);
  sync_folder(target.parent_path());
  return {std::string(key), std::move(sha256), size_of(fd.get(), file)};
}

OpenBlob Blobs::open(std::string_view key) const {
  OpenBlob blob{open_for_reading(path(key)), 0};
  blob.size = size_of(blob.fd.get(), path(key));
  return blob;
}

std::string Blobs::read(std::string_view key) const {
  return read_file(path(key));
}

bool Blobs::exists(std::string_view key) const {
  return fs::is_regular_file(path(key));
}

void Blobs::remove(std::string_view key) {
  const fs::path file = path(key);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) fail("remove", file);
}

void Blobs::list(std::string_view prefix,
                 const std::function<void(const std::string&, fs::file_time_type)>& found) const {
  const fs::path top = prefix.empty() ? folder_ : path(prefix);
  if (!fs::is_directory(top)) return;
  for (auto at = fs::recursive_directory_iterator(top); at != fs::recursive_directory_iterator(); ++at) {
    if (at.depth() == 0 && prefix.empty() && at->path().filename() == kTemporary) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code gone;  // others may be removing files meanwhile
    if (!at->is_regular_file(gone)) continue;
    const std::string key = at->path().lexically_relative(folder_).string();
    const fs::file_time_type modified = at->last_write_time(gone);
    if (!gone && is_key(key)) found(key, modified);
  }
}

fs::path Blobs::temporary(std::string_view name) const {
  check_key(name);
  fs::path folder = folder_ / kTemporary / name;
  make_folder(folder);
  return folder;
}

int Blobs::clear_temporary(std::chrono::seconds age) {
  const auto oldest = fs::file_time_type::clock::now() - age;
  int removed = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / kTemporary)) {
    std::error_code gone;
    if (!entry.is_regular_file(gone) || entry.last_write_time(gone) > oldest || gone) continue;
    if (fs::remove(entry.path(), gone)) ++removed;
  }
  return removed;
}

BlobBatch::~BlobBatch() {
  for (const Entry& entry : entries_) ::unlink(entry.temporary.c_str());
}

Blob BlobBatch::put(std::string_view key, std::span<const std::byte> bytes) {
  fs::path target = blobs_.prepare(key);
  Draft draft(blobs_.temporary("writes"));
  draft.write(bytes);
  add({draft.path(), std::move(target)});
  draft.release();
  return {std::string(key), sha256(bytes), static_cast<std::int64_t>(bytes.size())};
}

Blob BlobBatch::put(std::string_view key, std::string_view bytes) {
  return put(key, bytes_of(bytes));
}

void BlobBatch::adopt(std::string_view key, const fs::path& file) {
  fs::path target = blobs_.prepare(key);
  fs::permissions(file, fs::perms(0644));
  add({file, std::move(target)});
}

void BlobBatch::add(Entry entry) {
  const std::lock_guard lock(mutex_);
  entries_.push_back(std::move(entry));
}

void BlobBatch::commit() {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) return;
  const UniqueFd folder(::open(blobs_.folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::syncfs(folder.get()) != 0) fail("sync", blobs_.folder_);
  std::set<fs::path> folders;
  for (const Entry& entry : entries_) {
    put_in_place(entry.temporary, entry.target);
    folders.insert(entry.target.parent_path());
  }
  entries_.clear();
  for (const fs::path& changed : folders) sync_folder(changed);
}

}  // namespace korrigo::storage
