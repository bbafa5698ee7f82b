/// What the module's operations work with; made once by the composition root, used by any thread. The things referred
/// to outlive every copy of it.
#pragma once

#include "accounts/login_limits.h"
#include "accounts/password_hasher.h"
#include "base/clock.h"
#include "storage/database.h"

namespace korrigo::accounts {

struct Context {
  storage::Database& database;
  const PasswordHasher& hasher;
  const Clock& clock;
  LoginLimits limits = {};
};

}  // namespace korrigo::accounts
