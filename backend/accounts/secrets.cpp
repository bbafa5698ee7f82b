#include "accounts/secrets.h"

#include <sodium.h>

#include "base/hash.h"
#include "base/ids.h"

namespace korrigo::accounts {

std::string new_secret() {
  return random_hex(32);
}

std::string digest_of(std::string_view secret) {
  return sha256(std::as_bytes(std::span(secret)));
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string temporary_password() {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  constexpr int kGroups = 4;
  constexpr int kLettersInGroup = 4;
  std::string password;
  for (int group = 0; group < kGroups; ++group) {
    if (group > 0) password += '-';
    for (int i = 0; i < kLettersInGroup; ++i) password += kLetters[randombytes_uniform(kLetters.size())];
  }
  return password;
}

}  // namespace korrigo::accounts
