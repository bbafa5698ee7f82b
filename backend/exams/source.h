/// The files an exam was given.
#pragma once

#include "exams/exam.h"

namespace korrigo::exams {

/// SCAN: of a batch. ANNEX: kept and shown, no copies are made of it. INDIVIDUAL: one copy. ROSTER: the students as
/// CSV.
enum class SourceKind { scan, annex, individual, roster };
std::string_view name_of(SourceKind kind);  // "SCAN"
std::optional<SourceKind> source_kind_named(std::string_view name);

/// One file as it came, never modified: a better scan is another source.
struct Source {
  SourceId id;
  ExamId exam;
  std::string key;            // of its bytes in the blobs
  std::string original_name;  // for display only; never used as a path
  std::string sha256;         // unique within an exam, but for rosters
  std::int64_t size = 0;
  int page_count = 0;  // 0 for a roster
  int position = 0;    // from 0, among the exam's files in the order they came
  SourceKind kind = SourceKind::scan;
  std::optional<std::string> student_identifier;  // of INDIVIDUAL: the file's name without ".pdf"
  std::optional<UserId> uploaded_by;
  UtcTime uploaded_at{};
};

/// Where a source's bytes go.
std::string source_key(const SourceId&, SourceKind);

/// Writes the row; the position is the next free one. Refuses with conflict "source.duplicate" when the exam has these
/// bytes already as a PDF.
Result<Source> add_source(storage::Transaction&, Source source);

/// Refuses with not_found "source.not_found".
Result<Source> find_source(storage::Transaction&, const ExamId&, const SourceId&);

/// By kind and position; PDFs only unless asked for `kind`.
std::vector<Source> sources_of(storage::Transaction&, const ExamId&, std::optional<SourceKind> kind = {});

/// Removes the source with its faces, and the booklets and copies made of them. Returns the keys of files to remove
/// after the commit. Refuses with not_found "source.not_found", conflict "exam.busy" or "source.in_use": one of these
/// copies is not STAGING or holds faces of another source too.
Result<std::vector<std::string>> delete_source(storage::Transaction&, const ExamId&, const SourceId&, UtcTime now);

/// Removes what batches made of the exam - scans, individual PDFs, roster files, booklets, copies, the report - but not
/// its annexes and documents. Returns the keys of files to remove after the commit. Refuses with conflict
/// "exam.has_validated_copies" unless all copies are STAGING.
Result<std::vector<std::string>> clear_batches(storage::Transaction&, const ExamId&, UtcTime now);

/// Removes the rows of the exam's roster files; their keys are to be removed after the commit.
std::vector<std::string> drop_roster_files(storage::Transaction&, const ExamId&);

}  // namespace korrigo::exams
