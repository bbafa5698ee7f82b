/// Temporary passwords in the result of a task: shown once, to whoever started it.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "accounts/sealing.h"
#include "base/ids.h"
#include "storage/database.h"

namespace korrigo::accounts {

/// Takes `passwords_sealed` out of the task's result; the second asker finds none. Nothing when there are none, `asker`
/// did not start the task, or another key sealed them (they are gone then).
std::optional<boost::json::object> take_passwords(storage::Database& database, const TaskId& task, UserId asker,
                                                  const Sealer& sealer);

}  // namespace korrigo::accounts
