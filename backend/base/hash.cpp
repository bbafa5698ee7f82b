#include "base/hash.h"

#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <array>
#include <stdexcept>
#include <system_error>

#include "base/files.h"

namespace korrigo {
namespace {

void require(int done) {
  if (done != 1) throw std::runtime_error("SHA-256 failed");
}

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  require(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr));
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& path) {
  const UniqueFd fd = open_for_reading(path);
  Sha256 hash;
  std::array<std::byte, 1 << 16> buffer;
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0) throw std::system_error(errno, std::generic_category(), "cannot read " + path.string());
    if (got == 0) return hash.hex();
    hash.add(std::span(buffer).first(static_cast<std::size_t>(got)));
  }
}

}  // namespace korrigo
