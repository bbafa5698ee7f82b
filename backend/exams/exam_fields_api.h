/// Exams as the interface takes them.
#pragma once

#include <boost/json/object.hpp>

#include "exams/exam.h"

namespace korrigo::exams {

/// The members that are there; null for imposition or verso_rotation goes back to finding out. With `complete`, name
/// and date must be there. Refuses with malformed "request.invalid".
Result<ExamChange> exam_change_of(const boost::json::object& body, bool complete);

/// The day of an exam: YYYY-MM-DD and nothing else, as the contract says.
std::optional<Date> exam_date(std::string_view text);

/// A new exam with these fields and the defaults of the others.
ExamFields new_exam_of(const ExamChange& change);

}  // namespace korrigo::exams
