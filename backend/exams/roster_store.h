/// The SQL of exam_student rows.
#pragma once

#include "exams/roster.h"

namespace korrigo::exams::store {

struct RosterRow {
  StudentId student;
  int position = 0;
  std::string numero_etudiant;
};

/// By position.
std::vector<StudentId> students_of(storage::Transaction&, const ExamId&);
std::vector<StudentId> students_with_copies(storage::Transaction&, const ExamId&);
int next_position(storage::Transaction&, const ExamId&);
void remove_students(storage::Transaction&, const ExamId&, const std::vector<StudentId>&);
/// Adds them, or moves those who are there; presence stays.
void put_students(storage::Transaction&, const ExamId&, const std::vector<RosterRow>&);
/// False when the student is not on the roster.
bool set_presence(storage::Transaction&, const ExamId&, StudentId, Presence);
std::vector<RosterEntry> entries(storage::Transaction&, const ExamId&);
RosterPage list(storage::Transaction&, const ExamId&, const RosterFilter&);

}  // namespace korrigo::exams::store
