/// The students expected in an exam, in the order of their list.
#pragma once

#include "exams/exam.h"
#include "students/enrol.h"

namespace korrigo::exams {

enum class Presence { present, absent, excused, not_handed_in };
std::string_view name_of(Presence presence);  // "PRESENT"
std::optional<Presence> presence_named(std::string_view name);

struct RosterEntry {
  students::Student student;
  int position = 0;  // from 0
  std::string numero_etudiant;
  Presence presence = Presence::present;
  std::optional<CopyId> copy;  // the one that is this student's
};

/// What a change of the roster did.
struct RosterChanges {
  std::int64_t student_count = 0;
  std::int64_t added = 0;
  std::int64_t updated = 0;
  std::int64_t removed = 0;
};

/// What is at fault beside the Error, for the answer's details.
struct RosterFaults {
  std::vector<students::RosterFault> lines;     // "roster.invalid"
  std::vector<StudentId> students_with_copies;  // "roster.student_has_copy"
};

/// Makes `roster` the exam's: students are enrolled (students/enrol.h), positions follow the file, presence of those
/// who stay is kept. Refuses with
///   not_found      "exam.not_found"
///   invalid_input  "roster.invalid"
///   conflict       "roster.student_has_copy": somebody who would leave has a copy of this exam
Result<RosterChanges> receive_roster(storage::Transaction&, const ExamId&, const students::Roster&, UtcTime now,
                                     RosterFaults* faults = nullptr);

struct RosterEdit {
  std::vector<StudentId> add = {};
  std::vector<StudentId> remove = {};
  std::vector<std::pair<StudentId, Presence>> presence = {};
};
/// Also refuses with not_found "student.not_found". Adding who is there and removing who is not changes nothing.
Result<RosterChanges> change_roster(storage::Transaction&, const ExamId&, const RosterEdit&, UtcTime now,
                                    RosterFaults* faults = nullptr);

std::int64_t roster_size(storage::Transaction&, const ExamId&);

/// All, by position: what identification works on.
std::vector<RosterEntry> roster_of(storage::Transaction&, const ExamId&);

enum class RosterOrder { last_name, class_name, presence };
struct RosterFilter {
  std::string search = {};  // as students.h; where it finds nobody, names that are spelled nearly so (near_names.h)
  RosterOrder order = RosterOrder::last_name;
  bool descending = false;
  int page = 1;
  int page_size = 50;
};
struct RosterPage {
  std::vector<RosterEntry> entries;
  std::int64_t count = 0;
};
RosterPage list_roster(storage::Transaction&, const ExamId&, const RosterFilter&);

}  // namespace korrigo::exams
