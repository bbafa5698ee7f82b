/// GET /api/settings/engines/: which OCR engines are there, and how the others are added.
#pragma once

#include "app/config.h"
#include "base/clock.h"
#include "http/router.h"

namespace korrigo::app {

/// `clock` outlives the routes.
std::vector<http::Route> engine_routes(const Config& config, const Clock& clock);

}  // namespace korrigo::app
