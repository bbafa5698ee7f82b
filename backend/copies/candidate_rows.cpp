#include "copies/candidate_rows.h"

#include <boost/json.hpp>

#include "identification/explanation.h"

namespace korrigo::copies {

namespace json = boost::json;

std::string candidate_rows(const identification::Decision& decision,
                           const std::vector<const identification::BatchHeader*>& headers, const ExamRoster& roster,
                           bool explains) {
  identification::CopyEvidence evidence;
  for (const auto* header : headers)
    if (header->understood) evidence.readings.push_back(header->reading);
  json::array candidates;
  for (const auto& candidate : decision.candidates) {
    json::object row{{"student_id", nullptr}, {"confidence", candidate.confidence}};
    if (candidate.student) {
      row["student_id"] = roster.ids[*candidate.student].value;
      if (explains) row["evidence"] = identification::explanation(evidence, roster.roster.students[*candidate.student]);
    }
    candidates.push_back(std::move(row));
  }
  return json::serialize(candidates);
}

}  // namespace korrigo::copies
