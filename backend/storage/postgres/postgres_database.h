#pragma once

#include <memory>
#include <string>

#include "storage/database.h"

namespace korrigo::storage::postgres {

/// The database at `url`. Throws DatabaseError(lost) when it cannot be reached now.
std::unique_ptr<Database> open_server(const std::string& url, const DatabaseOptions& options);

}  // namespace korrigo::storage::postgres
