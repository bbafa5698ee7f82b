#include <boost/json/array.hpp>

#include "exams/exam.h"
#include "grading/desk_api.h"
#include "grading/face_report.h"
#include "http/listing.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kLongestComment = 500;

json::value user_json(const std::optional<UserId>& user) {
  return user ? json::value(user->value) : json::value(nullptr);
}

json::object report_json(const FaceReport& report) {
  return {{"id", report.id.text()},
          {"copy_id", report.copy.text()},
          {"anonymous_id", report.anonymous_id},
          {"page_index", report.page_index ? json::value(*report.page_index) : json::value(nullptr)},
          {"reason", report.reason},
          {"comment", report.comment},
          {"reporter_id", user_json(report.reporter)},
          {"created_at", to_iso(report.created_at)},
          {"resolved_by", user_json(report.resolved_by)},
          {"resolved_at", report.resolved_at ? json::value(to_iso(*report.resolved_at)) : json::value(nullptr)}};
}

Result<NewFaceReport> report_in(const json::object& body) {
  http::JsonFields fields(body);
  NewFaceReport report;
  report.page_index = static_cast<int>(fields.integer("page_index", 0, 10'000));
  const auto reason = face_trouble_named(fields.text("reason"));
  if (!reason) fields.reject("reason", "is not one of its values");
  report.reason = reason.value_or(FaceTrouble::illegible);
  report.comment = fields.optional_text("comment", {.min = 0, .max = kLongestComment}).value_or("");
  report.send_back = fields.optional_boolean("send_back").value_or(false);
  if (fields.fault()) return fields.refusal();
  return report;
}

Result<Response> add(const GradingApi& api, Request& request) {
  const auto report = body_as(request, report_in);
  if (!report) return tl::unexpected(report.error());
  const auto made = on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
    return report_face(t, copy, marker, *report, now);
  });
  if (!made) return tl::unexpected(made.error());
  return http::json(201, report_json(*made));
}

Result<Response> list_of_copy(const GradingApi& api, Request& request) {
  const auto reports = read_copy(
      api, request, [](Transaction& t, const CopyId& copy, const Marker&) { return reports_of_copy(t, copy); });
  return answered(reports, [](const auto& all) { return results_json(all, report_json); });
}

Result<Response> list_of_exam(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const std::string_view open = request.query_value("open").value_or("true");
  if (open != "true" && open != "false") return tl::unexpected(http::invalid_field("open", "must be true or false"));
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto page = api.database.read([&](Transaction& t) -> Result<FaceReportPage> {
    if (auto found = exams::find_exam(t, *exam); !found) return tl::unexpected(found.error());
    return reports_of_exam(t, *exam, open == "true", listing->page_size, listing->offset());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const FaceReport& report : page->reports) results.push_back(report_json(report));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> resolve(const GradingApi& api, Request& request) {
  const auto id = FaceReportId::parse(request.path_parameter("report_id"));
  if (!id) return refuse(ErrorKind::not_found, "face_report.not_found", "There is no such report.");
  const UserId user = accounts::caller_of(request).user;
  const UtcTime now = api.clock.now();
  const auto resolved = api.database.write([&](Transaction& t) { return resolve_report(t, *id, user, now); });
  return answered(resolved, report_json);
}

}  // namespace

std::vector<http::Route> face_report_routes(const GradingApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string of_copy = "/api/grading/copies/{copy_id}/face-reports/";
  return {
      {Method::post, of_copy, bound(api, add), http::SmallBody{}, staff},
      {Method::get, of_copy, bound(api, list_of_copy), http::NoBody{}, staff},
      {Method::get, "/api/exams/{exam_id}/face-reports/", bound(api, list_of_exam), http::NoBody{}, accounts::kAdmin},
      {Method::post, "/api/face-reports/{report_id}/resolve/", bound(api, resolve), http::NoBody{}, accounts::kAdmin},
  };
}

}  // namespace korrigo::grading
