/// The SQL of student rows.
#pragma once

#include "students/student.h"

namespace korrigo::students::store {

/// id, last_name, first_name, date_naissance, email, class_name, groupe, user_id.
inline constexpr std::string_view kStudentColumns =
    "s.id, s.last_name, s.first_name, s.date_naissance, s.email, s.class_name, s.groupe, s.user_id";
/// Of the row's columns from `first` on.
Student student_of(const storage::Row&, std::size_t first = 0);

std::optional<Student> find(storage::Transaction&, StudentId);
std::optional<Student> find_by_triplet(storage::Transaction&, const StudentFields&);
std::optional<Student> find_by_email(storage::Transaction&, std::string_view email);
std::optional<Student> find_by_user(storage::Transaction&, UserId);
std::vector<Student> find_all(storage::Transaction&, const std::vector<StudentId>&);
/// Nothing when the triplet or the address is taken.
std::optional<StudentId> insert(storage::Transaction&, const StudentFields&, UtcTime now);
void update(storage::Transaction&, StudentId, const StudentFields&, UtcTime now);
bool remove(storage::Transaction&, StudentId);
StudentPage list(storage::Transaction&, const StudentFilter&);

}  // namespace korrigo::students::store
