#include "app/backup_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <fstream>
#include <set>

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kPiece = 64 << 10;
constexpr std::size_t kAtOnce = 1000;  // files that share a sync
constexpr std::size_t kTag = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kHead = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::uint64_t kNames = 1, kContents = 2;
constexpr char kPurpose[crypto_kdf_CONTEXTBYTES + 1] = "korrigob";
const char* const kDescription = "korrigo-backup.json";

using Bytes = std::vector<unsigned char>;

std::string hex_of(std::span<const unsigned char> bytes) {
  std::string text(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

Bytes bytes_of(std::string_view hex) {
  Bytes bytes(hex.size() / 2);
  std::size_t length = 0;
  if (sodium_hex2bin(bytes.data(), bytes.size(), hex.data(), hex.size(), nullptr, &length, nullptr) != 0 ||
      length != bytes.size())
    bytes.clear();
  return bytes;
}

std::string key_of(const std::string& object) {
  return fmt::format("objects/{}/{}", object.substr(0, 2), object);
}
std::string key_of_snapshot(const std::string& name) {
  return "snapshots/" + name;
}

tl::unexpected<Error> damaged(std::string_view what) {
  return refuse(ErrorKind::malformed, "backup.damaged", fmt::format("{} of the backup is damaged.", what));
}

// Reads up to a piece; throws where a stream would only stop.
std::size_t read_piece(int fd, Bytes& piece, std::size_t size, const fs::path& path) {
  piece.resize(size);
  std::size_t length = 0;
  while (length < size) {
    const ssize_t got = ::read(fd, piece.data() + length, size - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), "cannot read " + path.string());
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  piece.resize(length);
  return length;
}

template <class Write>
void encrypt(int from, const fs::path& path, const unsigned char* key, std::string_view name, Write&& write) {
  crypto_secretstream_xchacha20poly1305_state state;
  Bytes head(kHead);
  crypto_secretstream_xchacha20poly1305_init_push(&state, head.data(), key);
  write(head);
  Bytes piece, next, sealed;
  read_piece(from, piece, kPiece, path);
  for (bool last = false; !last; piece.swap(next)) {
    last = read_piece(from, next, kPiece, path) == 0;
    sealed.resize(piece.size() + kTag);
    crypto_secretstream_xchacha20poly1305_push(
        &state, sealed.data(), nullptr, piece.data(), piece.size(), reinterpret_cast<const unsigned char*>(name.data()),
        name.size(),
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    write(sealed);
  }
}

// Whether all of it was there and unchanged.
template <class Write>
bool decrypt(int from, const fs::path& path, const unsigned char* key, std::string_view name, Write&& write) {
  crypto_secretstream_xchacha20poly1305_state state;
  Bytes head, sealed, piece;
  if (read_piece(from, head, kHead, path) != kHead) return false;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&state, head.data(), key) != 0) return false;
  for (unsigned char tag = 0; tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL;) {
    if (read_piece(from, sealed, kPiece + kTag, path) < kTag) return false;
    piece.resize(sealed.size() - kTag);
    if (crypto_secretstream_xchacha20poly1305_pull(&state, piece.data(), nullptr, &tag, sealed.data(), sealed.size(),
                                                   reinterpret_cast<const unsigned char*>(name.data()),
                                                   name.size()) != 0)
      return false;
    write(piece);
  }
  return read_piece(from, sealed, 1, path) == 0;
}

std::span<const std::byte> as_bytes(const Bytes& bytes) {
  return std::as_bytes(std::span(bytes));
}

// What a key is made with, and a token that only the right one opens.
struct Description {
  Bytes salt;
  unsigned long long passes = 0;
  std::size_t memory = 0;
  std::string token;
};

template <class Key>
Key master_key(const Description& of, std::string_view passphrase) {
  Key key{};
  if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), of.salt.data(), of.passes, of.memory,
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return key;
}

template <class Key>
Key derived(const Key& master, std::uint64_t which) {
  Key key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), which, kPurpose, master.data());
  return key;
}

template <class Key>
std::string token_of(const Key& names) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(kPurpose), sizeof kPurpose - 1,
                     names.data(), names.size());
  return hex_of(hash);
}

Result<Description> read_description(const fs::path& file) try {
  const json::value value = json::parse(read_file(file));
  Description found;
  found.salt = bytes_of(value.at("salt").as_string());
  found.passes = value.at("passes").to_number<unsigned long long>();
  found.memory = value.at("memory").to_number<std::size_t>();
  found.token = value.at("token").as_string();
  if (found.salt.size() != crypto_pwhash_SALTBYTES || value.at("format").as_int64() != 1) return damaged(kDescription);
  return found;
} catch (const boost::system::system_error&) {
  return damaged(kDescription);
} catch (const std::out_of_range&) {
  return damaged(kDescription);
} catch (const std::invalid_argument&) {
  return damaged(kDescription);
}

void write_description(const fs::path& file, const Description& of) {
  const json::value value = {{"format", 1},         {"program", "korrigo"}, {"key", "argon2id13"},
                             {"passes", of.passes}, {"memory", of.memory},  {"salt", hex_of(of.salt)},
                             {"token", of.token}};
  write_file(file, json::serialize(value) + "\n");
}

}  // namespace

BackupStore::BackupStore(const fs::path& folder, UniqueFd lock, Key names, Key contents)
    : blobs_(folder), lock_(std::move(lock)), names_(names), contents_(contents) {}

Result<BackupStore> BackupStore::open(const fs::path& folder, std::string_view passphrase, bool make) {
  if (passphrase.size() < kShortestPassphrase)
    return refuse(ErrorKind::invalid_input, "backup.passphrase",
                  fmt::format("The passphrase of a backup has at least {} characters.", kShortestPassphrase));
  const fs::path file = folder / kDescription;
  const bool is_new = !fs::exists(file);
  if (is_new && !make)
    return refuse(ErrorKind::not_found, "backup.missing", fmt::format("There is no backup in {}.", folder.string()));
  if (is_new && fs::exists(folder) && !fs::is_empty(folder))
    return refuse(ErrorKind::conflict, "backup.folder",
                  fmt::format("{} holds something else; backups need a folder of their own.", folder.string()));
  Description of;
  if (is_new) {
    of.salt.resize(crypto_pwhash_SALTBYTES);
    randombytes_buf(of.salt.data(), of.salt.size());
    of.passes = crypto_pwhash_OPSLIMIT_MODERATE;
    of.memory = crypto_pwhash_MEMLIMIT_MODERATE;
  } else {
    auto found = read_description(file);
    if (!found) return tl::unexpected(found.error());
    of = std::move(*found);
  }
  const Key master = master_key<Key>(of, passphrase);
  const Key names = derived(master, kNames);
  if (is_new) {
    fs::create_directories(folder);
    of.token = token_of(names);
    write_description(file, of);
  } else if (of.token != token_of(names)) {
    return refuse(ErrorKind::invalid_input, "backup.passphrase",
                  fmt::format("The passphrase is not that of the backups in {}.", folder.string()));
  }
  UniqueFd lock = open_for_reading(file);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return refuse(ErrorKind::conflict, "backup.busy",
                  fmt::format("Another backup is being made in {}.", folder.string()));
  BackupStore store(folder, std::move(lock), names, derived(master, kContents));
  if (make) store.blobs_.clear_temporary(std::chrono::seconds(0));  // of a backup that was killed
  return store;
}

BackupStore::Kept BackupStore::look_at(const fs::path& file) const {
  return look_at(open_for_reading(file).get(), file);
}

BackupStore::Kept BackupStore::look_at(int fd, const fs::path& file) const {
  crypto_generichash_state state;
  crypto_generichash_init(&state, names_.data(), names_.size(), crypto_generichash_BYTES);
  Kept kept;
  for (Bytes piece; const std::size_t length = read_piece(fd, piece, kPiece, file);) {
    crypto_generichash_update(&state, piece.data(), length);
    kept.size += static_cast<std::int64_t>(length);
  }
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  kept.object = hex_of(hash);
  const std::string key = key_of(kept.object);
  kept.is_new = !waiting_.contains(key) && !blobs_.exists(key);
  return kept;
}

fs::path BackupStore::encrypted(int fd, const fs::path& file, const std::string& name) const {
  const fs::path made = blobs_.temporary("backup") / fs::path(name).filename();
  const UniqueFd to(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!to) throw std::system_error(errno, std::generic_category(), "cannot write " + made.string());
  encrypt(fd, file, contents_.data(), name, [&](const Bytes& bytes) { write_all(to.get(), as_bytes(bytes), made); });
  return made;
}

BackupStore::Kept BackupStore::keep(const fs::path& file) {
  // Opened once: another file may take its path meanwhile, and must not be kept under this one's hash.
  const UniqueFd fd = open_for_reading(file);
  Kept kept = look_at(fd.get(), file);
  if (::lseek(fd.get(), 0, SEEK_SET) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot read " + file.string());
  if (kept.is_new) waiting_.emplace(key_of(kept.object), encrypted(fd.get(), file, kept.object));
  if (waiting_.size() >= kAtOnce) commit();
  return kept;
}

void BackupStore::commit() {
  storage::BlobBatch batch(blobs_);
  for (const auto& [key, file] : waiting_) batch.adopt(key, file);
  batch.commit();
  waiting_.clear();
}

Result<void> BackupStore::copy_out(const std::string& object, const fs::path& target) const {
  const std::string key = key_of(object);
  if (!blobs_.exists(key)) return damaged("Object " + object);
  UniqueFd to;
  if (!target.empty()) {
    to = UniqueFd(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!to) throw std::system_error(errno, std::generic_category(), "cannot write " + target.string());
  }
  const storage::OpenBlob from = blobs_.open(key);
  const bool whole = decrypt(from.fd.get(), blobs_.path(key), contents_.data(), object, [&](const Bytes& bytes) {
    if (to) write_all(to.get(), as_bytes(bytes), target);
  });
  if (!whole) return damaged("Object " + object);
  return {};
}

std::vector<std::string> BackupStore::snapshots() const {
  std::vector<std::string> names;
  blobs_.list("snapshots", [&](const std::string& key, auto) { names.push_back(fs::path(key).filename()); });
  std::ranges::sort(names);
  return names;
}

void BackupStore::keep_snapshot(const std::string& name, std::string_view text) {
  const TempFolder folder;  // nothing is written in the clear into the backup's
  const fs::path file = folder.path() / name;
  write_file(file, text);
  blobs_.adopt(key_of_snapshot(name), encrypted(open_for_reading(file).get(), file, name));
}

Result<std::string> BackupStore::snapshot(const std::string& name) const {
  const std::string key = key_of_snapshot(name);
  if (std::ranges::none_of(snapshots(), [&](const std::string& one) { return one == name; }))
    return refuse(ErrorKind::not_found, "backup.missing", fmt::format("There is no snapshot {}.", name));
  std::string text;
  const storage::OpenBlob from = blobs_.open(key);
  const bool whole = decrypt(from.fd.get(), blobs_.path(key), contents_.data(), name, [&](const Bytes& bytes) {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  if (!whole) return damaged("Snapshot " + name);
  return text;
}

void BackupStore::remove_snapshot(const std::string& name) {
  blobs_.remove(key_of_snapshot(name));
}

int BackupStore::keep_only(const std::vector<std::string>& objects) {
  const std::set<std::string> wanted(objects.begin(), objects.end());
  std::vector<std::string> gone;
  blobs_.list("objects", [&](const std::string& key, auto) {
    if (!wanted.contains(fs::path(key).filename())) gone.push_back(key);
  });
  for (const std::string& key : gone) blobs_.remove(key);
  return static_cast<int>(gone.size());
}

}  // namespace korrigo::app
