/// The route of the audit log.
#pragma once

#include <vector>

#include "http/router.h"
#include "storage/database.h"

namespace korrigo::audit {

/// `database` outlives the routes.
std::vector<http::Route> routes(storage::Database& database);

}  // namespace korrigo::audit
