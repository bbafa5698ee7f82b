/// The rows of identification. Internal to this module.
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"

namespace korrigo::copies {

struct CopyOwner {
  ExamId exam;
  std::string status;
  std::optional<StudentId> student;
  std::string anonymous_id;
};
std::optional<CopyOwner> find_owner(storage::Transaction& transaction, const CopyId& copy);

/// A member of staff as colleagues know them: the name, or the user name where there is none.
std::string display_name(const std::string& username, const std::string& first_name, const std::string& last_name);

/// Who said whose the copy is, for people; `by` is empty when nobody did: its header was read.
struct OwnerSaid {
  std::string by;
  std::string student;
};
OwnerSaid owner_said(storage::Transaction& transaction, const CopyId& copy, StudentId student);

/// The copy of the exam that is this student's, other than `copy`.
std::optional<CopyId> other_copy_of(storage::Transaction& transaction, const ExamId& exam, StudentId student,
                                    const CopyId& copy);
/// Those who say whose a copy of the exam is come one after the other from here on: first in the transaction.
void hold_owners(storage::Transaction& transaction, const ExamId& exam, UtcTime now);
/// False when there is no such student. Who is not on the exam's roster is added at its end.
bool enrol_in_exam(storage::Transaction& transaction, const ExamId& exam, StudentId student);

/// Students by rank from 1; nothing stands for "not on the roster".
std::vector<std::optional<StudentId>> candidates_of(storage::Transaction& transaction, const CopyId& copy);

struct PersonsWord {
  UserId user;
  std::optional<int> rank = {};  // of the candidate chosen
  bool overrides = false;        // whatever was read
};
/// Kept with what was read. A copy without header has nothing to keep it with, unless it overrides.
void put_persons_word(storage::Transaction& transaction, const CopyId& copy, const PersonsWord& word, UtcTime now);

/// By anonymous id.
std::vector<CopyId> staging_copies(storage::Transaction& transaction, const ExamId& exam);
bool has_booklet(storage::Transaction& transaction, const CopyId& copy);

}  // namespace korrigo::copies
