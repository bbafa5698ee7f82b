#include <system_error>

#include "accounts/guard_api.h"
#include "exams/documents.h"
#include "exams/exam_json_api.h"
#include "exams/exams_api.h"
#include "exams/file_check.h"
#include "exams/form_files_api.h"
#include "exams/stored_files.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::uint64_t kMaxFile = 1ULL << 30;

std::string file_url(const ExamId& exam, const Document& document) {
  return "/api/exams/" + exam.text() + "/documents/" + document.id.text() + "/file/";
}

json::object set_json(const ExamId& exam, const DocumentSet& set) {
  json::array documents;
  for (const Document& document : set.documents)
    documents.push_back(json::object{{"id", document.id.text()},
                                     {"doc_type", name_of(document.type)},
                                     {"original_name", document.original_name},
                                     {"sha256", document.sha256},
                                     {"size", document.size},
                                     {"page_count", document.page_count},
                                     {"file_url", file_url(exam, document)}});
  return {{"id", set.id.text()},
          {"version", set.version},
          {"is_active", set.is_active},
          {"created_by", set.created_by ? json::value(set.created_by->value) : json::value(nullptr)},
          {"created_at", to_iso(set.created_at)},
          {"documents", std::move(documents)}};
}

/// Admins, and those who mark the exam.
Result<void> may_read(Transaction& t, const Request& request, const ExamId& exam) {
  const accounts::Caller& caller = accounts::caller_of(request);
  if (auto found = find_exam(t, exam); !found) return tl::unexpected(found.error());
  if (caller.is_admin() || marks_exam(t, exam, caller.user)) return {};
  return refuse(ErrorKind::forbidden, "auth.forbidden", "You do not mark this exam.");
}

Result<Response> list(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto sets = api.database.read([&](Transaction& t) -> Result<std::vector<DocumentSet>> {
    if (auto may = may_read(t, request, *exam); !may) return tl::unexpected(may.error());
    return document_sets_of(t, *exam);
  });
  if (!sets) return tl::unexpected(sets.error());
  json::array results;
  for (const DocumentSet& set : *sets)
    if (set.is_active || accounts::caller_of(request).is_admin()) results.push_back(set_json(*exam, set));
  return http::json(200, json::object{{"results", std::move(results)}});
}

/// The file of each type that the form brings, checked. At least one.
Result<std::vector<std::pair<IncomingFile, Document>>> checked(const Intake& intake, FormFiles& files) {
  std::vector<std::pair<IncomingFile, Document>> all;
  for (const auto& [field, type] : {std::pair{"sujet", DocumentType::subject},
                                    {"corrige", DocumentType::model_answer},
                                    {"bareme", DocumentType::bareme}}) {
    auto file = files.one(field);
    if (!file) return tl::unexpected(file.error());
    if (!*file) continue;
    const auto pages = check_pdf(intake, **file);
    if (!pages) {
      Error error = pages.error();
      error.field = field;
      return tl::unexpected(std::move(error));
    }
    Document document{.type = type, .original_name = (*file)->name, .page_count = *pages};
    all.emplace_back(std::move(**file), std::move(document));
  }
  if (all.empty()) return refuse(ErrorKind::malformed, "source.missing", "PDF file required");
  return all;
}

Result<Response> add(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const UserId user = accounts::caller_of(request).user;
  const Intake intake = intake_of(api, request);
  FormFiles files(request, api.uploads, user);
  auto incoming = checked(intake, files);
  if (!incoming) return refusal_of(request, incoming.error(), {});
  const UtcTime now = api.queue.clock().now();
  StoredFiles stored(api.blobs);
  std::vector<Document> documents;
  for (auto& [file, document] : *incoming) {
    document.id = DocumentId(make_uuid_v7(now));
    document.created_at = now;
    storage::Blob blob = stored.take("exams/source/" + document.id.text() + ".pdf", file.path);
    document.key = std::move(blob.key);
    document.sha256 = std::move(blob.sha256);
    document.size = blob.size;
    documents.push_back(std::move(document));
  }
  const auto set = write_with(api.database, stored, [&](Transaction& t) {
    auto made = add_document_set(t, *exam, documents, user, now);
    if (made)
      audit::append(t,
                    {.by = intake.actor,
                     .action = "exam.add_documents",
                     .target_type = "exam",
                     .target_id = exam->text(),
                     .details = {{"version", made->version}}},
                    now);
    return made;
  });
  if (!set) return tl::unexpected(set.error());
  return http::json(201, set_json(*exam, *set));
}

Result<Response> activate(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto id = DocumentSetId::parse(request.path_parameter("set_id"));
  if (!id) return refuse(ErrorKind::not_found, "document_set.not_found", "The exam has no such set of documents.");
  const UtcTime now = api.queue.clock().now();
  const audit::Actor actor = accounts::actor_of(request);
  const auto set = api.database.write([&](Transaction& t) {
    auto active = activate_document_set(t, *exam, *id, now);
    if (active)
      audit::append(t,
                    {.by = actor,
                     .action = "exam.activate_documents",
                     .target_type = "exam",
                     .target_id = exam->text(),
                     .details = {{"version", active->version}}},
                    now);
    return active;
  });
  if (!set) return tl::unexpected(set.error());
  return http::json(200, set_json(*exam, *set));
}

Result<Response> show_file(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const Error gone{ErrorKind::not_found, "document.not_found", "The exam has no such document."};
  const auto id = DocumentId::parse(request.path_parameter("document_id"));
  if (!id) return tl::unexpected(gone);
  const bool is_admin = accounts::caller_of(request).is_admin();
  const auto document = api.database.read([&](Transaction& t) -> Result<Document> {
    if (auto may = may_read(t, request, *exam); !may) return tl::unexpected(may.error());
    return find_document(t, *exam, *id, !is_admin);
  });
  if (!document) return tl::unexpected(document.error());
  try {
    return http::file(std::move(api.blobs.open(document->key).fd),
                      {.content_type = "application/pdf",
                       .download_name = document->original_name,
                       .attachment = request.query_value("download") == "1",
                       .etag = document->sha256});
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::no_such_file_or_directory) return tl::unexpected(gone);
    throw;
  }
}

}  // namespace

std::vector<http::Route> document_routes(const ExamsApi& api) {
  const auto bound = [&api](auto handler) {
    return [api, handler](Request& request) -> Result<Response> { return handler(api, request); };
  };
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string sets = "/api/exams/{exam_id}/document-sets/";
  return {
      {Method::get, sets, bound(list), http::NoBody{}, staff, {}},
      {Method::post,
       sets,
       bound(add),
       http::FormBody{.max_bytes = 3 * kMaxFile, .max_file_bytes = kMaxFile, .max_parts = 8},
       accounts::kAdmin,
       {}},
      {Method::post, sets + "{set_id}/activate/", bound(activate), http::NoBody{}, accounts::kAdmin, {}},
      {Method::get, "/api/exams/{exam_id}/documents/{document_id}/file/", bound(show_file), http::NoBody{}, staff, {}},
  };
}

}  // namespace korrigo::exams
