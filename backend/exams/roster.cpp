#include "exams/roster.h"

#include <fmt/format.h>
#include <array>
#include <set>

#include "exams/exam_store.h"
#include "exams/roster_store.h"

namespace korrigo::exams {
namespace {

using storage::Transaction;

constexpr std::array<std::string_view, 4> kPresences = {"PRESENT", "ABSENT", "EXCUSED", "NOT_HANDED_IN"};

tl::unexpected<Error> refuse_leaving(std::vector<StudentId> students, RosterFaults* faults) {
  Error error{ErrorKind::conflict, "roster.student_has_copy",
              "Students who have a copy of this exam cannot leave its roster."};
  for (const StudentId id : students) error.details.push_back(fmt::format("Student {} has a copy.", id.value));
  if (faults != nullptr) faults->students_with_copies = std::move(students);
  return tl::unexpected(std::move(error));
}

/// Of `leaving`, those who have a copy of the exam.
std::vector<StudentId> with_copies(Transaction& transaction, const ExamId& exam, const std::set<StudentId>& leaving) {
  std::vector<StudentId> found;
  if (leaving.empty()) return found;
  for (const StudentId id : store::students_with_copies(transaction, exam))
    if (leaving.contains(id)) found.push_back(id);
  return found;
}

}  // namespace

std::string_view name_of(Presence presence) {
  return kPresences.at(static_cast<std::size_t>(presence));
}

std::optional<Presence> presence_named(std::string_view name) {
  const auto found = std::find(kPresences.begin(), kPresences.end(), name);
  if (found == kPresences.end()) return std::nullopt;
  return static_cast<Presence>(found - kPresences.begin());
}

Result<RosterChanges> receive_roster(Transaction& transaction, const ExamId& exam, const students::Roster& roster,
                                     UtcTime now, RosterFaults* faults) {
  if (!store::touch(transaction, exam, now))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  const students::Enrolment enrolment = students::enrol(transaction, roster, now);
  if (!enrolment.faults.empty()) {
    if (faults != nullptr) faults->lines = enrolment.faults;
    return tl::unexpected(students::refusal_of(enrolment.faults));
  }
  std::set<StudentId> leaving;
  for (const StudentId id : store::students_of(transaction, exam)) leaving.insert(id);
  RosterChanges changes;
  for (const StudentId id : enrolment.ids) changes.added += leaving.erase(id) == 0 ? 1 : 0;
  if (auto kept = with_copies(transaction, exam, leaving); !kept.empty())
    return refuse_leaving(std::move(kept), faults);
  store::remove_students(transaction, exam, {leaving.begin(), leaving.end()});
  std::vector<store::RosterRow> rows;
  for (std::size_t i = 0; i < enrolment.ids.size(); ++i)
    rows.push_back({enrolment.ids[i], static_cast<int>(i), roster.students[i].numero_etudiant});
  store::put_students(transaction, exam, rows);
  changes.student_count = static_cast<std::int64_t>(rows.size());
  changes.removed = static_cast<std::int64_t>(leaving.size());
  changes.updated = enrolment.updated;
  return changes;
}

Result<RosterChanges> change_roster(Transaction& transaction, const ExamId& exam, const RosterEdit& edit, UtcTime now,
                                    RosterFaults* faults) {
  if (!store::touch(transaction, exam, now))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  const std::vector<StudentId> order = store::students_of(transaction, exam);
  const std::set<StudentId> present(order.begin(), order.end());
  std::set<StudentId> leaving;
  for (const StudentId id : edit.remove)
    if (present.contains(id)) leaving.insert(id);
  if (auto kept = with_copies(transaction, exam, leaving); !kept.empty())
    return refuse_leaving(std::move(kept), faults);
  RosterChanges changes;
  store::remove_students(transaction, exam, {leaving.begin(), leaving.end()});
  changes.removed = static_cast<std::int64_t>(leaving.size());
  std::vector<store::RosterRow> rows;
  std::set<StudentId> added;
  int position = store::next_position(transaction, exam);
  for (const StudentId id : edit.add)
    if (!present.contains(id) && added.insert(id).second) rows.push_back({id, position++, ""});
  if (students::find_students(transaction, {added.begin(), added.end()}).size() != added.size())
    return refuse(ErrorKind::not_found, "student.not_found", "One of these students does not exist.");
  store::put_students(transaction, exam, rows);
  changes.added = static_cast<std::int64_t>(rows.size());
  for (const auto& [student, presence] : edit.presence) {
    if (!store::set_presence(transaction, exam, student, presence))
      return refuse(ErrorKind::not_found, "student.not_found", "One of these students is not on the roster.");
    ++changes.updated;
  }
  changes.student_count = static_cast<std::int64_t>(order.size()) + changes.added - changes.removed;
  return changes;
}

std::int64_t roster_size(Transaction& transaction, const ExamId& exam) {
  return static_cast<std::int64_t>(store::students_of(transaction, exam).size());
}

std::vector<RosterEntry> roster_of(Transaction& transaction, const ExamId& exam) {
  return store::entries(transaction, exam);
}

RosterPage list_roster(Transaction& transaction, const ExamId& exam, const RosterFilter& filter) {
  return store::list(transaction, exam, filter);
}

}  // namespace korrigo::exams
