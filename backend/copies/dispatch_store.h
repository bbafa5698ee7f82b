/// The rows of dispatch. Internal to this module.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

namespace korrigo::copies::store {

struct Unassigned {
  CopyId copy;
  std::string class_name;  // of its student; empty when that is not known
};
/// READY copies that nobody has, by anonymous id; of an exercise, those whose exercise nobody has.
std::vector<Unassigned> unassigned(storage::Transaction&, const ExamId&, const std::optional<std::string>& exercise);
/// How many of the exam's copies have this exercise given to the user.
std::int64_t exercises_of(storage::Transaction&, const ExamId&, UserId, const std::string& exercise);

void assign(storage::Transaction&, const CopyId&, std::optional<UserId> to, const std::optional<std::string>& run,
            UtcTime now);
void assign_exercise(storage::Transaction&, const CopyId&, const std::string& exercise, std::optional<UserId> to,
                     const std::optional<std::string>& run, UtcTime now);

struct Held {
  ExamId exam;
  std::string status;
};
/// Whoever else writes into the copy waits, or finds this first.
std::optional<Held> hold(storage::Transaction&, const CopyId&, UtcTime now);

}  // namespace korrigo::copies::store
