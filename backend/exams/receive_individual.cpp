#include <boost/json/object.hpp>

#include "exams/file_check.h"
#include "exams/incoming.h"
#include "exams/receive.h"

namespace korrigo::exams {
namespace {

using storage::Transaction;

jobs::NewTask import_of(const Source& source, UserId user) {
  return {.kind = std::string(kImportPdfTask),
          .payload = {{"exam_id", source.exam.text()}, {"source_id", source.id.text()}},
          .priority = jobs::Priority::high,
          .exam_id = source.exam,
          .created_by = user};
}

/// The files that can be taken, with their pages; the others are in `refused`.
struct Sorted {
  std::vector<IncomingFile> good;
  std::vector<int> pages;
  std::vector<FileFault> refused;
};

Result<Sorted> sorted(const Intake& intake, const std::vector<IncomingFile>& files, Faults* faults) {
  const auto checked = check_each(intake, files);
  if (!checked) return tl::unexpected(checked.error());
  Sorted sorted;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Result<int>& pages = (*checked)[i];
    if (pages) {
      sorted.good.push_back(files[i]);
      sorted.pages.push_back(*pages);
    } else {
      sorted.refused.push_back({files[i].name, pages.error()});
    }
  }
  if (sorted.good.empty()) return tl::unexpected(refusal_of(std::move(sorted.refused), faults));
  return sorted;
}

}  // namespace

Result<IndividualReceived> receive_individual(const Intake& intake, const IndividualRequest& request, Faults* faults) {
  const auto before =
      intake.database.read([&](Transaction& transaction) { return find_exam(transaction, request.exam); });
  if (!before) return tl::unexpected(before.error());
  if (before->upload_mode != UploadMode::individual_a4) return tl::unexpected(wrong_mode());
  const auto files_in = sorted(intake, request.pdfs, faults);
  if (!files_in) return tl::unexpected(files_in.error());
  const UtcTime now = intake.queue.clock().now();

  StoredFiles files(intake.blobs);
  const std::vector<Source> arrived =
      store_pdfs(files, files_in->good, files_in->pages, SourceKind::individual, request.user, now);
  auto received = write_with(intake.database, files, [&](Transaction& transaction) -> Result<IndividualReceived> {
    if (auto open = open_for_files(transaction, request.exam, now); !open) return tl::unexpected(open.error());
    IndividualReceived result;
    result.refused = files_in->refused;
    result.sources = add_new_sources(transaction, request.exam, arrived, result.refused);
    if (result.sources.empty()) return tl::unexpected(refusal_of(std::move(result.refused), faults));
    if (auto set = set_status(transaction, request.exam, ExamStatus::processing, {}, now); !set)
      return tl::unexpected(set.error());
    std::vector<jobs::NewTask> imports;
    for (const Source& source : result.sources) imports.push_back(import_of(source, request.user));
    result.task = intake.queue.enqueue_group(transaction,
                                             {.kind = std::string(kImportPdfsTask),
                                              .payload = {{"exam_id", request.exam.text()}},
                                              .priority = jobs::Priority::high,
                                              .exam_id = request.exam,
                                              .created_by = request.user},
                                             imports);
    note(intake, transaction, "exam.upload", request.exam, result.sources, now);
    return result;
  });
  if (received) drop_unused(intake.blobs, arrived, received->sources);
  return received;
}

Result<CopyReceived> receive_copy(const Intake& intake, const ExamId& exam, const IncomingFile& file, UserId user,
                                  const CopyMaker& make_copy) {
  if (auto found = intake.database.read([&](Transaction& transaction) { return find_exam(transaction, exam); }); !found)
    return tl::unexpected(found.error());
  const auto pages = check_pdf(intake, file);
  if (!pages) return tl::unexpected(pages.error());
  const UtcTime now = intake.queue.clock().now();
  StoredFiles files(intake.blobs);
  const std::vector<Source> arrived =
      store_pdfs(files, std::span(&file, 1), {*pages}, SourceKind::individual, user, now);
  return write_with(intake.database, files, [&](Transaction& transaction) -> Result<CopyReceived> {
    if (auto open = open_for_files(transaction, exam, now); !open) return tl::unexpected(open.error());
    auto sources = add_sources(transaction, exam, arrived, nullptr);
    if (!sources) return tl::unexpected(sources.error());
    CopyReceived received;
    received.source = std::move(sources->front());
    jobs::NewTask import = import_of(received.source, user);
    auto copy = make_copy(transaction, received.source);
    if (!copy) return tl::unexpected(copy.error());
    received.copy = *copy;
    import.payload["copy_id"] = copy->id.text();
    received.task = intake.queue.enqueue(transaction, import);
    note(intake, transaction, "exam.import_copy", exam, {received.source}, now);
    return received;
  });
}

}  // namespace korrigo::exams
