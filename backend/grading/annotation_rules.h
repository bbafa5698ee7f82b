/// What an annotation may be. Internal to this module.
#pragma once

#include "grading/annotation.h"

namespace korrigo::grading {

/// Box, content and points by themselves, and the question under the desk's lock. Refuses as create_annotation().
Result<void> check_annotation(const Desk& desk, const AnnotationFields& fields);

}  // namespace korrigo::grading
