#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "accounts/guard_api.h"
#include "copies/copies_api.h"
#include "copies/copy_json.h"
#include "copies/desk_api.h"
#include "copies/exam_ocr.h"
#include "copies/identify.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

// The copy after a decision; who has the student already is named in the details.
Result<Response> answer_decided(const CopiesApi& api, const Request& request, const CopyId& copy,
                                const Result<void>& decided, const std::optional<CopyId>& other) {
  if (decided) return answer_copy(api, 200, copy);
  if (!other) return tl::unexpected(decided.error());
  json::array details{json::object{
      {"message", sentence_of(request, decided.error())}, {"code", decided.error().code}, {"copy_id", other->text()}}};
  return http::refusal(request, http::status_of(decided.error().kind), decided.error(), std::move(details));
}

template <Means means>
Result<Response> identify(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const StudentId student{fields.integer("student_id")};
  if (fields.fault()) return fields.refusal();
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  std::optional<CopyId> other;
  const auto decided = identify_copy(office_of(api, request), *copy, student, means, &other);
  return answer_decided(api, request, *copy, decided, other);
}

Result<Response> select(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  CandidateChoice choice{static_cast<int>(fields.integer("rank", 1, 5))};
  if (const auto student = fields.optional_integer("student_id")) choice.student = StudentId{*student};
  if (fields.fault()) return fields.refusal();
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  std::optional<CopyId> other;
  const auto decided = select_candidate(office_of(api, request), *copy, choice, &other);
  return answer_decided(api, request, *copy, decided, other);
}

Result<Response> unidentify(const CopiesApi& api, const Request& request) {
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  if (auto done = unidentify_copy(office_of(api, request), *copy); !done) return tl::unexpected(done.error());
  return answer_copy(api, 200, *copy);
}

template <bool links>
Result<Response> read_again(const CopiesApi& api, const Request& request) {
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  const auto task = read_header_again(office_of(api, request), *copy, links);
  if (!task) return tl::unexpected(task.error());
  return http::json(202, json::object{{"task_id", task->text()},
                                      {"message", "OCR processing started."},
                                      {"status_url", fmt::format("/api/tasks/{}/status/", task->text())},
                                      {"copy_id", copy->text()}});
}

Result<Response> read_all(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto reading = read_exam_headers(office_of(api, request), *exam);
  if (!reading) return tl::unexpected(reading.error());
  return http::json(202, json::object{{"task_id", reading->task.text()},
                                      {"message", "OCR processing started."},
                                      {"status_url", fmt::format("/api/tasks/{}/status/", reading->task.text())},
                                      {"copies_count", reading->copies}});
}

Result<Response> list(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto page = api.database.read([&](Transaction& t) -> Result<UnidentifiedPage> {
    if (auto there = require_exam(t, *exam); !there) return tl::unexpected(there.error());
    return list_unidentified(t, *exam, listing->page_size, listing->offset());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const UnidentifiedCopy& copy : page->copies) results.push_back(unidentified_json(copy));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> validate(const CopiesApi& api, const Request& request) {
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  if (auto ready = validate_copy(office_of(api, request), *copy); !ready) return tl::unexpected(ready.error());
  return answer_copy(api, 200, *copy);
}

Result<Response> validate_every(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto validation = validate_all(office_of(api, request), *exam);
  if (!validation) return tl::unexpected(validation.error());
  json::array validated, errors;
  for (const CopyId& copy : validation->validated) validated.emplace_back(copy.text());
  for (const auto& [copy, error] : validation->refused)
    errors.push_back(
        json::object{{"message", sentence_of(request, error)}, {"code", error.code}, {"copy_id", copy.text()}});
  const auto count = validated.size();
  return http::json(
      200,
      json::object{{"validated_count", count}, {"validated", std::move(validated)}, {"errors", std::move(errors)}});
}

}  // namespace

std::vector<http::Route> identification_routes(const CopiesApi& api) {
  const auto admin = accounts::kAdmin;
  const std::string copies = "/api/identification/copies/{copy_id}/";
  const auto named = bound(api, identify<Means::named>);
  return {
      {Method::post, "/api/copies/{copy_id}/identify/", named, http::SmallBody{}, admin},
      {Method::post, "/api/identification/identify/{copy_id}/", named, http::SmallBody{}, admin},
      {Method::post, copies + "select-candidate/", bound(api, select), http::SmallBody{}, admin},
      {Method::post, copies + "manual-assign/", bound(api, identify<Means::overridden>), http::SmallBody{}, admin},
      {Method::post, copies + "unidentify/", bound(api, unidentify), http::NoBody{}, admin},
      {Method::post, "/api/identification/cmen-ocr/{copy_id}/", bound(api, read_again<true>), http::NoBody{}, admin},
      {Method::post, "/api/identification/perform-ocr/{copy_id}/", bound(api, read_again<false>), http::NoBody{},
       admin},
      {Method::post, "/api/exams/{exam_id}/ocr/", bound(api, read_all), http::NoBody{}, admin},
      {Method::get, "/api/exams/{exam_id}/unidentified-copies/", bound(api, list), http::NoBody{}, admin},
      {Method::post, "/api/exams/copies/{copy_id}/validate/", bound(api, validate), http::NoBody{}, admin},
      {Method::post, "/api/exams/{exam_id}/validate-all/", bound(api, validate_every), http::NoBody{}, admin},
  };
}

}  // namespace korrigo::copies
