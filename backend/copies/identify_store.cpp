#include "copies/identify_store.h"

#include <boost/json.hpp>

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kOwner{"identify.owner",
                           "SELECT exam_id, status, student_id, anonymous_id FROM copy WHERE id = $1"};
constexpr Statement kOther{"identify.other_copy",
                           "SELECT id FROM copy WHERE exam_id = $1 AND student_id = $2 AND id <> $3"};
constexpr Statement kSaid{"identify.said", R"(
  SELECT coalesce("user".username, ''), coalesce("user".first_name, ''), coalesce("user".last_name, '')
  FROM grading_event LEFT JOIN "user" ON "user".id = grading_event.actor_id
  WHERE grading_event.copy_id = $1 AND grading_event.action = 'IDENTIFY'
  ORDER BY grading_event.created_at DESC, grading_event.id DESC LIMIT 1)"};
constexpr Statement kOwnerName{"identify.owner_name", "SELECT last_name, first_name FROM student WHERE id = $1"};
constexpr Statement kHold{"identify.hold_exam", "UPDATE exam SET updated_at = $2 WHERE id = $1"};
constexpr Statement kStudent{"identify.student", "SELECT 1 FROM student WHERE id = $1"};
constexpr Statement kEnrol{"identify.enrol", R"(
  INSERT INTO exam_student (exam_id, student_id, position)
  SELECT $1, $2, coalesce(max(position) + 1, 0) FROM exam_student WHERE exam_id = $1
  ON CONFLICT (exam_id, student_id) DO NOTHING)"};
constexpr Statement kCandidates{"identify.candidates", "SELECT candidates FROM ocr_result WHERE copy_id = $1"};
constexpr Statement kWord{"identify.word", R"(
  UPDATE ocr_result SET selected_rank = $2, manual_override = $3, decided_by = $4, decided_at = $5, updated_at = $5
  WHERE copy_id = $1)"};
constexpr Statement kOverride{"identify.override", R"(
  INSERT INTO ocr_result (id, copy_id, ocr_mode, detected_text, engines, manual_override, decided_by, decided_at,
    created_at, updated_at) VALUES ($1, $2, 'MANUAL', '{}', '{}', 1, $3, $4, $4, $4))"};
constexpr Statement kStaging{"identify.staging",
                             "SELECT id FROM copy WHERE exam_id = $1 AND status = 'STAGING' ORDER BY anonymous_id, id"};
constexpr Statement kHasBooklet{"identify.has_booklet", "SELECT 1 FROM copy_booklet WHERE copy_id = $1 LIMIT 1"};

}  // namespace

std::optional<CopyOwner> find_owner(Transaction& transaction, const CopyId& copy) {
  const auto row = transaction.row(kOwner, copy);
  if (!row) return std::nullopt;
  return CopyOwner{row->get<ExamId>(0), row->get<std::string>(1), row->get<std::optional<StudentId>>(2),
                   row->get<std::string>(3)};
}

std::optional<CopyId> other_copy_of(Transaction& transaction, const ExamId& exam, StudentId student,
                                    const CopyId& copy) {
  const auto row = transaction.row(kOther, exam, student, copy);
  if (!row) return std::nullopt;
  return row->get<CopyId>(0);
}

std::string display_name(const std::string& username, const std::string& first_name, const std::string& last_name) {
  std::string name = first_name;
  if (!first_name.empty() && !last_name.empty()) name += ' ';
  name += last_name;
  return name.empty() ? username : name;
}

OwnerSaid owner_said(Transaction& transaction, const CopyId& copy, StudentId student) {
  OwnerSaid said;
  if (const auto row = transaction.row(kSaid, copy))
    said.by = display_name(row->get<std::string>(0), row->get<std::string>(1), row->get<std::string>(2));
  if (const auto row = transaction.row(kOwnerName, student))
    said.student = row->get<std::string>(0) + " " + row->get<std::string>(1);
  return said;
}

void hold_owners(Transaction& transaction, const ExamId& exam, UtcTime now) {
  transaction.execute(kHold, exam, now);
}

bool enrol_in_exam(Transaction& transaction, const ExamId& exam, StudentId student) {
  if (!transaction.row(kStudent, student)) return false;
  transaction.execute(kEnrol, exam, student);
  return true;
}

std::vector<std::optional<StudentId>> candidates_of(Transaction& transaction, const CopyId& copy) {
  std::vector<std::optional<StudentId>> students;
  const auto row = transaction.row(kCandidates, copy);
  if (!row) return students;
  const json::value candidates = json::parse(row->get<std::string>(0));
  for (const json::value& candidate : candidates.as_array()) {
    const json::value& id = candidate.at("student_id");
    students.push_back(id.is_int64() ? std::optional(StudentId{id.as_int64()}) : std::nullopt);
  }
  return students;
}

void put_persons_word(Transaction& transaction, const CopyId& copy, const PersonsWord& word, UtcTime now) {
  const auto changed = transaction.execute(kWord, copy, word.rank, word.overrides, word.user, now);
  if (changed == 0 && word.overrides) transaction.execute(kOverride, make_uuid_v7(now), copy, word.user, now);
}

std::vector<CopyId> staging_copies(Transaction& transaction, const ExamId& exam) {
  std::vector<CopyId> copies;
  for (const Row& row : transaction.rows(kStaging, exam)) copies.push_back(row.get<CopyId>(0));
  return copies;
}

bool has_booklet(Transaction& transaction, const CopyId& copy) {
  return transaction.row(kHasBooklet, copy).has_value();
}

}  // namespace korrigo::copies
