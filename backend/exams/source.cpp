#include "exams/source.h"

#include <array>

#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::string_view, 4> kKinds = {"SCAN", "ANNEX", "INDIVIDUAL", "ROSTER"};

#define KORRIGO_SOURCE_SELECT                                                                               \
  "SELECT id, exam_id, kind, file, original_name, sha256, size, page_count, position, student_identifier, " \
  "uploaded_by, uploaded_at FROM exam_pdf "
constexpr Statement kFind{"source.find", KORRIGO_SOURCE_SELECT "WHERE id = $1 AND exam_id = $2"};
constexpr Statement kOfExam{"source.of_exam",
                            KORRIGO_SOURCE_SELECT "WHERE exam_id = $1 AND kind <> 'ROSTER' ORDER BY position, id"};
constexpr Statement kOfKind{"source.of_kind",
                            KORRIGO_SOURCE_SELECT "WHERE exam_id = $1 AND kind = $2 ORDER BY position, id"};
#undef KORRIGO_SOURCE_SELECT

constexpr Statement kSameBytes{
    "source.same_bytes", "SELECT 1 FROM exam_pdf WHERE exam_id = $1 AND sha256 = $2 AND kind <> 'ROSTER' LIMIT 1"};
constexpr Statement kNextPosition{
    "source.next_position",
    "SELECT COALESCE(max(position) + 1, 0) FROM exam_pdf WHERE exam_id = $1 AND kind <> 'ROSTER'"};
constexpr Statement kInsert{"source.insert", R"(
  INSERT INTO exam_pdf (id, exam_id, kind, file, original_name, sha256, size, page_count, position, student_identifier,
    uploaded_by, uploaded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT DO NOTHING)"};
constexpr Statement kRemove{"source.remove", "DELETE FROM exam_pdf WHERE id = $1"};
constexpr Statement kDropRosters{"source.drop_rosters",
                                 "DELETE FROM exam_pdf WHERE exam_id = $1 AND kind = 'ROSTER' RETURNING file"};

// Copies of the source's faces that stand in the way of its removal.
constexpr Statement kInUse{"source.in_use", R"(
  SELECT 1 FROM copy c
  WHERE c.id IN (SELECT copy_id FROM face WHERE exam_pdf_id = $1)
    AND (c.status <> 'STAGING' OR EXISTS (SELECT 1 FROM face f WHERE f.copy_id = c.id AND f.exam_pdf_id <> $1))
  LIMIT 1)"};
constexpr Statement kSourceFiles{"source.files", R"(
  SELECT file FROM exam_pdf WHERE id = $1
  UNION SELECT preview_file FROM face WHERE exam_pdf_id = $1
  UNION SELECT thumbnail_file FROM face WHERE exam_pdf_id = $1
  UNION SELECT masked_preview_file FROM face WHERE exam_pdf_id = $1
  UNION SELECT masked_thumbnail_file FROM face WHERE exam_pdf_id = $1
  UNION SELECT header_file FROM face WHERE exam_pdf_id = $1
  UNION SELECT b.header_file FROM booklet b WHERE b.id IN (SELECT booklet_id FROM face WHERE exam_pdf_id = $1)
  UNION SELECT c.pdf_file FROM copy c WHERE c.id IN (SELECT copy_id FROM face WHERE exam_pdf_id = $1)
  UNION SELECT c.masked_pdf_file FROM copy c WHERE c.id IN (SELECT copy_id FROM face WHERE exam_pdf_id = $1)
  UNION SELECT c.final_pdf_file FROM copy c WHERE c.id IN (SELECT copy_id FROM face WHERE exam_pdf_id = $1)
  UNION SELECT c.masked_final_pdf_file FROM copy c WHERE c.id IN (SELECT copy_id FROM face WHERE exam_pdf_id = $1))"};
constexpr Statement kRemoveCopies{"source.remove_copies",
                                  "DELETE FROM copy WHERE id IN (SELECT copy_id FROM face WHERE exam_pdf_id = $1)"};
constexpr Statement kRemoveBooklets{"source.remove_booklets", R"(
  DELETE FROM booklet
  WHERE id IN (SELECT booklet_id FROM face WHERE exam_pdf_id = $1)
    AND NOT EXISTS (SELECT 1 FROM face f WHERE f.booklet_id = booklet.id AND f.exam_pdf_id <> $1))"};

constexpr Statement kBeyondStaging{"exam.beyond_staging",
                                   "SELECT 1 FROM copy WHERE exam_id = $1 AND status <> 'STAGING' LIMIT 1"};
constexpr Statement kKeptFiles{"exam.kept_files", R"(
  SELECT file FROM exam_pdf WHERE exam_id = $1 AND kind = 'ANNEX'
  UNION SELECT d.file FROM exam_document d JOIN exam_document_set s ON s.id = d.document_set_id WHERE s.exam_id = $1)"};
constexpr Statement kClearCopies{"exam.clear_copies", "DELETE FROM copy WHERE exam_id = $1"};
constexpr Statement kClearBooklets{"exam.clear_booklets", "DELETE FROM booklet WHERE exam_id = $1"};
constexpr Statement kClearSources{"exam.clear_sources", "DELETE FROM exam_pdf WHERE exam_id = $1 AND kind <> 'ANNEX'"};
constexpr Statement kClearReport{"exam.clear_report", "UPDATE exam SET intake_report = NULL WHERE id = $1"};

Source source_of(const Row& row) {
  Source source;
  source.id = row.get<SourceId>(0);
  source.exam = row.get<ExamId>(1);
  source.kind = source_kind_named(row.get<std::string>(2)).value();
  source.key = row.get<std::string>(3);
  source.original_name = row.get<std::string>(4);
  source.sha256 = row.get<std::string>(5);
  source.size = row.get<std::int64_t>(6);
  source.page_count = row.get<int>(7);
  source.position = row.get<int>(8);
  source.student_identifier = row.get<std::optional<std::string>>(9);
  source.uploaded_by = row.get<std::optional<UserId>>(10);
  source.uploaded_at = row.get<UtcTime>(11);
  return source;
}

tl::unexpected<Error> refuse_duplicate(const Source& source) {
  Error error{ErrorKind::conflict, "source.duplicate", source.original_name + ": the exam has this file already."};
  error.field = "pdf_file";
  return tl::unexpected(std::move(error));
}

}  // namespace

std::string_view name_of(SourceKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

std::optional<SourceKind> source_kind_named(std::string_view name) {
  const auto found = std::find(kKinds.begin(), kKinds.end(), name);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<SourceKind>(found - kKinds.begin());
}

std::string source_key(const SourceId& id, SourceKind kind) {
  return "exams/source/" + id.text() + (kind == SourceKind::roster ? ".csv" : ".pdf");
}

Result<Source> add_source(Transaction& transaction, Source source) {
  if (source.kind != SourceKind::roster && transaction.row(kSameBytes, source.exam, source.sha256))
    return refuse_duplicate(source);
  source.position = transaction.row(kNextPosition, source.exam).value().get<int>(0);
  const auto inserted =
      transaction.execute(kInsert, source.id, source.exam, name_of(source.kind), source.key, source.original_name,
                          source.sha256, source.size, source.page_count, source.position, source.student_identifier,
                          source.uploaded_by, source.uploaded_at);
  if (inserted == 0) return refuse_duplicate(source);
  return source;
}

Result<Source> find_source(Transaction& transaction, const ExamId& exam, const SourceId& id) {
  const auto row = transaction.row(kFind, id, exam);
  if (!row) return refuse(ErrorKind::not_found, "source.not_found", "The exam has no such source.");
  return source_of(*row);
}

std::vector<Source> sources_of(Transaction& transaction, const ExamId& exam, std::optional<SourceKind> kind) {
  std::vector<Source> sources;
  for (const Row& row : kind ? transaction.rows(kOfKind, exam, name_of(*kind)) : transaction.rows(kOfExam, exam))
    sources.push_back(source_of(row));
  return sources;
}

Result<std::vector<std::string>> delete_source(Transaction& transaction, const ExamId& exam, const SourceId& id,
                                               UtcTime now) {
  if (!store::touch(transaction, exam, now))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  if (auto source = find_source(transaction, exam, id); !source) return tl::unexpected(source.error());
  if (auto idle = require_idle(transaction, exam); !idle) return tl::unexpected(idle.error());
  if (transaction.row(kInUse, id))
    return refuse(ErrorKind::conflict, "source.in_use",
                  "Copies of this source are validated, or hold pages of other sources too.");
  std::vector<std::string> files;
  for (const Row& row : transaction.rows(kSourceFiles, id))
    if (auto file = row.get<std::optional<std::string>>(0)) files.push_back(std::move(*file));
  transaction.execute(kRemoveCopies, id);
  transaction.execute(kRemoveBooklets, id);
  transaction.execute(kRemove, id);
  return files;
}

Result<std::vector<std::string>> clear_batches(Transaction& transaction, const ExamId& exam, UtcTime now) {
  if (transaction.row(kBeyondStaging, exam))
    return refuse(ErrorKind::conflict, "exam.has_validated_copies",
                  "The exam has copies that are validated or marked; they cannot be replaced.");
  std::vector<std::string> kept;
  for (const Row& row : transaction.rows(kKeptFiles, exam)) kept.push_back(row.get<std::string>(0));
  std::vector<std::string> files = store::files_of(transaction, exam);
  std::erase_if(files,
                [&](const std::string& file) { return std::find(kept.begin(), kept.end(), file) != kept.end(); });
  store::archive_events(transaction, exam, now);
  transaction.execute(kClearCopies, exam);
  transaction.execute(kClearBooklets, exam);
  transaction.execute(kClearSources, exam);
  transaction.execute(kClearReport, exam);
  return files;
}

std::vector<std::string> drop_roster_files(Transaction& transaction, const ExamId& exam) {
  std::vector<std::string> files;
  for (const Row& row : transaction.rows(kDropRosters, exam)) files.push_back(row.get<std::string>(0));
  return files;
}

}  // namespace korrigo::exams
