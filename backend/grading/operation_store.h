/// The rows of the log. Internal to this module.
#pragma once

#include "grading/operation.h"

namespace korrigo::grading::store {

std::optional<LoggedOperation> find(storage::Transaction&, const CopyId&, const std::string& id);
void put(storage::Transaction&, const CopyId&, const LoggedOperation&);
void settle(storage::Transaction&, const CopyId&, const std::string& id, Outcome outcome, UserId by, UtcTime now);
std::int64_t next_position(storage::Transaction&, const CopyId&);
/// Whether the user ever wrote into the copy, or locked it.
bool has_marked(storage::Transaction&, const CopyId&, UserId user);

}  // namespace korrigo::grading::store
