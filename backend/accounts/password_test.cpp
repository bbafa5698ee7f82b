// Passwords: how they are kept, and which are good enough (behaviours 16, 17, 58).
#include <gtest/gtest.h>

#include "accounts/django_password.h"
#include "accounts/password_hasher.h"
#include "accounts/password_rules.h"
#include "accounts/secrets.h"

namespace korrigo::accounts {
namespace {

const PasswordHasher& cheap() {
  static const PasswordHasher kHasher({.passes = 1, .memory = 8192});
  return kHasher;
}

std::string hexadecimal(const std::array<unsigned char, 32>& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

TEST(PasswordHasher, knows_its_own_password_and_no_other) {
  const std::string stored = cheap().hash("quiet-harbour-4711");
  EXPECT_TRUE(cheap().verify(stored, "quiet-harbour-4711"));
  EXPECT_FALSE(cheap().verify(stored, "quiet-harbour-4712"));
  EXPECT_FALSE(cheap().verify(stored, ""));
  EXPECT_NE(stored, cheap().hash("quiet-harbour-4711"));
}

TEST(PasswordHasher, keeps_passwords_at_the_cost_it_promises) {
  EXPECT_TRUE(PasswordHasher().hash("quiet-harbour-4711").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(PasswordHasher, works_as_hard_where_there_is_no_account) {
  const PasswordHasher hasher({.passes = 1, .memory = 8192});
  const std::string stored = hasher.hash("quiet-harbour-4711");
  const std::uint64_t before = hasher.hashed();
  EXPECT_FALSE(hasher.verify(stored, "wrong"));
  const std::uint64_t of_known = hasher.hashed() - before;
  EXPECT_FALSE(hasher.verify(std::nullopt, "wrong"));
  EXPECT_EQ(hasher.hashed() - before, 2 * of_known);
}

TEST(PasswordHasher, lets_nobody_in_by_an_unreadable_hash) {
  for (const char* stored : {"", "!", "quiet", "$argon2id$", "$2b$12$abc", "pbkdf2_sha256$", "pbkdf2_sha256$0$a$b",
                             "pbkdf2_sha256$99999999999$salt$AAAA", "pbkdf2_sha256$1000$salt$AAAA"}) {
    EXPECT_FALSE(cheap().verify(std::string(stored), "quiet")) << stored;
    EXPECT_FALSE(cheap().verify(std::string(stored), "")) << stored;
  }
  EXPECT_FALSE(cheap().verify("$argon2id$v=19$m=8,t=1,p=1$" + std::string(500, 'A'), "quiet"));
}

TEST(PasswordHasher, reads_a_hash_of_django) {
  // django.contrib.auth.hashers.PBKDF2PasswordHasher().encode("lètmein", "seasalt", 10000), of Django's own tests.
  const std::string stored = "pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY=";
  EXPECT_TRUE(cheap().verify(stored, "lètmein"));
  EXPECT_FALSE(cheap().verify(stored, "letmein"));
  EXPECT_TRUE(cheap().outdated(stored));
}

TEST(PasswordHasher, asks_for_a_new_hash_when_the_cost_has_changed) {
  const std::string stored = cheap().hash("quiet-harbour-4711");
  EXPECT_FALSE(cheap().outdated(stored));
  EXPECT_TRUE(PasswordHasher({.passes = 2, .memory = 8192}).outdated(stored));
}

TEST(Pbkdf2, gives_the_values_of_rfc_7914) {
  EXPECT_EQ(hexadecimal(pbkdf2_sha256("passwd", "salt", 1)),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
  EXPECT_EQ(hexadecimal(pbkdf2_sha256("Password", "NaCl", 80000)),
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

TEST(PasswordRules, accept_what_is_long_and_one_s_own) {
  for (const char* good : {"quiet-harbour-4711", "lantern-orchard-29", "violet-mountain-3", "Ümläut-größe-mit-ß",
                           "correct horse battery", "пароль-длинный-9"}) {
    EXPECT_TRUE(faults_of_password(good, {"marie", "marie@lycee.example.org"}).empty()) << good;
  }
}

TEST(PasswordRules, refuse_weak_ones_with_a_reason) {
  const std::vector<std::string> names{"weakling", "w.kling@lycee.example.org", "Wilma", "Kling"};
  for (const char* weak :
       {"short-1", "123456789012", "password1234", "weaklingweakling", "passe1231234", "MotDePasse2024", "azertyuiop12",
        "Wilma-Kling-2008", "aaaaaaaaaaaa", "W.Kling@lycee.example.org", "", "motdepassepassword"}) {
    EXPECT_FALSE(faults_of_password(weak, names).empty()) << weak;
  }
  EXPECT_EQ(faults_of_password(std::string(257, 'x') + "abcde", {}).size(), 1U);
}

TEST(PasswordRules, say_all_that_is_wrong_at_once) {
  const auto refused = check_password("1234", {}, "new_password");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "password.weak");
  EXPECT_EQ(refused.error().field, "new_password");
  EXPECT_EQ(refused.error().details.size(), 2U);
}

TEST(Secrets, are_long_and_never_the_same) {
  EXPECT_EQ(new_secret().size(), 64U);
  EXPECT_NE(new_secret(), new_secret());
  EXPECT_NE(temporary_password(), temporary_password());
  EXPECT_TRUE(faults_of_password(temporary_password(), {}).empty());
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "abcd"));
}

}  // namespace
}  // namespace korrigo::accounts
