#include "exams/incoming.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

std::string without_extension(std::string_view name) {
  return std::string(name.substr(0, name.size() - std::string_view(".pdf").size()));
}

Source stored(StoredFiles& files, const IncomingFile& file, SourceKind kind, UserId user, UtcTime now) {
  Source source;
  source.id = SourceId(make_uuid_v7(now));
  source.kind = kind;
  source.key = source_key(source.id, kind);
  source.original_name = file.name;
  source.uploaded_by = user;
  source.uploaded_at = now;
  const storage::Blob blob = files.take(source.key, file.path);
  source.sha256 = blob.sha256;
  source.size = blob.size;
  return source;
}

}  // namespace

std::vector<Source> store_pdfs(StoredFiles& files, std::span<const IncomingFile> pdfs, const std::vector<int>& pages,
                               SourceKind kind, UserId user, UtcTime now) {
  std::vector<Source> sources;
  for (std::size_t i = 0; i < pdfs.size(); ++i) {
    sources.push_back(stored(files, pdfs[i], kind, user, now));
    sources.back().page_count = pages[i];
    if (kind == SourceKind::individual) sources.back().student_identifier = without_extension(pdfs[i].name);
  }
  return sources;
}

Source store_roster(StoredFiles& files, const IncomingFile& file, UserId user, UtcTime now) {
  return stored(files, file, SourceKind::roster, user, now);
}

std::vector<Source> add_new_sources(storage::Transaction& transaction, const ExamId& exam,
                                    const std::vector<Source>& arrived, std::vector<FileFault>& refused) {
  std::vector<Source> sources;
  for (Source source : arrived) {
    source.exam = exam;
    const std::string name = source.original_name;
    auto added = add_source(transaction, std::move(source));
    if (added) {
      sources.push_back(std::move(*added));
    } else {
      refused.push_back({name, added.error()});
    }
  }
  return sources;
}

Result<std::vector<Source>> add_sources(storage::Transaction& transaction, const ExamId& exam,
                                        const std::vector<Source>& arrived, Faults* faults) {
  std::vector<FileFault> refused;
  std::vector<Source> sources = add_new_sources(transaction, exam, arrived, refused);
  if (refused.empty()) return sources;
  return tl::unexpected(refusal_of(std::move(refused), faults));
}

Error refusal_of(std::vector<FileFault> refused, Faults* faults) {
  Error error = refused.front().error;
  for (const FileFault& fault : refused) error.details.push_back(fault.file + ": " + fault.error.message);
  if (faults != nullptr) faults->files = std::move(refused);
  return error;
}

void note(const Intake& intake, storage::Transaction& transaction, std::string action, const ExamId& exam,
          const std::vector<Source>& sources, UtcTime now) {
  boost::json::array ids;
  for (const Source& source : sources) ids.emplace_back(source.id.text());
  audit::append(transaction,
                {.by = intake.actor,
                 .action = std::move(action),
                 .target_type = "exam",
                 .target_id = exam.text(),
                 .details = {{"source_ids", std::move(ids)}}},
                now);
}

void drop_unused(storage::Blobs& blobs, const std::vector<Source>& arrived, const std::vector<Source>& used) {
  std::vector<std::string> keys;
  for (const Source& source : arrived)
    if (std::none_of(used.begin(), used.end(), [&](const Source& other) { return other.id == source.id; }))
      keys.push_back(source.key);
  remove_files(blobs, keys);
}

Result<RosterPut> put_roster(storage::Transaction& transaction, const ExamId& exam, const students::Roster& roster,
                             Source file, UtcTime now, Faults* faults) {
  auto changes = receive_roster(transaction, exam, roster, now, faults != nullptr ? &faults->roster : nullptr);
  if (!changes) return tl::unexpected(changes.error());
  RosterPut put{*changes, drop_roster_files(transaction, exam)};
  file.exam = exam;
  if (auto added = add_source(transaction, std::move(file)); !added) return tl::unexpected(added.error());
  return put;
}

Result<void> open_for_files(storage::Transaction& transaction, const ExamId& exam, UtcTime now) {
  if (!store::touch(transaction, exam, now))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  return require_idle(transaction, exam);
}

Error wrong_mode() {
  return {ErrorKind::malformed, "exam.wrong_mode",
          "Individual PDFs go to exams of the mode INDIVIDUAL_A4, batches to BATCH_A3 and BATCH_A4."};
}

}  // namespace korrigo::exams
