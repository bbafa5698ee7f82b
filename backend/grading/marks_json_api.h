/// A copy's marks on the wire (docs/openapi.yaml). Internal to this module.
#pragma once

#include <boost/json/object.hpp>

#include "copies/copy_views.h"
#include "grading/score.h"

namespace korrigo::grading {

boost::json::object marks_json(const Marks& marks);

}  // namespace korrigo::grading
