#include "app/operations.h"

#include <sodium.h>
#include <boost/json/object.hpp>

#include "accounts/guard_api.h"
#include "app/embedded_contract.h"

namespace korrigo::app {
namespace {

using boost::json::object;
using http::Request;
using http::Response;

constexpr std::string_view kBearer = "Bearer ";

Response not_stored(Response response) {
  response.with("Cache-Control", "no-store");
  return response;
}

Response health(VitalSigns& vital_signs) {
  const bool up = vital_signs.look().database;
  return not_stored(http::json(up ? 200 : 503, object{{"status", up ? "healthy" : "unhealthy"},
                                                      {"database", up ? "connected" : "disconnected"}}));
}

Response readiness(VitalSigns& vital_signs) {
  const VitalSigns::Found found = vital_signs.look();
  const bool ready = found.database && found.media;
  return not_stored(http::json(ready ? 200 : 503, object{{"status", ready ? "ready" : "not_ready"},
                                                         {"database", found.database ? "ok" : "error"},
                                                         {"redis", "disabled"},
                                                         {"media", found.media ? "ok" : "error"}}));
}

/// Takes as long whatever the texts share.
bool same_secret(std::string_view given, std::string_view secret) {
  return given.size() == secret.size() && sodium_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

bool may_read_metrics(const Request& request, const std::string& token) {
  if (token.empty()) return true;
  const std::string_view authorization = request.header("Authorization").value_or("");
  if (authorization.starts_with(kBearer) && same_secret(authorization.substr(kBearer.size()), token)) return true;
  if (same_secret(request.query_value("token").value_or(""), token)) return true;
  const accounts::Caller* caller = accounts::caller_if_any(request);
  return caller && caller->token && std::ranges::find(caller->scopes, accounts::Scope::metrics) != caller->scopes.end();
}

class MetricsRoute {
 public:
  MetricsRoute(storage::Database& database, const Clock& clock, VitalSigns& vital_signs, Metrics& metrics,
               OperationsOptions options)
      : database_(database),
        clock_(clock),
        vital_signs_(vital_signs),
        metrics_(metrics),
        options_(std::move(options)) {}

  Result<Response> operator()(const Request& request) const {
    if (!may_read_metrics(request, options_.metrics_token)) {
      return refuse(ErrorKind::forbidden, "metrics.token_required", "The metrics token is missing or wrong.");
    }
    Gauges gauges = options_.gauges ? options_.gauges() : Gauges{};
    gauges.database_up = vital_signs_.look().database;
    if (gauges.database_up) read_queue(gauges);
    return not_stored(http::text(200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(gauges)));
  }

 private:
  void read_queue(Gauges& gauges) const {
    try {
      gauges.tasks = database_.read([&](storage::Transaction& t) { return jobs::count_tasks(t, clock_.now()); });
    } catch (const storage::DatabaseError&) {
      gauges.database_up = false;
    }
  }

  storage::Database& database_;
  const Clock& clock_;
  VitalSigns& vital_signs_;
  Metrics& metrics_;
  OperationsOptions options_;
};

Response document(std::string_view type, std::string_view bytes) {
  Response response(200);
  response.headers.add("Content-Type", std::string(type));
  response.headers.add("Cache-Control", "no-cache");
  response.body = bytes;
  return response;
}

}  // namespace

std::vector<http::Route> operations_routes(storage::Database& database, const Clock& clock, VitalSigns& vital_signs,
                                           Metrics& metrics, OperationsOptions options) {
  std::vector<http::Route> routes;
  const auto add = [&](std::string pattern, http::Handler handler) {
    const accounts::Rights rights = accounts::kPublic.even_without_database();
    routes.push_back({http::Method::get, std::move(pattern), std::move(handler), http::NoBody{}, rights});
  };
  add("/api/health/", [&vital_signs](Request&) { return health(vital_signs); });
  add("/api/health/live/", [](Request&) { return not_stored(http::json(200, object{{"status", "alive"}})); });
  add("/api/health/ready/", [&vital_signs](Request&) { return readiness(vital_signs); });
  add("/api/metrics/", MetricsRoute(database, clock, vital_signs, metrics, std::move(options)));
  add("/api/schema/", [](Request&) { return document("application/yaml", contract_document()); });
  add("/api/docs/", [](Request&) {
    return document("text/html; charset=utf-8", contract_page())
        .with("Content-Security-Policy", std::string(contract_page_policy()));
  });
  return routes;
}

}  // namespace korrigo::app
