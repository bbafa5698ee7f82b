/// The files of a form, whether they came with it or as finished resumable uploads that it names.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exams/exams_api.h"
#include "exams/receive.h"
#include "exams/uploads.h"
#include "http/request.h"

namespace korrigo::exams {

/// Uploads that were taken for the form are given back on destruction unless their file is gone by then.
class FormFiles {
 public:
  FormFiles(http::Request& request, Uploads& uploads, UserId user)
      : request_(request), uploads_(uploads), user_(user) {}
  FormFiles(const FormFiles&) = delete;
  FormFiles& operator=(const FormFiles&) = delete;
  ~FormFiles();

  /// Those of one field: first what came with the form, then the uploads it names, each in the order sent. Refuses with
  /// "upload.not_found" or "upload.incomplete".
  Result<std::vector<IncomingFile>> all(std::string_view field);
  /// The first of them, if any.
  Result<std::optional<IncomingFile>> one(std::string_view field);

 private:
  http::Request& request_;
  Uploads& uploads_;
  UserId user_;
  std::vector<TakenUpload> taken_;
};

/// What receiving works with, under the settings' limits, in the caller's name.
Intake intake_of(const ExamsApi& api, const http::Request& request);

}  // namespace korrigo::exams
