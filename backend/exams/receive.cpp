#include "exams/receive.h"

#include <boost/json/array.hpp>
#include <span>

#include "base/text.h"
#include "exams/exam_store.h"
#include "exams/file_check.h"
#include "exams/incoming.h"

namespace korrigo::exams {
namespace {

using storage::Transaction;

Date day_of(UtcTime now) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
          static_cast<int>(static_cast<unsigned>(day.day()))};
}

ExamFields fields_of_new(const BatchRequest& request, UtcTime now) {
  ExamFields fields;
  fields.name = trimmed(request.name).empty() ? std::string(kDefaultName) : request.name;
  fields.subject = trimmed(request.subject).empty() ? std::string(kDefaultSubject) : request.subject;
  fields.date = request.date.value_or(day_of(now));
  fields.upload_mode = request.mode.value_or(UploadMode::batch_a3);
  return fields;
}

/// The exam that a batch fills anew: emptied of what earlier ones made of it. `obsolete` gets the keys of their files.
Result<ExamId> reopen_exam(Transaction& transaction, const BatchRequest& request, UtcTime now,
                           std::vector<std::string>& obsolete) {
  if (!store::touch(transaction, *request.exam, now))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  if (auto idle = require_idle(transaction, *request.exam); !idle) return tl::unexpected(idle.error());
  auto files = clear_batches(transaction, *request.exam, now);
  if (!files) return tl::unexpected(files.error());
  obsolete = std::move(*files);
  auto exam = find_exam(transaction, *request.exam);
  if (!exam) return tl::unexpected(exam.error());
  ExamChange change;
  if (!trimmed(request.name).empty()) change.name = request.name;
  if (!trimmed(request.subject).empty()) change.subject = request.subject;
  change.date = request.date;
  const bool keeps_mode = exam->upload_mode != UploadMode::individual_a4;
  change.upload_mode = request.mode.value_or(keeps_mode ? exam->upload_mode : UploadMode::batch_a3);
  if (auto changed = change_exam(transaction, *request.exam, change, now); !changed)
    return tl::unexpected(changed.error());
  return *request.exam;
}

TaskId enqueue_batch(const Intake& intake, Transaction& transaction, const ExamId& exam,
                     const std::vector<Source>& sources, UserId user) {
  boost::json::array ids;
  for (const Source& source : sources) ids.emplace_back(source.id.text());
  return intake.queue.enqueue(transaction, {.kind = std::string(kBatchTask),
                                            .payload = {{"exam_id", exam.text()}, {"source_ids", std::move(ids)}},
                                            .priority = jobs::Priority::high,
                                            .exam_id = exam,
                                            .created_by = user});
}

Error files_missing(const char* field) {
  Error error{ErrorKind::malformed, "source.missing", "PDF and CSV files required"};
  error.field = field;
  return error;
}

}  // namespace

Result<BatchReceived> receive_batch(const Intake& intake, const BatchRequest& request, Faults* faults) {
  if (request.pdfs.empty()) return tl::unexpected(files_missing("pdf_file"));
  if (!request.roster) return tl::unexpected(files_missing("students_csv"));
  const auto pages = check_pdfs(intake, request.pdfs, faults);
  if (!pages) return tl::unexpected(pages.error());
  const auto roster = check_roster(intake, *request.roster, faults);
  if (!roster) return tl::unexpected(roster.error());
  const UtcTime now = intake.queue.clock().now();
  if (auto clean = tidied(fields_of_new(request, now)); !clean) return tl::unexpected(clean.error());

  StoredFiles files(intake.blobs);
  const std::vector<Source> arrived = store_pdfs(files, request.pdfs, *pages, SourceKind::scan, request.user, now);
  const Source list = store_roster(files, *request.roster, request.user, now);
  std::vector<std::string> obsolete;
  auto received = write_with(intake.database, files, [&](Transaction& transaction) -> Result<BatchReceived> {
    obsolete.clear();
    auto exam =
        request.exam
            ? reopen_exam(transaction, request, now, obsolete)
            : create_exam(transaction, fields_of_new(request, now), request.user, now).map([](const Exam& made) {
                return made.id;
              });
    if (!exam) return tl::unexpected(exam.error());
    auto changes = put_roster(transaction, *exam, *roster, list, now, faults);
    if (!changes) return tl::unexpected(changes.error());
    auto sources = add_sources(transaction, *exam, arrived, faults);
    if (!sources) return tl::unexpected(sources.error());
    if (auto set = set_status(transaction, *exam, ExamStatus::processing, {}, now); !set)
      return tl::unexpected(set.error());
    const TaskId task = enqueue_batch(intake, transaction, *exam, *sources, request.user);
    note(intake, transaction, "exam.upload", *exam, *sources, now);
    return BatchReceived{*exam, task, changes->changes.student_count};
  });
  if (received) remove_files(intake.blobs, obsolete);
  return received;
}

Result<SourcesReceived> receive_sources(const Intake& intake, const SourcesRequest& request, Faults* faults) {
  const UtcTime now = intake.queue.clock().now();
  const bool is_scan = request.kind == SourceKind::scan;
  const auto before =
      intake.database.read([&](Transaction& transaction) { return find_exam(transaction, request.exam); });
  if (!before) return tl::unexpected(before.error());
  if (is_scan && before->upload_mode == UploadMode::individual_a4) return tl::unexpected(wrong_mode());
  const auto pages = check_pdfs(intake, request.pdfs, faults);
  if (!pages) return tl::unexpected(pages.error());
  std::optional<students::Roster> roster;
  if (request.roster) {
    auto read = check_roster(intake, *request.roster, faults);
    if (!read) return tl::unexpected(read.error());
    roster = std::move(*read);
  }

  StoredFiles files(intake.blobs);
  const std::vector<Source> arrived = store_pdfs(files, request.pdfs, *pages, request.kind, request.user, now);
  std::optional<Source> list;
  if (roster) list = store_roster(files, *request.roster, request.user, now);
  std::vector<std::string> obsolete;
  auto received = write_with(intake.database, files, [&](Transaction& transaction) -> Result<SourcesReceived> {
    obsolete.clear();
    if (auto open = open_for_files(transaction, request.exam, now); !open) return tl::unexpected(open.error());
    if (roster) {
      auto changes = put_roster(transaction, request.exam, *roster, *list, now, faults);
      if (!changes) return tl::unexpected(changes.error());
      obsolete = changes->obsolete;
    }
    SourcesReceived result;
    result.student_count = roster_size(transaction, request.exam);
    if (is_scan && !roster && result.student_count == 0) return tl::unexpected(files_missing("students_csv"));
    auto sources = add_sources(transaction, request.exam, arrived, faults);
    if (!sources) return tl::unexpected(sources.error());
    result.sources = std::move(*sources);
    if (is_scan) {
      if (auto set = set_status(transaction, request.exam, ExamStatus::processing, {}, now); !set)
        return tl::unexpected(set.error());
      result.task = enqueue_batch(intake, transaction, request.exam, result.sources, request.user);
    }
    note(intake, transaction, "exam.upload", request.exam, result.sources, now);
    return result;
  });
  if (received) remove_files(intake.blobs, obsolete);
  return received;
}

Result<RosterChanges> receive_roster_file(const Intake& intake, const ExamId& exam, const IncomingFile& file,
                                          UserId user, Faults* faults) {
  const auto roster = check_roster(intake, file, faults);
  if (!roster) return tl::unexpected(roster.error());
  const UtcTime now = intake.queue.clock().now();
  StoredFiles files(intake.blobs);
  const Source list = store_roster(files, file, user, now);
  std::vector<std::string> obsolete;
  auto changes = write_with(intake.database, files, [&](Transaction& transaction) -> Result<RosterChanges> {
    if (auto open = open_for_files(transaction, exam, now); !open) return tl::unexpected(open.error());
    auto put = put_roster(transaction, exam, *roster, list, now, faults);
    if (!put) return tl::unexpected(put.error());
    obsolete = put->obsolete;
    if (intake.roster_changed) intake.roster_changed(transaction, exam);
    note(intake, transaction, "exam.replace_roster", exam, {}, now);
    return put->changes;
  });
  if (changes) remove_files(intake.blobs, obsolete);
  return changes;
}

}  // namespace korrigo::exams
