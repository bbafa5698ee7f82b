/// What the last batch said about itself.
#pragma once

#include <boost/json/object.hpp>

#include "exams/exam.h"

namespace korrigo::exams {

/// Keeps it with the exam in place of the one before. Refuses with not_found "exam.not_found".
Result<void> set_intake_report(storage::Transaction&, const ExamId&, const boost::json::object& report);
/// Refuses with not_found "exam.not_found" or "report.not_ready".
Result<boost::json::object> intake_report(storage::Transaction&, const ExamId&);

}  // namespace korrigo::exams
