#include "exams/form_files_api.h"

#include "accounts/guard_api.h"
#include "accounts/settings.h"

namespace korrigo::exams {

FormFiles::~FormFiles() {
  for (const TakenUpload& upload : taken_) uploads_.give_back(upload);
}

Result<std::vector<IncomingFile>> FormFiles::all(std::string_view field) {
  std::vector<IncomingFile> files;
  for (const http::UploadedFile& file : request_.files)
    if (file.field == field) files.push_back({file.file.path(), file.filename, file.size});
  for (const auto& [name, id] : request_.fields) {
    if (name != field || id.empty()) continue;
    auto upload = uploads_.take(user_, id);
    if (!upload) {
      Error error = upload.error();
      error.field = field;
      return tl::unexpected(std::move(error));
    }
    files.push_back({upload->path, upload->upload.file_name, upload->upload.length});
    taken_.push_back(std::move(*upload));
  }
  return files;
}

Result<std::optional<IncomingFile>> FormFiles::one(std::string_view field) {
  auto files = all(field);
  if (!files) return tl::unexpected(files.error());
  if (files->empty()) return std::optional<IncomingFile>();
  return std::optional(std::move(files->front()));
}

Intake intake_of(const ExamsApi& api, const http::Request& request) {
  const accounts::Settings settings =
      api.database.read([](storage::Transaction& transaction) { return accounts::settings(transaction); });
  Limits limits;
  limits.max_pdf_bytes = static_cast<std::uint64_t>(settings.max_pdf_bytes);
  limits.max_csv_bytes = static_cast<std::uint64_t>(settings.max_csv_bytes);
  limits.max_pages = static_cast<int>(settings.max_pages);
  return {api.database, api.blobs, api.queue, api.check, limits, accounts::actor_of(request)};
}

}  // namespace korrigo::exams
