#include "grading/desk_api.h"

#include "copies/file_keys.h"
#include "exams/marks.h"

namespace korrigo::grading {

Marker marker_of(const http::Request& request) {
  const accounts::Caller& caller = accounts::caller_of(request);
  return {caller.user, caller.is_admin(), std::string(request.header("X-Lock-Token").value_or(""))};
}

Result<CopyId> copy_of_path(const http::Request& request) {
  return id_of_path<CopyId>(request, "copy_id", "copy");
}

Result<ExamId> exam_of_path(const http::Request& request) {
  return id_of_path<ExamId>(request, "exam_id", "exam");
}

Result<boost::json::object> body_or_nothing(const http::Request& request) {
  if (request.body.empty()) return boost::json::object();
  return request.json_object();
}

std::optional<std::int64_t> points_in(http::JsonFields& fields, const boost::json::object& body,
                                      std::string_view name) {
  const boost::json::value* value = body.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const auto points = exams::hundredths_of(*value);
  if (!points) fields.reject(name, "must be a number of points");
  return points;
}

Result<void> require_seen(storage::Transaction& transaction, const CopyId& copy, const Marker& marker) {
  return copies::may_see(transaction, copy, {marker.user, marker.is_admin});
}

std::vector<http::Route> routes(const GradingApi& api) {
  std::vector<http::Route> all;
  for (auto some : {lock_routes(api), annotation_routes(api), mark_routes(api), course_routes(api), bank_routes(api),
                    regrading_routes(api), merge_routes(api), face_report_routes(api), privacy_routes(api)})
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  return all;
}

}  // namespace korrigo::grading
