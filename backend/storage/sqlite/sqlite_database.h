#pragma once

#include <memory>
#include <string>

#include "storage/database.h"

namespace korrigo::storage::sqlite {

/// The database in the file `path`, created when it is not there. Throws DatabaseError.
std::unique_ptr<Database> open_file(const std::string& path, const DatabaseOptions& options);

}  // namespace korrigo::storage::sqlite
