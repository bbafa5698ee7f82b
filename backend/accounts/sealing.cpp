#include "accounts/sealing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "base/files.h"

namespace korrigo::accounts {
namespace {

static_assert(std::tuple_size_v<Sealer::Key> == crypto_secretbox_KEYBYTES);

constexpr int kEncoding = sodium_base64_VARIANT_ORIGINAL;

/// Written whole under a name of its own, then linked in place unless somebody was first.
void make_key(const std::filesystem::path& path) {
  Sealer::Key key;
  randombytes_buf(key.data(), key.size());
  std::filesystem::path own = path;
  own += fmt::format(".{}", ::getpid());
  {
    const UniqueFd fd(::open(own.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!fd) throw std::system_error(errno, std::generic_category(), "cannot create " + own.string());
    write_all(fd.get(), std::as_bytes(std::span(key)), own);
    if (::fsync(fd.get()) != 0) throw std::system_error(errno, std::generic_category(), "cannot sync " + own.string());
  }
  const int linked = ::link(own.c_str(), path.c_str());
  const int error = errno;
  ::unlink(own.c_str());
  if (linked != 0 && error != EEXIST) {
    throw std::system_error(error, std::generic_category(), "cannot create " + path.string());
  }
}

}  // namespace

Sealer Sealer::from_file(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
    make_key(path);
  }
  const std::string bytes = read_file(path);
  Key key;
  if (bytes.size() != key.size()) throw std::runtime_error(path.string() + " holds no key of 32 bytes");
  std::ranges::copy(bytes, key.begin());
  return Sealer(key);
}

std::string Sealer::seal(std::string_view plain) const {
  std::vector<unsigned char> box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size());
  randombytes_buf(box.data(), crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(box.data() + crypto_secretbox_NONCEBYTES, reinterpret_cast<const unsigned char*>(plain.data()),
                        plain.size(), box.data(), key_.data());
  std::string text(sodium_base64_encoded_len(box.size(), kEncoding), '\0');
  sodium_bin2base64(text.data(), text.size(), box.data(), box.size(), kEncoding);
  text.pop_back();  // libsodium's closing zero
  return text;
}

std::optional<std::string> Sealer::open(std::string_view sealed) const {
  constexpr std::size_t kBefore = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() < kBefore) return std::nullopt;
  std::vector<unsigned char> box(sealed.size());
  std::size_t size = 0;
  const int decoded =
      sodium_base642bin(box.data(), box.size(), sealed.data(), sealed.size(), nullptr, &size, nullptr, kEncoding);
  if (decoded != 0 || size < kBefore) return std::nullopt;
  std::string plain(size - kBefore, '\0');
  const int opened = crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()),
                                                box.data() + crypto_secretbox_NONCEBYTES,
                                                size - crypto_secretbox_NONCEBYTES, box.data(), key_.data());
  if (opened != 0) return std::nullopt;
  return plain;
}

}  // namespace korrigo::accounts
