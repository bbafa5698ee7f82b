/// What a step leaves behind so that it can be taken back. Internal to this module.
#pragma once

#include <boost/json/object.hpp>
#include <set>
#include <string>

#include "copies/office.h"

namespace korrigo::copies {

/// The rows that a step is about.
struct StepRows {
  std::set<BookletId> booklets;
  std::set<CopyId> copies;
  std::set<FaceId> faces;
};

/// These rows as they are now, with the decisions and histories of the copies: what bring_back() needs.
boost::json::object kept_rows(storage::Transaction& transaction, const StepRows& rows);
/// Puts them back. Rows that are not there any more are inserted again, in the state they had; of those that are, only
/// what steps change is written. `actor` and UNDO go into the copies' histories. False when another copy of the exam
/// has the student or the anonymous id by now: then nothing was written. `rows` are the step's: those that are not
/// among the kept ones were made by it, and go.
bool bring_back(storage::Transaction& transaction, const StepRows& rows, const boost::json::object& kept, UserId actor,
                UtcTime now);

/// How the rows stand, for comparing: placing of faces and booklets, status and student of copies.
std::string standing(storage::Transaction& transaction, const StepRows& rows);

struct NewStep {
  ExamId exam;
  UserId user;
  std::string action;
  StepRows rows;               // kept and made ones
  boost::json::object before;  // kept_rows() before the step
};
/// After the step: remembers it, with how it left its rows.
std::int64_t put_step(storage::Transaction& transaction, const NewStep& step, UtcTime now);

struct StoredStep {
  std::int64_t id = 0;
  std::string action;
  StepRows rows;
  boost::json::object before;
  std::string after;  // standing() when it was done
};
/// The user's last in the exam that was not taken back.
std::optional<StoredStep> last_step(storage::Transaction& transaction, const ExamId& exam, UserId user);
/// Whether it was not taken back.
bool is_open(storage::Transaction& transaction, std::int64_t id);
/// The step also changed `copy`, which stood as `before` (kept_rows) says: what follows of it by itself.
void add_to_step(storage::Transaction& transaction, std::int64_t id, const CopyId& copy,
                 const boost::json::object& before);
void set_undone(storage::Transaction& transaction, std::int64_t id, UtcTime now);

}  // namespace korrigo::copies
