#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "accounts/guard_api.h"
#include "copies/copies_api.h"
#include "copies/desk_api.h"
#include "copies/dispatch.h"
#include "copies/quarantine.h"
#include "http/json_fields.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kLongestReason = 500;
constexpr std::size_t kLongestExercise = 255;

Result<DispatchOptions> options_of(const json::object& body) {
  http::JsonFields fields(body);
  DispatchOptions options;
  options.shuffle = fields.optional_boolean("shuffle").value_or(true);
  options.by_class = fields.optional_boolean("by_class").value_or(false);
  options.exercise = fields.optional_text("exercise_id", {.max = kLongestExercise});
  if (const json::array* users = fields.optional_array("corrector_ids"))
    for (const json::value& user : *users) {
      if (user.is_int64())
        options.correctors.push_back({user.as_int64()});
      else
        fields.reject("corrector_ids", "must be a list of users' ids");
    }
  if (fields.fault()) return fields.refusal();
  return options;
}

json::object dispatch_json(const Dispatch& done) {
  json::array distribution;
  std::int64_t least = done.distribution.front().load, most = least;
  for (const CorrectorLoad& corrector : done.distribution) {
    least = std::min(least, corrector.load);
    most = std::max(most, corrector.load);
    distribution.push_back(json::object{{"corrector_id", corrector.user.value},
                                        {"username", corrector.username},
                                        {"assigned", corrector.assigned},
                                        {"total", corrector.load}});
  }
  return {{"message", done.assigned == 0 ? "No copies to dispatch." : "Copies dispatched."},
          {"dispatch_run", done.assigned == 0 ? json::value(nullptr) : json::value(done.run)},
          {"copies_assigned", done.assigned},
          {"correctors", done.distribution.size()},
          {"distribution", std::move(distribution)},
          {"min", least},
          {"max", most}};
}

Result<json::object> body_or_nothing(const Request& request) {
  if (request.body.empty()) return json::object();
  return request.json_object();
}

Result<Response> dispatch_exam(const CopiesApi& api, const Request& request) {
  const auto body = body_or_nothing(request);
  if (!body) return tl::unexpected(body.error());
  const auto options = options_of(*body);
  if (!options) return tl::unexpected(options.error());
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto done = dispatch(office_of(api, request), *exam, *options);
  if (!done) return tl::unexpected(done.error());
  return http::json(200, dispatch_json(*done));
}

Result<Response> assign(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  if (!fields.has("corrector_id")) fields.reject("corrector_id", "is required");
  const auto user = fields.optional_integer("corrector_id");
  const auto exercise = fields.optional_text("exercise_id", {.max = kLongestExercise});
  if (fields.fault()) return fields.refusal();
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  const auto corrector = user ? std::optional(UserId{*user}) : std::nullopt;
  if (auto done = assign_copy(office_of(api, request), *copy, corrector, exercise); !done)
    return tl::unexpected(done.error());
  return answer_copy(api, 200, *copy);
}

Result<Response> transfer(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const UserId corrector{fields.integer("corrector_id")};
  if (fields.fault()) return fields.refusal();
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  if (auto done = transfer_copy(office_of(api, request), *copy, corrector); !done) return tl::unexpected(done.error());
  return answer_copy(api, 200, *copy);
}

Result<Response> put_aside(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string reason = fields.text("reason", {.max = kLongestReason});
  if (fields.fault()) return fields.refusal();
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  if (auto done = quarantine_copy(office_of(api, request), *copy, reason); !done) return tl::unexpected(done.error());
  return answer_copy(api, 200, *copy);
}

Result<Response> restore(const CopiesApi& api, const Request& request) {
  const auto body = body_or_nothing(request);
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const bool valid = fields.optional_boolean("validate").value_or(false);
  if (fields.fault()) return fields.refusal();
  const auto copy = copy_in_path(request);
  if (!copy) return tl::unexpected(copy.error());
  if (auto done = restore_copy(office_of(api, request), *copy, valid); !done) return tl::unexpected(done.error());
  return answer_copy(api, 200, *copy);
}

}  // namespace

std::vector<http::Route> dispatch_routes(const CopiesApi& api) {
  const auto admin = accounts::kAdmin;
  const http::BodyPolicy small = http::SmallBody{};
  const http::BodyPolicy optional = http::SmallBody{.content_type = ""};
  return {
      {Method::post, "/api/exams/{exam_id}/dispatch/", bound(api, dispatch_exam), optional, admin},
      {Method::post, "/api/copies/{copy_id}/assign/", bound(api, assign), small, admin},
      {Method::post, "/api/copies/{copy_id}/transfer/", bound(api, transfer), small, admin},
      {Method::post, "/api/copies/{copy_id}/quarantine/", bound(api, put_aside), small, admin},
      {Method::post, "/api/copies/{copy_id}/restore/", bound(api, restore), optional, admin},
  };
}

}  // namespace korrigo::copies
