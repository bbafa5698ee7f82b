/// The intake report: what the scans of an exam held, and what of it wants a look.
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "storage/database.h"

namespace korrigo::copies {

/// IntakeReport of the contract, from the rows as they stand; of the last batch it keeps what the rows do not say (its
/// imposition, its timings). A fixed number of statements. Refuses with not_found "exam.not_found", "report.not_ready".
Result<boost::json::object> intake_report(storage::Transaction& transaction, const ExamId& exam);

}  // namespace korrigo::copies
