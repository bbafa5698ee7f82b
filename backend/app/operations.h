/// The routes for whoever runs the service: health, figures, the contract itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/metrics.h"
#include "app/vital_signs.h"
#include "http/router.h"

namespace korrigo::app {

struct OperationsOptions {
  std::string metrics_token = {};  // KORRIGO_METRICS_TOKEN; empty: the figures are open to all
  std::function<Gauges()> gauges;  // without `tasks` and database_up, which the route adds itself
};

/// `database`, `vital_signs` and `metrics` outlive the routes.
std::vector<http::Route> operations_routes(storage::Database& database, const Clock& clock, VitalSigns& vital_signs,
                                           Metrics& metrics, OperationsOptions options);

}  // namespace korrigo::app
