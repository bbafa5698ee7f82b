/// The candidates of a copy as its decision's row holds them. Internal to this module.
#pragma once

#include <string>
#include <vector>

#include "copies/batch_store.h"

namespace korrigo::copies {

/// [{"student_id", "confidence", "evidence"}, ...] as JSON, best first. `explains`: with evidence
/// (identification/explanation.h), for copies that people will look at; it takes about a millisecond a copy, so call
/// this outside of transactions.
std::string candidate_rows(const identification::Decision& decision,
                           const std::vector<const identification::BatchHeader*>& headers, const ExamRoster& roster,
                           bool explains);

}  // namespace korrigo::copies
