#include "app/engines_api.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "accounts/guard_api.h"
#include "app/engines.h"
#include "http/response.h"

namespace korrigo::app {
namespace {

namespace json = boost::json;

std::string_view word_for(ocr::EngineState state) {
  switch (state) {
    case ocr::EngineState::ready:
      return "READY";
    case ocr::EngineState::not_installed:
      return "NOT_INSTALLED";
    case ocr::EngineState::failing:
      return "FAILING";
  }
  return "FAILING";
}

Result<http::Response> list_engines(const Config& config, const Clock& clock) {
  const auto engines = look_at_engines(config, clock);
  if (!engines) return tl::unexpected(engines.error());
  json::array all;
  for (const EngineLine& engine : *engines)
    all.push_back(json::object{{"name", engine.name},
                               {"used", engine.is_used},
                               {"state", json::string(word_for(engine.health.state))},
                               {"version", engine.health.version},
                               {"trouble", engine.health.trouble},
                               {"install", engine.health.install}});
  return http::json(200, json::object{{"engines", std::move(all)}});
}

}  // namespace

std::vector<http::Route> engine_routes(const Config& config, const Clock& clock) {
  return {{http::Method::get, "/api/settings/engines/",
           [config, &clock](http::Request&) { return list_engines(config, clock); }, http::NoBody{}, accounts::kAdmin}};
}

}  // namespace korrigo::app
