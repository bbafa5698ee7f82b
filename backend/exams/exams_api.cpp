#include "exams/exams_api.h"

#include "accounts/guard_api.h"
#include "exams/correctors.h"
#include "exams/exam_fields_api.h"
#include "exams/exam_json_api.h"
#include "exams/intake_report.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kLongestSearch = 800;  // bytes: 200 characters

/// Runs one change of one exam with its line in the audit log.
template <class Work>
auto change_exam_row(const ExamsApi& api, const Request& request, const char* action, const ExamId& exam, Work&& work) {
  const UtcTime now = api.queue.clock().now();
  const audit::Actor actor = accounts::actor_of(request);
  return api.database.write([&](Transaction& transaction) {
    auto outcome = work(transaction, now);
    if (outcome)
      audit::append(transaction, {.by = actor, .action = action, .target_type = "exam", .target_id = exam.text()}, now);
    return outcome;
  });
}

Result<Response> answer_exam(const ExamsApi& api, const Request& request, int status, const ExamId& id) {
  const auto exam = api.database.read([&](Transaction& transaction) { return find_counted_exam(transaction, id); });
  if (!exam) return tl::unexpected(exam.error());
  return http::json(status, to_json(request, *exam));
}

Result<Response> list(const ExamsApi& api, Request& request) {
  const auto listing = http::read_listing(request, {"-date", "name", "created_at", "status"});
  if (!listing) return tl::unexpected(listing.error());
  ExamFilter filter{.search = std::string(request.query_value("search").value_or("")),
                    .descending = listing->descending,
                    .page = listing->page,
                    .page_size = listing->page_size};
  if (filter.search.size() > kLongestSearch) return tl::unexpected(http::invalid_field("search", "is too long"));
  if (listing->ordering == "name") filter.order = ExamOrder::name;
  if (listing->ordering == "created_at") filter.order = ExamOrder::created_at;
  if (listing->ordering == "status") filter.order = ExamOrder::status;
  if (const auto status = request.query_value("status")) {
    filter.status = status_named(*status);
    if (!filter.status)
      return tl::unexpected(http::invalid_field("status", "must be DRAFT, PROCESSING, READY or ERROR"));
  }
  const ExamPage page = api.database.read([&](Transaction& transaction) { return list_exams(transaction, filter); });
  json::array results;
  for (const CountedExam& exam : page.exams) results.push_back(summary_json(request, exam));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> create(const ExamsApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto change = exam_change_of(*body, true);
  if (!change) return tl::unexpected(change.error());
  const UtcTime now = api.queue.clock().now();
  const audit::Actor actor = accounts::actor_of(request);
  const UserId user = accounts::caller_of(request).user;
  const auto made = api.database.write([&](Transaction& transaction) {
    auto exam = create_exam(transaction, new_exam_of(*change), user, now);
    if (exam)
      audit::append(transaction,
                    {.by = actor, .action = "exam.create", .target_type = "exam", .target_id = exam->id.text()}, now);
    return exam;
  });
  if (!made) return refusal_of(request, made.error(), {});
  return answer_exam(api, request, 201, made->id);
}

Result<Response> get(const ExamsApi& api, Request& request) {
  return exam_id_of(request).and_then([&](const ExamId& id) { return answer_exam(api, request, 200, id); });
}

Result<Response> change(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  auto wanted = exam_change_of(*body, request.method == Method::put);
  if (!wanted) return tl::unexpected(wanted.error());
  wanted->changed_by = accounts::caller_of(request).user;
  const auto changed = change_exam_row(api, request, "exam.change", *id, [&](Transaction& transaction, UtcTime now) {
    return change_exam(transaction, *id, *wanted, now);
  });
  if (!changed) return refusal_of(request, changed.error(), {});
  return answer_exam(api, request, 200, *id);
}

Result<Response> remove(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto files = change_exam_row(api, request, "exam.delete", *id, [&](Transaction& transaction, UtcTime now) {
    return delete_exam(transaction, *id, now);
  });
  if (!files) return tl::unexpected(files.error());
  remove_files(api.blobs, *files);
  return http::no_content();
}

Result<Response> get_report(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto report = api.database.read([&](Transaction& transaction) {
    return api.report ? api.report(transaction, *id) : intake_report(transaction, *id);
  });
  if (!report) return tl::unexpected(report.error());
  return http::json(200, *report);
}

Result<Response> list_sources(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto sources = api.database.read([&](Transaction& transaction) -> Result<std::vector<Source>> {
    if (auto exam = find_exam(transaction, *id); !exam) return tl::unexpected(exam.error());
    return sources_of(transaction, *id);
  });
  if (!sources) return tl::unexpected(sources.error());
  json::array results;
  const auto count = static_cast<std::int64_t>(sources->size());
  for (std::int64_t i = listing->offset(); i < std::min(count, listing->offset() + listing->page_size); ++i)
    results.push_back(to_json((*sources)[static_cast<std::size_t>(i)]));
  return http::answer_list(request, *listing, count, std::move(results));
}

Result<Response> remove_source(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto source = SourceId::parse(request.path_parameter("source_id"));
  if (!source) return refuse(ErrorKind::not_found, "source.not_found", "The exam has no such source.");
  const auto files = change_exam_row(
      api, request, "exam.delete_source", *id,
      [&](Transaction& transaction, UtcTime now) { return delete_source(transaction, *id, *source, now); });
  if (!files) return tl::unexpected(files.error());
  remove_files(api.blobs, *files);
  return http::no_content();
}

Result<Response> list_correctors(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto all = api.database.read([&](Transaction& transaction) -> Result<std::vector<Corrector>> {
    if (auto exam = find_exam(transaction, *id); !exam) return tl::unexpected(exam.error());
    return correctors_of(transaction, *id);
  });
  if (!all) return tl::unexpected(all.error());
  json::array results;
  const auto count = static_cast<std::int64_t>(all->size());
  for (std::int64_t i = listing->offset(); i < std::min(count, listing->offset() + listing->page_size); ++i) {
    const Corrector& corrector = (*all)[static_cast<std::size_t>(i)];
    results.push_back(json::object{{"user_id", corrector.user.value},
                                   {"username", corrector.username},
                                   {"email", corrector.email ? json::value(*corrector.email) : json::value()},
                                   {"copies_assigned", corrector.copies_assigned},
                                   {"copies_graded", corrector.copies_graded},
                                   {"exercises_assigned", corrector.exercises_assigned}});
  }
  return http::answer_list(request, *listing, count, std::move(results));
}

Result<Response> put_correctors(const ExamsApi& api, Request& request) {
  const auto id = exam_id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const json::array* given = fields.optional_array("corrector_ids");
  if (given == nullptr) fields.reject("corrector_ids", "is required");
  std::vector<UserId> users;
  for (const json::value& user : given != nullptr ? *given : json::array()) {
    if (user.is_int64()) {
      users.push_back({user.as_int64()});
    } else {
      fields.reject("corrector_ids", "must be a list of users' ids");
    }
  }
  if (fields.fault()) return fields.refusal();
  const auto set = change_exam_row(
      api, request, "exam.set_correctors", *id,
      [&](Transaction& transaction, UtcTime now) { return set_correctors(transaction, *id, users, now); });
  if (!set) return tl::unexpected(set.error());
  return list_correctors(api, request);
}

}  // namespace

std::vector<http::Route> exam_routes(const ExamsApi& api) {
  const auto bound = [&api](auto handler) {
    return [api, handler](Request& request) -> Result<Response> { return handler(api, request); };
  };
  const http::BodyPolicy small = http::SmallBody{};
  const auto one = "/api/exams/{exam_id}/";
  const auto correctors = "/api/exams/{exam_id}/correctors/";
  return {
      {Method::get, "/api/exams/", bound(list), http::NoBody{}, accounts::kAdmin, {}},
      {Method::post, "/api/exams/", bound(create), small, accounts::kAdmin, {}},
      {Method::get, one, bound(get), http::NoBody{}, accounts::kAdmin, {}},
      {Method::put, one, bound(change), small, accounts::kAdmin, {}},
      {Method::patch, one, bound(change), small, accounts::kAdmin, {}},
      {Method::delete_, one, bound(remove), http::NoBody{}, accounts::kAdmin, {}},
      {Method::get, "/api/exams/{exam_id}/intake-report/", bound(get_report), http::NoBody{}, accounts::kAdmin, {}},
      {Method::get, "/api/exams/{exam_id}/sources/", bound(list_sources), http::NoBody{}, accounts::kAdmin, {}},
      {Method::delete_,
       "/api/exams/{exam_id}/sources/{source_id}/",
       bound(remove_source),
       http::NoBody{},
       accounts::kAdmin,
       {}},
      {Method::get, correctors, bound(list_correctors), http::NoBody{}, accounts::kAdmin, {}},
      {Method::put, correctors, bound(put_correctors), small, accounts::kAdmin, {}},
  };
}

}  // namespace korrigo::exams
