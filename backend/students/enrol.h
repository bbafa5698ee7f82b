/// A roster made into student rows: those who are known are found and brought up to date, the others created.
#pragma once

#include <cstdint>
#include <vector>

#include "students/roster.h"
#include "students/student.h"

namespace korrigo::students {

struct Enrolment {
  std::vector<RosterFault> faults;  // in line order; when there is one, nothing was written
  std::vector<StudentId> ids;       // of the roster's students, in their order
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
};

/// Faults of `roster` against itself and the rows, without writing: a line that is the same person as another line, or
/// whose triplet belongs to one student and whose e-mail address to another.
std::vector<RosterFault> faults_against_rows(storage::Transaction&, const Roster& roster);

/// Who each line is as the rows stand now, by triplet, then by e-mail address; nothing for who is new.
std::vector<std::optional<StudentId>> known_students(storage::Transaction&, const Roster& roster);

/// Students are matched by (last name, first name, birth date), then by e-mail address. A matched student takes over
/// what the line says; an empty class or group in it changes nothing. A handful of statements whatever the size: 10 000
/// students take well under a second.
Enrolment enrol(storage::Transaction&, const Roster& roster, UtcTime now);

/// "Line 3, column email: ..." for people who read text.
std::string sentence_of(const RosterFault& fault);

/// invalid_input "roster.invalid", "CSV validation failed: " and the first fault; `details` one sentence for each.
Error refusal_of(const std::vector<RosterFault>& faults);

}  // namespace korrigo::students
