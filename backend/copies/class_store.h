/// An exam's class as it is solved: its students, its copies, and what was read of their headers. Internal to this
/// module.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "copies/batch_store.h"
#include "identification/decision.h"

namespace korrigo::copies {

struct ClassCopy {
  CopyId id;
  std::string status;
  std::optional<StudentId> student;
  bool is_decided = false;   // somebody said whose it is, or that it is nobody's yet
  bool is_overlong = false;  // may hold pages of two students
  std::vector<std::string> warnings;
  std::vector<identification::BatchHeader> headers;  // of copies that are nobody's
};

struct ExamClass {
  ExamRoster roster;  // all students of the exam
  std::vector<ClassCopy> copies;
  identification::Thresholds thresholds;
  std::string stamp;  // changes with whatever the solution depends on
};
ExamClass load_class(storage::Transaction& transaction, const ExamId& exam);
std::string class_stamp(storage::Transaction& transaction, const ExamId& exam);

/// A decision as its row holds it; `candidates` as candidate_rows writes them.
struct DecisionRow {
  std::string detected_text, mode, candidates, engines, warnings;  // JSON but for the mode
  double confidence = 0;
};
DecisionRow decision_row(const std::vector<identification::BatchHeader>& headers,
                         const identification::Decision& decision, std::string candidates);
/// In place of the copy's present one; who decided stays. `warnings` are the copy's.
void put_decision(storage::Transaction& transaction, const CopyId& copy, const DecisionRow& decision,
                  const std::vector<std::string>& warnings, UtcTime now);
/// Of a copy without header.
void forget_decision(storage::Transaction& transaction, const CopyId& copy);
/// What the copy's present decision warns of.
std::vector<std::string> decision_warnings(storage::Transaction& transaction, const CopyId& copy);

}  // namespace korrigo::copies
