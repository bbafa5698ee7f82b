/// A read header as JSON, as it is stored and cached: whatever solving the class again needs.
#pragma once

#include <boost/json/value.hpp>

#include "identification/header_reading.h"

namespace korrigo::identification {

/// {"understood", "bottom", "engine", "engine_version", "fields": [{"kind", "boxed", "has_ink", "text", "engine",
/// "box": [x, y, w, h], "letters": [[probability of each character of ocr::kAlphabet and of nothing], ...]}]}; pixels
/// of the header_picture.
boost::json::value reading_json(const BatchHeader& header);
/// Nothing when it is not of that form.
std::optional<BatchHeader> header_of_json(const boost::json::value& json);

/// What was read, for people: {"nom": "DUPONT", ...}; of several headers the first that has a field counts.
boost::json::object readings_for_people(std::span<const BatchHeader> headers);

}  // namespace korrigo::identification
