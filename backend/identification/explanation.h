/// Why a student is a candidate, for people.
#pragma once

#include <boost/json/object.hpp>

#include "identification/decision.h"

namespace korrigo::identification {

/// {"nom": {"korrigo-hand": {"text": "DUPONT", "fit": 6.21}, "tesseract": ...}, "date_naissance": ...}: what each
/// engine read in each field, and the natural logarithm of how much likelier that reading alone makes this student than
/// somebody not on the roster. Of several sheets the first with that field and engine counts.
boost::json::object explanation(const CopyEvidence& evidence, const students::RosterStudent& student);

}  // namespace korrigo::identification
