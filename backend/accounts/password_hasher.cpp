#include "accounts/password_hasher.h"

#include <sodium.h>
#include <new>
#include <stdexcept>

#include "accounts/django_password.h"
#include "accounts/secrets.h"

namespace korrigo::accounts {

PasswordHasher::PasswordHasher() : PasswordHasher(Cost()) {}

PasswordHasher::PasswordHasher(Cost cost) : cost_(cost) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used on this machine");
  decoy_ = hash(new_secret());
  hashed_ = 0;
}

std::string PasswordHasher::hash(std::string_view password) const {
  ++hashed_;
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), cost_.passes, cost_.memory) != 0) {
    throw std::bad_alloc();
  }
  return text.data();
}

bool PasswordHasher::verify(const std::optional<std::string>& stored, std::string_view password) const {
  ++hashed_;
  if (stored && is_django_password(*stored)) return verify_django_password(*stored, password);
  const bool usable = stored && stored->starts_with(crypto_pwhash_STRPREFIX) && stored->size() < crypto_pwhash_STRBYTES;
  const std::string& compared = usable ? *stored : decoy_;
  const bool same = crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0;
  return usable && same;
}

bool PasswordHasher::outdated(std::string_view stored) const {
  const std::string text(stored);
  if (!text.starts_with(crypto_pwhash_STRPREFIX)) return true;
  return crypto_pwhash_str_needs_rehash(text.c_str(), cost_.passes, cost_.memory) != 0;
}

}  // namespace korrigo::accounts
