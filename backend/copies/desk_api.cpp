#include "copies/desk_api.h"

#include <system_error>

#include "accounts/guard_api.h"
#include "copies/copy_json.h"
#include "http/json_fields.h"

namespace korrigo::copies {
namespace {

using http::Request;
using http::Response;

constexpr storage::Statement kExam{"desk.exam", "SELECT 1 FROM exam WHERE id = $1"};

template <class Id>
Result<Id> id_in_path(const Request& request, std::string_view name, std::string_view thing) {
  if (const auto id = Id::parse(request.path_parameter(name))) return *id;
  return refuse(ErrorKind::not_found, fmt::format("{}.not_found", thing), fmt::format("There is no such {}.", thing));
}

Result<Response> answer_file(const CopiesApi& api, const std::string& key, const http::FileOptions& options,
                             const Error& gone) {
  try {
    return http::file(std::move(api.blobs.open(key).fd), options);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::no_such_file_or_directory) return tl::unexpected(gone);
    throw;
  }
}

}  // namespace

Result<ExamId> exam_in_path(const Request& request) {
  return id_in_path<ExamId>(request, "exam_id", "exam");
}
Result<CopyId> copy_in_path(const Request& request) {
  return id_in_path<CopyId>(request, "copy_id", "copy");
}
Result<BookletId> booklet_in_path(const Request& request) {
  return id_in_path<BookletId>(request, "booklet_id", "booklet");
}
Result<FaceId> face_in_path(const Request& request) {
  return id_in_path<FaceId>(request, "face_id", "face");
}

Office office_of(const CopiesApi& api, const Request& request) {
  return {api.database, api.blobs, api.queue, accounts::actor_of(request)};
}

Viewer viewer_of(const Request& request) {
  const accounts::Caller& caller = accounts::caller_of(request);
  return {caller.user, caller.is_admin()};
}

Result<PictureSize> size_in_query(const Request& request) {
  const std::string_view size = request.query_value("size").value_or("preview");
  if (size == "preview") return PictureSize::preview;
  if (size == "thumbnail") return PictureSize::thumbnail;
  return tl::unexpected(http::invalid_field("size", "must be preview or thumbnail"));
}

Result<void> require_exam(storage::Transaction& transaction, const ExamId& exam) {
  if (transaction.row(kExam, exam)) return {};
  return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
}

Result<Response> answer_picture(const CopiesApi& api, const std::string& key, const Error& gone) {
  return answer_file(api, key, {.content_type = "image/jpeg"}, gone);
}

Result<Response> answer_pdf(const CopiesApi& api, const PdfFile& file, bool download) {
  const http::FileOptions options{
      .content_type = "application/pdf", .download_name = file.anonymous_id + ".pdf", .attachment = download};
  return answer_file(api, file.key, options,
                     Error{ErrorKind::not_found, "copy.no_pdf", "The PDF of this copy is being made anew."});
}

Result<Response> answer_copy(const CopiesApi& api, int status, const CopyId& copy) {
  const auto found = api.database.read([&](storage::Transaction& t) { return find_copy(t, copy); });
  if (!found) return tl::unexpected(found.error());
  return http::json(status, copy_json(*found));
}

std::string sentence_of(const Request& request, const Error& error) {
  if (request.translate != nullptr && *request.translate)
    if (std::string translated = (*request.translate)(error, request.language); !translated.empty()) return translated;
  return error.message;
}

}  // namespace korrigo::copies
