#include "accounts/django_password.h"

#include <sodium.h>
#include <charconv>
#include <optional>

namespace korrigo::accounts {
namespace {

constexpr std::string_view kPrefix = "pbkdf2_sha256$";
constexpr std::uint32_t kMostIterations = 5'000'000;

using Digest = std::array<unsigned char, 32>;

struct DjangoPassword {
  std::uint32_t iterations = 0;
  std::string_view salt;
  Digest digest{};
};

std::optional<DjangoPassword> parse(std::string_view stored) {
  if (!stored.starts_with(kPrefix)) return std::nullopt;
  stored.remove_prefix(kPrefix.size());
  const std::size_t first = stored.find('$');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = stored.find('$', first + 1);
  if (second == std::string_view::npos) return std::nullopt;

  DjangoPassword parsed;
  const auto [end, fault] = std::from_chars(stored.data(), stored.data() + first, parsed.iterations);
  if (fault != std::errc{} || end != stored.data() + first) return std::nullopt;
  if (parsed.iterations < 1 || parsed.iterations > kMostIterations) return std::nullopt;
  parsed.salt = stored.substr(first + 1, second - first - 1);

  const std::string_view base64 = stored.substr(second + 1);
  std::size_t size = 0;
  const int decoded = sodium_base642bin(parsed.digest.data(), parsed.digest.size(), base64.data(), base64.size(),
                                        nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (decoded != 0 || size != parsed.digest.size()) return std::nullopt;
  return parsed;
}

Digest finish(crypto_auth_hmacsha256_state keyed, std::string_view first, std::string_view second = {}) {
  Digest digest;
  crypto_auth_hmacsha256_update(&keyed, reinterpret_cast<const unsigned char*>(first.data()), first.size());
  crypto_auth_hmacsha256_update(&keyed, reinterpret_cast<const unsigned char*>(second.data()), second.size());
  crypto_auth_hmacsha256_final(&keyed, digest.data());
  return digest;
}

}  // namespace

std::array<unsigned char, 32> pbkdf2_sha256(std::string_view password, std::string_view salt,
                                            std::uint32_t iterations) {
  crypto_auth_hmacsha256_state keyed;
  crypto_auth_hmacsha256_init(&keyed, reinterpret_cast<const unsigned char*>(password.data()), password.size());
  constexpr std::string_view kFirstBlock("\0\0\0\1", 4);
  Digest round = finish(keyed, salt, kFirstBlock);
  Digest sum = round;
  for (std::uint32_t i = 1; i < iterations; ++i) {
    round = finish(keyed, std::string_view(reinterpret_cast<const char*>(round.data()), round.size()));
    for (std::size_t byte = 0; byte < sum.size(); ++byte) sum[byte] ^= round[byte];
  }
  return sum;
}

bool is_django_password(std::string_view stored) {
  return parse(stored).has_value();
}

bool verify_django_password(std::string_view stored, std::string_view password) {
  const DjangoPassword parsed = parse(stored).value();
  const Digest digest = pbkdf2_sha256(password, parsed.salt, parsed.iterations);
  return sodium_memcmp(digest.data(), parsed.digest.data(), digest.size()) == 0;
}

}  // namespace korrigo::accounts
