/// Whose copy it is, as people say it; and letting copies go to work.
///
/// A decision can be taken back by who made it (undo.h). After each, the exam's other copies that are nobody's are
/// solved again (class_solver.h): what is AUTO then and waits in STAGING is identified as well, as part of the step.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

/// How somebody came to say so.
enum class Means { named, chosen, overridden };  // by hand, from the candidates, whatever was read

/// A STAGING copy becomes READY; a student who is not on the exam's roster is added to it. Refuses with not_found
/// "copy.not_found", "student.not_found", conflict "copy.in_marking", "copy.no_faces",
/// "identification.already_identified" (it is another student's: unidentify it first, if that is wrong),
/// "identification.student_has_copy" (`other` is then that copy).
Result<void> identify_copy(const Office& office, const CopyId& copy, StudentId student, Means means,
                           std::optional<CopyId>* other = nullptr);

/// A choice from the candidates as somebody saw them.
struct CandidateChoice {
  int rank = 0;  // from 1
  /// Whom they saw there; candidates change places whenever a copy of the class is identified. Nothing: whoever is
  /// there now.
  std::optional<StudentId> student = {};
};
/// As identify_copy, with that candidate. Refuses also with malformed "identification.no_such_rank".
Result<void> select_candidate(const Office& office, const CopyId& copy, const CandidateChoice& choice,
                              std::optional<CopyId>* other = nullptr);

/// Conflict "identification.already_identified": whose the copy is, and who said so.
tl::unexpected<Error> refuse_identified(storage::Transaction& transaction, const CopyId& copy, StudentId student);

/// Nobody's again: a READY copy goes back to STAGING, and no reading identifies it by itself any more. Refuses with
/// not_found "copy.not_found", conflict "copy.in_marking", "copy.not_identified".
Result<void> unidentify_copy(const Office& office, const CopyId& copy);

/// STAGING -> READY. Refuses as take_step (copy_state.h).
Result<void> validate_copy(const Office& office, const CopyId& copy);

struct Validation {
  std::vector<CopyId> validated;
  std::vector<std::pair<CopyId, Error>> refused;
};
/// Every STAGING copy that can be, in the order of their anonymous ids. Refuses with not_found "exam.not_found",
/// conflict "exam.busy".
Result<Validation> validate_all(const Office& office, const ExamId& exam);

/// Queues the reading of the copy's headers; `links` as header_task (office_tasks.h). Refuses with not_found
/// "copy.not_found", malformed "copy.no_booklet", and, when it links, conflict "copy.in_marking".
Result<TaskId> read_header_again(const Office& office, const CopyId& copy, bool links);

}  // namespace korrigo::copies
