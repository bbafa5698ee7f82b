/// An exam: what it is called, how its scans come, and how far it is.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "base/result.h"
#include "exams/grading_structure.h"
#include "storage/blobs.h"
#include "storage/database.h"

namespace korrigo::exams {

enum class UploadMode { batch_a3, batch_a4, individual_a4 };
std::string_view name_of(UploadMode mode);  // "BATCH_A3"
std::optional<UploadMode> mode_named(std::string_view name);

/// DRAFT: nothing was read yet. PROCESSING: a batch is being read. READY: the last one ended well. ERROR: it did not,
/// `trouble` says why.
enum class ExamStatus { draft, processing, ready, error };
std::string_view name_of(ExamStatus status);  // "DRAFT"
std::optional<ExamStatus> status_named(std::string_view name);

constexpr std::size_t kMaxNameCharacters = 255;
constexpr int kMaxPagesPerBooklet = 64;
constexpr std::string_view kDefaultName = "Examen sans titre";
constexpr std::string_view kDefaultSubject = "Non spécifié";

/// What people decide about an exam.
struct ExamFields {
  std::string name;
  std::string subject{kDefaultSubject};
  Date date;
  UploadMode upload_mode = UploadMode::batch_a3;
  int pages_per_booklet = 4;                   // 1..kMaxPagesPerBooklet
  std::optional<std::string> imposition = {};  // "booklet", "plain"; nothing: found out from the scan
  std::optional<int> verso_rotation = {};      // 0, 180; nothing: found out
  boost::json::array grading_structure = {};   // the barème, as grading_structure.h has it
  std::int64_t mark_step = kDefaultStep;       // hundredths: the smallest mark
  /// Hundredths: exported totals go to the nearest multiple, halves up. Nothing: they are exported as they are.
  std::optional<std::int64_t> export_rounding = {};
};

/// Why the last batch failed: a code of docs/errors.md and one sentence.
struct BatchTrouble {
  std::string code;
  std::string message;
};

struct Exam : ExamFields {
  ExamId id;
  ExamStatus status = ExamStatus::draft;
  std::optional<BatchTrouble> trouble;
  bool is_processed = false;  // a batch has ended well
  std::optional<UtcTime> results_released_at;
  std::optional<UserId> created_by;
  UtcTime created_at{};
};

/// Only what is set changes. An imposition or verso_rotation that holds nothing goes back to finding out, an
/// export_rounding that holds nothing to none.
struct ExamChange {
  std::optional<std::string> name = {};
  std::optional<std::string> subject = {};
  std::optional<Date> date = {};
  std::optional<UploadMode> upload_mode = {};
  std::optional<int> pages_per_booklet = {};
  std::optional<std::optional<std::string>> imposition = {};
  std::optional<std::optional<int>> verso_rotation = {};
  std::optional<boost::json::array> grading_structure = {};
  std::optional<std::int64_t> mark_step = {};
  std::optional<std::optional<std::int64_t>> export_rounding = {};
  std::optional<UserId> changed_by = {};
};

/// Refuses with invalid_input "request.invalid" and the field, or as read_grading_structure() does. An old
/// spelling of the barème is written anew.
Result<ExamFields> tidied(ExamFields fields);

Result<Exam> create_exam(storage::Transaction&, const ExamFields&, std::optional<UserId> created_by, UtcTime now);
/// Refuses with not_found "exam.not_found".
Result<Exam> find_exam(storage::Transaction&, const ExamId&);
/// The same of its barème alone.
Result<GradingStructure> grading_structure_of(storage::Transaction&, const ExamId&);
/// Also refuses with conflict "exam.has_sources": mode and pages per booklet are fixed once there are sources, and
/// "bareme.in_use": another barème once points were given is grading/regrading.h's to set. A new barème is a new
/// version (grading_versions.h).
Result<Exam> change_exam(storage::Transaction&, const ExamId&, const ExamChange&, UtcTime now);

/// The one function that writes an exam's status. `trouble` is kept only with ERROR. Refuses with not_found.
Result<void> set_status(storage::Transaction&, const ExamId&, ExamStatus, const BatchTrouble& trouble, UtcTime now);

/// Refuses with conflict "exam.busy" while a task works on the exam.
Result<void> require_idle(storage::Transaction&, const ExamId&);

/// Removes the exam with its sources, roster, faces, booklets and copies. Returns the keys of the files that nobody
/// refers to once this is committed: remove them then, with remove_files(). Refuses with not_found, or "exam.busy".
Result<std::vector<std::string>> delete_exam(storage::Transaction&, const ExamId&, UtcTime now);
/// Removes them, going on past what the disk refuses: what stays is found by the clean-up of unknown files.
void remove_files(storage::Blobs&, const std::vector<std::string>& keys);

}  // namespace korrigo::exams
