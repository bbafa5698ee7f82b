/// Which passwords are good enough.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace korrigo::accounts {

constexpr std::size_t kMinPasswordCharacters = 12;
constexpr std::size_t kMaxPasswordCharacters = 256;

/// Every reason why `password` is too weak, one sentence each; empty when it is good: 12-256 characters, not only
/// digits, more than four different characters, and once digits and signs are taken away, more than common passwords
/// and the user's own `names` (user name, address, first and last name) written after each other.
std::vector<std::string> faults_of_password(std::string_view password, const std::vector<std::string>& names);

/// The same as invalid_input "password.weak", `field` and `details` set.
Result<void> check_password(std::string_view password, const std::vector<std::string>& names,
                            std::string_view field = "password");

}  // namespace korrigo::accounts
