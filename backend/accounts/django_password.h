/// Django's "pbkdf2_sha256$<iterations>$<salt>$<base64 of 32 bytes>": PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace korrigo::accounts {

/// Whether the text is of that form, with at most 5 million iterations (Django 5.2 uses 1 million).
bool is_django_password(std::string_view stored);
/// Requires is_django_password(stored).
bool verify_django_password(std::string_view stored, std::string_view password);

/// The first block of PBKDF2-HMAC-SHA-256. Requires iterations >= 1.
std::array<unsigned char, 32> pbkdf2_sha256(std::string_view password, std::string_view salt, std::uint32_t iterations);

}  // namespace korrigo::accounts
