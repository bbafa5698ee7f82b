#include "identification/explanation.h"

#include <boost/json.hpp>
#include <cmath>

namespace korrigo::identification {
namespace {

double fit_of(const ocr::HeaderReading& reading, const ocr::FieldReading& field,
              const students::RosterStudent& student) {
  const CopyEvidence alone{{{reading.engine, {field}}}};
  return std::round(log_likelihood_ratio(alone, student) * 100) / 100;
}

}  // namespace

boost::json::object explanation(const CopyEvidence& evidence, const students::RosterStudent& student) {
  boost::json::object fields;
  for (const ocr::HeaderReading& reading : evidence.readings)
    for (const ocr::FieldReading& field : reading.fields) {
      if (!field.has_ink) continue;
      const std::string_view kind = ocr::to_string(field.kind);
      boost::json::value& engines = fields[boost::json::string_view(kind.data(), kind.size())];
      if (engines.is_null()) engines.emplace_object();
      const std::string& engine = field.engine.empty() ? reading.engine : field.engine;
      if (engines.as_object().contains(engine)) continue;
      engines.as_object()[engine] = boost::json::object{{"text", field.text}, {"fit", fit_of(reading, field, student)}};
    }
  return fields;
}

}  // namespace korrigo::identification
