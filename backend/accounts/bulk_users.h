/// Many accounts of staff at once, as a task: hashing a thousand passwords takes longer than a request may.
#pragma once

#include <vector>

#include "accounts/context.h"
#include "accounts/sealing.h"
#include "accounts/user.h"
#include "jobs/context.h"
#include "jobs/queue.h"

namespace korrigo::accounts {

inline constexpr std::string_view kBulkUsersTask = "bulk_create_users";
inline constexpr std::size_t kMostUsersAtOnce = 1000;

/// Queues the making of `users`; passwords among them lie sealed in the task. `asked_by` may see those made up.
TaskId request_users(const Context& context, jobs::Queue& queue, const Sealer& sealer,
                     const std::vector<NewUser>& users, UserId asked_by);

/// The handler of kBulkUsersTask: all that can be made are made in one transaction. Its result is {status, created,
/// errors: [{line, code, message, field?}], passwords: {}}, lines counted from 1; the temporary passwords by e-mail
/// address are sealed in `passwords_sealed` (see passwords_once.h). What the arguments refer to outlives the handler.
jobs::Handler bulk_users_handler(const Context& context, const Sealer& sealer);

}  // namespace korrigo::accounts
