#include <filesystem>

#include "accounts/guard_api.h"
#include "accounts/settings.h"
#include "exams/exams_api.h"
#include "http/multipart.h"
#include "http/tus.h"

namespace korrigo::exams {
namespace {

using http::Request;
using http::TusUpload;

constexpr std::uint64_t kMaxUpload = 1ULL << 30;

UserId user_of(const Request& request) {
  return accounts::caller_of(request).user;
}

TusUpload tus_of(const Upload& upload) {
  return {upload.id, upload.length, upload.offset, upload.metadata, upload.expires_at};
}

std::string filename_in(const http::Pairs& metadata) {
  for (const auto& [name, value] : metadata)
    if (name == "filename" || name == "name") return http::harmless_filename(value);
  return "file";
}

Result<TusUpload> create(const ExamsApi& api, Request& request, std::uint64_t length, const std::string& metadata,
                         const http::Pairs& decoded) {
  const auto settings =
      api.database.read([](storage::Transaction& transaction) { return accounts::settings(transaction); });
  if (!accounts::caller_of(request).is_admin() && !settings.teachers_may_upload)
    return refuse(ErrorKind::forbidden, "auth.forbidden", "You are not allowed to do this.");
  if (length > static_cast<std::uint64_t>(std::max(settings.max_pdf_bytes, settings.max_csv_bytes)))
    return refuse(ErrorKind::too_large, "tus.too_large", "The upload is larger than any file that is accepted.");
  return api.uploads.create(user_of(request), length, filename_in(decoded), metadata).map(tus_of);
}

}  // namespace

std::vector<http::Route> upload_routes(const ExamsApi& api) {
  http::TusStore store;
  store.create = [api](Request& request, std::uint64_t length, const std::string& metadata,
                       const http::Pairs& decoded) { return create(api, request, length, metadata, decoded); };
  store.find = [api](Request& request, const std::string& id) {
    return api.uploads.find(user_of(request), id).map(tus_of);
  };
  store.open = [api](Request& request, const TusUpload& upload) -> Result<UniqueFd> {
    auto found = api.uploads.find(user_of(request), upload.id);
    if (!found) return tl::unexpected(found.error());
    return api.uploads.open(*found);
  };
  store.saved = [api](const TusUpload& upload) { return api.uploads.save(upload.id, upload.offset); };
  store.remove = [api](Request& request, const TusUpload& upload) -> Result<void> {
    auto found = api.uploads.find(user_of(request), upload.id);
    if (!found) return tl::unexpected(found.error());
    api.uploads.remove(*found);
    return {};
  };
  return http::tus_routes(std::move(store), {.max_bytes = kMaxUpload, .rights = accounts::kAdmin | accounts::kTeacher});
}

students::TakeUpload finished_uploads(Uploads& uploads) {
  return [&uploads](UserId user, const std::string& id) -> Result<students::FinishedUpload> {
    auto taken = uploads.take(user, id);
    if (!taken) return tl::unexpected(taken.error());
    return students::FinishedUpload{taken->path, taken->upload.file_name,
                                    [&uploads, taken = *taken] { uploads.give_back(taken); }};
  };
}

}  // namespace korrigo::exams
