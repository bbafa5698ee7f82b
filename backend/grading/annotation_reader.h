/// Annotations as clients send them, in requests and in logs.
#pragma once

#include <boost/json/object.hpp>

#include "grading/annotation.h"

namespace korrigo::grading {

/// {page_index, x, y, w, h, type, content?, score_delta?, question_id?}; page_index may be a number written as text.
/// Refuses with malformed "request.invalid" and the field.
Result<NewAnnotation> read_new_annotation(const boost::json::object& body);
/// The members that are there.
Result<AnnotationChange> read_annotation_change(const boost::json::object& body);

}  // namespace korrigo::grading
