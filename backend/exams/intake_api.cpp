#include "accounts/guard_api.h"
#include "accounts/settings.h"
#include "exams/exam_fields_api.h"
#include "exams/exam_json_api.h"
#include "exams/exams_api.h"
#include "exams/form_files_api.h"
#include "http/errors.h"
#include "http/json_fields.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

// What a form may bring at most before anybody looks at it; the settings' limits are checked on each file.
constexpr std::uint64_t kMaxFile = 1ULL << 30;
constexpr std::uint64_t kMaxForm = 4ULL << 30;
constexpr int kMaxParts = 128;
constexpr std::string_view kReceived = "Upload successful, processing started";

accounts::Settings settings_of(const ExamsApi& api) {
  return api.database.read([](Transaction& transaction) { return accounts::settings(transaction); });
}

/// Admins, and teachers while the school lets them; an exam that exists must be the teacher's own.
Result<void> may_upload(const ExamsApi& api, const Request& request, const std::optional<ExamId>& exam) {
  const accounts::Caller& caller = accounts::caller_of(request);
  if (caller.is_admin()) return {};
  const tl::unexpected<Error> forbidden =
      refuse(ErrorKind::forbidden, "auth.forbidden", "You are not allowed to do this.");
  if (!settings_of(api).teachers_may_upload) return forbidden;
  if (!exam) return {};
  const auto found = api.database.read([&](Transaction& transaction) { return find_exam(transaction, *exam); });
  if (!found) return tl::unexpected(found.error());
  if (found->created_by != caller.user) return forbidden;
  return {};
}

std::string text_of(const Request& request, std::string_view name) {
  return std::string(request.field(name).value_or(""));
}

/// The fields of POST /api/exams/upload/, without its files.
Result<BatchRequest> batch_of(const Request& request) {
  BatchRequest batch;
  batch.user = accounts::caller_of(request).user;
  batch.name = text_of(request, "title");
  if (batch.name.empty()) batch.name = text_of(request, "name");
  batch.subject = text_of(request, "subject");
  if (const std::string mode = text_of(request, "batch_mode"); !mode.empty()) {
    if (mode != "A3" && mode != "A4") return tl::unexpected(http::invalid_field("batch_mode", "must be A3 or A4"));
    batch.mode = mode == "A3" ? UploadMode::batch_a3 : UploadMode::batch_a4;
  }
  if (const std::string date = text_of(request, "date"); !date.empty()) {
    batch.date = exam_date(date);
    if (!batch.date) return tl::unexpected(http::invalid_field("date", "must be a date, YYYY-MM-DD"));
  }
  if (const std::string exam = text_of(request, "exam_id"); !exam.empty()) {
    batch.exam = ExamId::parse(exam);
    if (!batch.exam) return tl::unexpected(http::invalid_field("exam_id", "must be the id of an exam"));
  }
  return batch;
}

Result<Response> upload(const ExamsApi& api, Request& request) {
  auto batch = batch_of(request);
  if (!batch) return tl::unexpected(batch.error());
  if (auto allowed = may_upload(api, request, batch->exam); !allowed) return tl::unexpected(allowed.error());
  FormFiles files(request, api.uploads, batch->user);
  auto pdfs = files.all("pdf_file");
  if (!pdfs) return tl::unexpected(pdfs.error());
  auto roster = files.one("students_csv");
  if (!roster) return tl::unexpected(roster.error());
  batch->pdfs = std::move(*pdfs);
  batch->roster = std::move(*roster);
  Faults faults;
  const auto received = receive_batch(intake_of(api, request), *batch, &faults);
  if (!received) return refusal_of(request, received.error(), faults, 400);
  return http::json(201, {{"exam_id", received->exam.text()},
                          {"task_id", received->task.text()},
                          {"message", kReceived},
                          {"student_count", received->student_count}});
}

Result<Response> upload_more(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  SourcesRequest sources;
  sources.exam = *exam;
  sources.user = accounts::caller_of(request).user;
  const std::string kind = text_of(request, "kind");
  if (!kind.empty() && kind != "SCAN" && kind != "ANNEX")
    return tl::unexpected(http::invalid_field("kind", "must be SCAN or ANNEX"));
  if (kind == "ANNEX") sources.kind = SourceKind::annex;
  FormFiles files(request, api.uploads, sources.user);
  auto pdfs = files.all("pdf_file");
  if (!pdfs) return tl::unexpected(pdfs.error());
  auto roster = files.one("students_csv");
  if (!roster) return tl::unexpected(roster.error());
  sources.pdfs = std::move(*pdfs);
  sources.roster = std::move(*roster);
  Faults faults;
  const auto received = receive_sources(intake_of(api, request), sources, &faults);
  if (!received) return refusal_of(request, received.error(), faults);
  return http::json(201, {{"exam_id", exam->text()},
                          {"task_id", received->task ? json::value(received->task->text()) : json::value()},
                          {"message", kReceived},
                          {"student_count", received->student_count},
                          {"sources", to_json(received->sources)}});
}

Result<Response> upload_individual(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const UserId user = accounts::caller_of(request).user;
  FormFiles files(request, api.uploads, user);
  auto pdfs = files.all("pdf_files");
  if (!pdfs) return tl::unexpected(pdfs.error());
  Faults faults;
  const auto received = receive_individual(intake_of(api, request), {*exam, std::move(*pdfs), user}, &faults);
  if (!received) return refusal_of(request, received.error(), faults);
  return http::json(received->refused.empty() ? 201 : 207, {{"exam_id", exam->text()},
                                                            {"task_id", received->task.text()},
                                                            {"message", kReceived},
                                                            {"uploaded_count", received->sources.size()},
                                                            {"sources", to_json(received->sources)},
                                                            {"errors", details_of(received->refused)}});
}

Result<Response> import_copy(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const UserId user = accounts::caller_of(request).user;
  FormFiles files(request, api.uploads, user);
  auto pdf = files.one("pdf_file");
  if (!pdf) return tl::unexpected(pdf.error());
  if (!*pdf) {
    Error missing{ErrorKind::malformed, "source.missing", "PDF file required"};
    missing.field = "pdf_file";
    return tl::unexpected(std::move(missing));
  }
  const auto received = receive_copy(intake_of(api, request), *exam, **pdf, user, api.make_copy);
  if (!received) return refusal_of(request, received.error(), {});
  return http::json(201, {{"copy_id", received->copy.id.text()},
                          {"anonymous_id", received->copy.anonymous_id},
                          {"status", "STAGING"},
                          {"page_count", received->source.page_count},
                          {"task_id", received->task.text()},
                          {"message", kReceived},
                          {"status_url", status_url(received->task)}});
}

}  // namespace

std::vector<http::Route> intake_routes(const ExamsApi& api) {
  const auto bound = [&api](auto handler) {
    return [api, handler](Request& request) -> Result<Response> { return handler(api, request); };
  };
  const http::BodyPolicy form =
      http::FormBody{.max_bytes = kMaxForm, .max_file_bytes = kMaxFile, .max_parts = kMaxParts};
  return {
      {Method::post, "/api/exams/upload/", bound(upload), form, accounts::kAdmin | accounts::kTeacher, {}},
      {Method::post, "/api/exams/{exam_id}/upload/", bound(upload_more), form, accounts::kAdmin, {}},
      {Method::post,
       "/api/exams/{exam_id}/upload-individual-pdfs/",
       bound(upload_individual),
       form,
       accounts::kAdmin,
       {}},
      {Method::post, "/api/exams/{exam_id}/copies/import/", bound(import_copy), form, accounts::kAdmin, {}},
  };
}

}  // namespace korrigo::exams
