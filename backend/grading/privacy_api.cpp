#include <boost/json/array.hpp>
#include <charconv>

#include "copies/erasure.h"
#include "grading/desk_api.h"
#include "grading/personal_data.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

Result<StudentId> student_of_path(const Request& request) {
  const std::string_view text = request.path_parameter("student_id");
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc() && end == text.data() + text.size()) return StudentId{id};
  return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
}

Result<Response> personal_data(const GradingApi& api, Request& request) {
  const auto student = student_of_path(request);
  if (!student) return tl::unexpected(student.error());
  const audit::Actor actor = accounts::actor_of(request);
  const UtcTime now = api.clock.now();
  const auto data = api.database.write([&](storage::Transaction& t) {
    auto all = personal_data_of(t, *student);
    if (all)
      audit::append(t,
                    {.by = actor,
                     .action = "student.export_personal_data",
                     .target_type = "student",
                     .target_id = std::to_string(student->value)},
                    now);
    return all;
  });
  if (!data) return tl::unexpected(data.error());
  return http::json(200, *data);
}

Result<Response> erase(const GradingApi& api, Request& request) {
  const auto student = student_of_path(request);
  if (!student) return tl::unexpected(student.error());
  const copies::Office office{api.database, api.blobs, api.queue, accounts::actor_of(request)};
  const auto done = copies::erase_student(office, *student);
  if (!done) return tl::unexpected(done.error());
  json::array sources;
  for (const SourceId& source : done->kept_sources) sources.emplace_back(source.text());
  return http::json(
      200,
      json::object{{"student_id", student->value}, {"copies", done->copies}, {"kept_sources", std::move(sources)}});
}

}  // namespace

std::vector<http::Route> privacy_routes(const GradingApi& api) {
  const std::string student = "/api/students/{student_id}/";
  return {
      {Method::get, student + "personal-data/", bound(api, personal_data), http::NoBody{}, accounts::kAdmin},
      {Method::post, student + "erase/", bound(api, erase), http::NoBody{}, accounts::kAdmin},
  };
}

}  // namespace korrigo::grading
