/// How failed log-ins name whose account was tried.
#pragma once

#include <string>
#include <string_view>

#include "accounts/secrets.h"
#include "base/ids.h"
#include "base/text.h"

namespace korrigo::accounts {

/// However the person was named: by user name or address.
inline std::string account_key(UserId user) {
  return "user/" + std::to_string(user.value);
}
inline std::string account_key(StudentId student) {
  return "student/" + std::to_string(student.value);
}
/// Of a name nobody has. As a digest, for people type passwords into the wrong field.
inline std::string unknown_account_key(std::string_view typed) {
  return "name/" + digest_of(lower(trimmed(typed)));
}

}  // namespace korrigo::accounts
