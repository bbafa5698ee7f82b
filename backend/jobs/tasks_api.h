/// The routes of background tasks. Their WebSockets are in task_feed_api.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "http/router.h"
#include "jobs/queue.h"

namespace korrigo::jobs {

/// Opens the file that a task's result names as {"file": key, "filename", "content_type"}; nothing when it is no longer
/// there. Called from any thread.
using OpenFile = std::function<std::optional<UniqueFd>(const std::string& key)>;

/// `database` and `queue` outlive the routes.
std::vector<http::Route> routes(storage::Database& database, Queue& queue, OpenFile open_file);

}  // namespace korrigo::jobs
