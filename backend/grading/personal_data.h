/// Everything that is kept of a student, for the student to see (GDPR, article 15).
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "storage/database.h"

namespace korrigo::grading {

/// Refuses with not_found "student.not_found".
Result<boost::json::object> personal_data_of(storage::Transaction& transaction, StudentId student);

}  // namespace korrigo::grading
