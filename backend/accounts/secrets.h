/// Random secrets, and how they are kept and compared.
#pragma once

#include <string>
#include <string_view>

namespace korrigo::accounts {

/// 256 random bits as 64 hexadecimal digits: session and CSRF secrets.
std::string new_secret();
/// What is stored of a random secret: its SHA-256, 64 hexadecimal digits. Not for passwords, which can be guessed.
std::string digest_of(std::string_view secret);
/// Time depends on the lengths only.
bool same_secret(std::string_view a, std::string_view b);
/// A password for a person to type once, "k7xm-p3qd-w9ht-z2bc": 79 bits, without letters that look alike.
std::string temporary_password();

}  // namespace korrigo::accounts
