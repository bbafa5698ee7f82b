/// What the routes of this module have in common. Internal to this module.
#pragma once

#include <string>

#include "copies/copies_api.h"
#include "copies/file_keys.h"
#include "http/request.h"
#include "http/response.h"

namespace korrigo::copies {

/// The id of the path; what is no id of ours names nothing: not_found "<thing>.not_found".
Result<ExamId> exam_in_path(const http::Request& request);
Result<CopyId> copy_in_path(const http::Request& request);
Result<BookletId> booklet_in_path(const http::Request& request);
Result<FaceId> face_in_path(const http::Request& request);

Office office_of(const CopiesApi& api, const http::Request& request);
Viewer viewer_of(const http::Request& request);
/// Of ?size=. Refuses with malformed "request.invalid".
Result<PictureSize> size_in_query(const http::Request& request);

/// Refuses with not_found "exam.not_found".
Result<void> require_exam(storage::Transaction& transaction, const ExamId& exam);

/// The file as picture or PDF; `gone` when it was removed since its key was read.
Result<http::Response> answer_picture(const CopiesApi& api, const std::string& key, const Error& gone);
Result<http::Response> answer_pdf(const CopiesApi& api, const PdfFile& file, bool download);

/// The copy as the office sees it.
Result<http::Response> answer_copy(const CopiesApi& api, int status, const CopyId& copy);

/// The sentence of an error in the asker's language, for lists of errors.
std::string sentence_of(const http::Request& request, const Error& error);

/// A handler bound to what it works with.
template <class Handle>
http::Handler bound(const CopiesApi& api, Handle handle) {
  return [api, handle](http::Request& request) -> Result<http::Response> { return handle(api, request); };
}

}  // namespace korrigo::copies
