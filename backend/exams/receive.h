/// Files on their way into an exam: checked, stored, and queued for reading - all of it or nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "exams/roster.h"
#include "exams/source.h"
#include "jobs/queue.h"

namespace korrigo::exams {

inline constexpr std::string_view kBatchTask = "process_pdf_batch";  // payload {exam_id, source_ids}
inline constexpr std::string_view kImportPdfTask = "import_pdf";     // payload {exam_id, source_id, copy_id?}
inline constexpr std::string_view kImportPdfsTask = "import_pdfs";   // waits for several of them; import_group.h
inline constexpr std::size_t kMaxFiles = 100;                        // in one request

/// A file that came with a request. It must lie on the media folder's file system (Blobs::temporary()), for it is
/// moved, not copied. After success it is gone; after a refusal or an exception it is where it was, and the caller's to
/// remove.
struct IncomingFile {
  std::filesystem::path path;
  std::string name;        // as the client named it; for display only
  std::uint64_t size = 0;  // bytes
};

/// Opens a PDF away from this process (pdf::SourceReader in its sandbox) and says how many pages it has, or refuses as
/// SourceReader::open() does. Bound by the composition root.
using SourceCheck = std::function<Result<int>(const std::filesystem::path&, int max_pages)>;

struct Limits {
  std::uint64_t max_pdf_bytes = 100 * 1024 * 1024;
  std::uint64_t max_csv_bytes = 10 * 1024 * 1024;
  int max_pages = 500;
};

/// What receiving works with; all of it outlives the call.
struct Intake {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
  const SourceCheck& check;
  Limits limits = {};
  audit::Actor actor = {};  // whom the audit log names
  /// Called in the transaction that replaced the roster of an exam that has copies.
  std::function<void(storage::Transaction&, const ExamId&)> roster_changed = {};
};

/// One fault for the answer's details.
struct FileFault {
  std::string file;  // its name
  Error error;
};

/// What is at fault beside the Error.
struct Faults {
  std::vector<FileFault> files;
  RosterFaults roster;
};

struct BatchRequest {
  std::vector<IncomingFile> pdfs;  // in the order sent
  std::optional<IncomingFile> roster;
  std::string name = {};                // "": kDefaultName
  std::string subject = {};             // "": kDefaultSubject
  std::optional<Date> date = {};        // default: today
  std::optional<UploadMode> mode = {};  // default: that of `exam` when it is a batch's, else batch_a3
  std::optional<ExamId> exam = {};      // filled instead of a new one
  UserId user;
};

struct BatchReceived {
  ExamId exam;
  TaskId task;
  std::int64_t student_count = 0;
};

/// POST /api/exams/upload/. Checks in this order: both files are there, size, name, PDF, roster. Refuses with
///   malformed      "source.missing", "source.not_pdf", "source.empty", "source.corrupted", "source.encrypted",
///                  "source.too_many_pages", "source.too_many_files"
///   too_large      "source.too_large", "roster.too_large"
///   invalid_input  "roster.invalid", "request.invalid"
///   not_found      "exam.not_found"
///   conflict       "source.duplicate" (two of the files), "exam.busy", "exam.has_validated_copies" (an exam can be
///                  filled again while all its copies are STAGING; its sources, booklets and copies are replaced)
/// When it returns, files, exam, roster, sources and task are stored together; after a refusal or an exception (disk
/// full, database lost) there is no row and no file of it.
Result<BatchReceived> receive_batch(const Intake&, const BatchRequest&, Faults* faults = nullptr);

struct SourcesRequest {
  ExamId exam;
  std::vector<IncomingFile> pdfs;
  std::optional<IncomingFile> roster = {};  // replaces the exam's first; needed when it has none
  SourceKind kind = SourceKind::scan;       // or annex
  UserId user;
};
struct SourcesReceived {
  std::vector<Source> sources;
  std::optional<TaskId> task;  // none for annexes
  std::int64_t student_count = 0;
};
/// POST /api/exams/{id}/upload/: a batch of its own whose yield is added. Refuses as receive_batch(), and with conflict
/// "source.duplicate" when the exam has the bytes, malformed "exam.wrong_mode" for scans in an INDIVIDUAL_A4 exam.
Result<SourcesReceived> receive_sources(const Intake&, const SourcesRequest&, Faults* faults = nullptr);

/// PUT /api/exams/{id}/roster/: receive_roster() of a file, which is kept in place of the one before.
Result<RosterChanges> receive_roster_file(const Intake&, const ExamId&, const IncomingFile&, UserId,
                                          Faults* faults = nullptr);

struct IndividualRequest {
  ExamId exam;
  std::vector<IncomingFile> pdfs;
  UserId user;
};
struct IndividualReceived {
  std::vector<Source> sources;  // of the good ones, in the order sent
  TaskId task;                  // over when all of them are imported
  std::vector<FileFault> refused;
};
/// POST /api/exams/{id}/upload-individual-pdfs/: one copy for each file. Good files are taken although others are
/// refused; refuses when none is good, with the first file's error, and with malformed "exam.wrong_mode" when the exam
/// is not INDIVIDUAL_A4.
Result<IndividualReceived> receive_individual(const Intake&, const IndividualRequest&, Faults* faults = nullptr);

/// A copy made in the same transaction as its source, before its pages are read. Bound to copies.
struct MadeCopy {
  CopyId id;
  std::string anonymous_id;
};
using CopyMaker = std::function<Result<MadeCopy>(storage::Transaction&, const Source&)>;

struct CopyReceived {
  Source source;
  TaskId task;
  MadeCopy copy;
};
/// POST /api/exams/{id}/copies/import/: one PDF as one copy, in any mode. The task's payload names the copy too.
Result<CopyReceived> receive_copy(const Intake&, const ExamId&, const IncomingFile&, UserId, const CopyMaker&);

}  // namespace korrigo::exams
