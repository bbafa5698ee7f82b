#include "copies/erasure.h"

#include <boost/json.hpp>

#include "accounts/session.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kStudent{"erasure.student", "SELECT user_id FROM student WHERE id = $1"};
constexpr Statement kCopies{"erasure.copies", R"(
  UPDATE copy SET updated_at = $2 WHERE student_id = $1 RETURNING id, status, pdf_file, masked_pdf_file)"};
constexpr Statement kFaces{"erasure.faces", R"(
  SELECT header_file, CASE WHEN masked_preview_file IS NULL THEN NULL ELSE preview_file END,
    CASE WHEN masked_thumbnail_file IS NULL THEN NULL ELSE thumbnail_file END
  FROM face WHERE copy_id = $1)"};
constexpr Statement kSources{"erasure.sources", R"(
  SELECT DISTINCT f.exam_pdf_id FROM face f JOIN copy c ON c.id = f.copy_id WHERE c.student_id = $1)"};
constexpr Statement kRosterFiles{"erasure.roster_files", R"(
  SELECT p.file FROM exam_pdf p JOIN exam_student e ON e.exam_id = p.exam_id
  WHERE e.student_id = $1 AND p.kind = 'ROSTER')"};
constexpr Statement kDecisions{"erasure.decisions", R"(
  SELECT o.copy_id, o.candidates FROM ocr_result o JOIN copy c ON c.id = o.copy_id
    JOIN exam_student e ON e.exam_id = c.exam_id
  WHERE e.student_id = $1)"};
constexpr Statement kSetCandidates{"erasure.set_candidates",
                                   "UPDATE ocr_result SET candidates = $2 WHERE copy_id = $1"};
constexpr std::array kOfCopy = {
    Statement{"erasure.copy", R"(
      UPDATE copy SET pdf_file = CASE WHEN masked_pdf_file IS NULL THEN pdf_file ELSE masked_pdf_file END WHERE id = $1)"},
    Statement{"erasure.readings",
              "DELETE FROM header_reading WHERE face_id IN (SELECT id FROM face WHERE copy_id = $1)"},
    Statement{"erasure.pictures", R"(
      UPDATE face SET header_file = NULL,
        preview_file = CASE WHEN masked_preview_file IS NULL THEN preview_file ELSE masked_preview_file END,
        thumbnail_file = CASE WHEN masked_thumbnail_file IS NULL THEN thumbnail_file ELSE masked_thumbnail_file END
      WHERE copy_id = $1)"},
    Statement{"erasure.booklets", R"(
      UPDATE booklet SET header_file = NULL, student_name_guess = NULL
      WHERE id IN (SELECT booklet_id FROM copy_booklet WHERE copy_id = $1))"},
    Statement{"erasure.identifier", R"(
      UPDATE exam_pdf SET student_identifier = NULL, original_name = ''
      WHERE kind = 'INDIVIDUAL' AND id IN (SELECT exam_pdf_id FROM face WHERE copy_id = $1))"},
    Statement{"erasure.decision", "DELETE FROM ocr_result WHERE copy_id = $1"},
};
constexpr std::array kOfStudent = {
    Statement{"erasure.undo", R"(
      DELETE FROM undo_step WHERE exam_id IN (SELECT exam_id FROM exam_student WHERE student_id = $1))"},
    Statement{"erasure.forget_rosters", R"(
      DELETE FROM exam_pdf WHERE kind = 'ROSTER'
        AND exam_id IN (SELECT exam_id FROM exam_student WHERE student_id = $1))"},
    Statement{"erasure.remove", "DELETE FROM student WHERE id = $1"},
};
constexpr Statement kRemoveUser{"erasure.remove_user", R"(DELETE FROM "user" WHERE id = $1 AND role = 'STUDENT')"};

struct Work {
  Erasure done;
  std::vector<std::string> obsolete;  // keys of files
};

void add_keys(const Row& row, std::size_t first, std::size_t count, std::vector<std::string>& keys) {
  for (std::size_t i = first; i < first + count; ++i)
    if (!row.is_null(i)) keys.push_back(row.get<std::string>(i));
}

Result<void> strip_copies(Transaction& t, StudentId student, UtcTime now, Work& work) {
  for (const Row& row : t.rows(kCopies, student, now)) {
    if (row.get<std::string>(1) == "LOCKED")
      return refuse(ErrorKind::conflict, "student.copy_locked", "Somebody is marking a copy of this student.");
    const auto copy = row.get<CopyId>(0);
    if (!row.is_null(3)) add_keys(row, 2, 1, work.obsolete);
    for (const Row& face : t.rows(kFaces, copy)) add_keys(face, 0, 3, work.obsolete);
    for (const Statement& statement : kOfCopy) t.execute(statement, copy);
    ++work.done.copies;
  }
  return {};
}

/// Other copies were thought to be the student's.
void forget_proposals(Transaction& t, StudentId student) {
  for (const Row& row : t.rows(kDecisions, student)) {
    json::array kept;
    const json::value candidates = json::parse(row.get<std::string>(1));
    for (const json::value& candidate : candidates.as_array())
      if (candidate.at("student_id") != json::value(student.value)) kept.push_back(candidate);
    if (kept.size() < candidates.as_array().size())
      t.execute(kSetCandidates, row.get<CopyId>(0), json::serialize(kept));
  }
}

Result<Work> erase(Transaction& t, const Office& office, StudentId student) {
  const UtcTime now = office.queue.clock().now();
  const auto row = t.row(kStudent, student);
  if (!row) return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
  Work work;
  for (const Row& source : t.rows(kSources, student)) work.done.kept_sources.push_back(source.get<SourceId>(0));
  for (const Row& file : t.rows(kRosterFiles, student)) add_keys(file, 0, 1, work.obsolete);
  if (auto stripped = strip_copies(t, student, now, work); !stripped) return tl::unexpected(stripped.error());
  forget_proposals(t, student);
  for (const Statement& statement : kOfStudent) t.execute(statement, student);
  if (const auto user = row->get<std::optional<UserId>>(0)) {
    accounts::end_sessions_of(t, *user);
    t.execute(kRemoveUser, *user);
  }
  audit::append(t,
                {.by = office.actor,
                 .action = "student.erase",
                 .target_type = "student",
                 .target_id = std::to_string(student.value),
                 .details = {{"copies", work.done.copies}}},
                now);
  return work;
}

}  // namespace

Result<Erasure> erase_student(const Office& office, StudentId student) {
  auto work = office.database.write([&](Transaction& t) { return erase(t, office, student); });
  if (!work) return tl::unexpected(work.error());
  for (const std::string& key : work->obsolete) office.blobs.remove(key);
  return std::move(work->done);
}

}  // namespace korrigo::copies
