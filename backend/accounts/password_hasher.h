/// Passwords as they are stored.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace korrigo::accounts {

/// Argon2id (libsodium's "$argon2id$..." text), and Django's "pbkdf2_sha256$..." for accounts that came from there.
/// Any thread; one call takes one core for about 15 ms.
class PasswordHasher {
 public:
  /// OWASP's Password Storage Cheat Sheet, second of its equal choices: m = 19 MiB, t = 2, p = 1. The pool's threads
  /// may all hash at once, so libsodium's interactive preset (64 MiB) would take memory that a small server lacks.
  struct Cost {
    std::uint64_t passes = 2;
    std::size_t memory = 19 * 1024 * 1024;
  };

  PasswordHasher();
  explicit PasswordHasher(Cost cost);

  /// Throws std::bad_alloc when the memory cannot be had.
  std::string hash(std::string_view password) const;
  /// Whether `password` is the one that `stored` was made of. Without `stored`, or with one that nobody can read, the
  /// same work is done for nothing and the answer is no: how long it takes does not tell whether an account exists.
  bool verify(const std::optional<std::string>& stored, std::string_view password) const;
  /// Whether `stored` is better made anew at the next log-in: another cost, or Django's.
  bool outdated(std::string_view stored) const;

  /// Passwords hashed so far, for the metrics.
  std::uint64_t hashed() const { return hashed_; }

 private:
  Cost cost_;
  std::string decoy_;
  mutable std::atomic<std::uint64_t> hashed_{0};
};

}  // namespace korrigo::accounts
