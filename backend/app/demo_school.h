/// A school to look at: an exam whose batch has been read, and an account for each role.
#pragma once

#include <filesystem>

#include "app/config.h"
#include "base/parallel.h"
#include "base/result.h"

namespace korrigo::app {

/// In the data folder of a demo school: its accounts and their secrets, for people to read.
inline constexpr const char* kDemoAccounts = "demo-accounts.txt";

/// Makes the data folder of `config`, whole or not at all: the accounts, and an exam from `batch` (a folder with
/// scan.pdf and students.csv) taken in as an upload would be; returns when it has been read. Refuses with invalid_input
/// "demo.not_empty" when the folder holds something or the database has an admin, as receive_batch() does, and with
/// what the batch failed of. Throws Cancelled.
Result<void> make_demo_school(const Config& config, const std::filesystem::path& batch, const Cancel& cancel);

}  // namespace korrigo::app
