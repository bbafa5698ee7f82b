#include <boost/json/array.hpp>

#include "accounts/guard_api.h"
#include "copies/desk_api.h"
#include "copies/variants.h"
#include "http/json_fields.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMostCopies = 10'000;

Result<Response> counts(const CopiesApi& api, const ExamId& exam, int status = 200) {
  const auto all = api.database.read([&](storage::Transaction& t) -> Result<std::map<std::string, std::int64_t>> {
    if (auto there = require_exam(t, exam); !there) return tl::unexpected(there.error());
    return variants_of(t, exam);
  });
  if (!all) return tl::unexpected(all.error());
  json::array variants;
  std::int64_t without = 0;
  for (const auto& [variant, copies] : *all) {
    if (variant.empty())
      without = copies;
    else
      variants.push_back(json::object{{"subject_variant", variant}, {"copies", copies}});
  }
  return http::json(status, json::object{{"variants", std::move(variants)}, {"without", without}});
}

Result<Response> show(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  return counts(api, *exam);
}

VariantChoices choices_in(http::JsonFields& fields, const json::object& body) {
  VariantChoices choices;
  const json::array* ids = fields.optional_array("copy_ids");
  if (ids == nullptr || ids->empty()) fields.reject("copy_ids", "is required");
  if (ids != nullptr && ids->size() > kMostCopies) fields.reject("copy_ids", "is too long");
  if (!body.contains("subject_variant")) fields.reject("subject_variant", "is required");
  const auto variant = fields.optional_text("subject_variant");
  if (variant && !is_variant(*variant)) fields.reject("subject_variant", "must be 1 to 8 capitals or digits");
  if (fields.fault()) return choices;
  for (const json::value& id : *ids) {
    const auto copy = id.is_string() ? CopyId::parse(id.as_string()) : std::nullopt;
    if (copy)
      choices.emplace_back(*copy, variant);
    else
      fields.reject("copy_ids", "must be a UUID");
  }
  return choices;
}

Result<Response> detect(const CopiesApi& api, const Request& request, const ExamId& exam) {
  const UserId user = accounts::caller_of(request).user;
  const auto task = api.database.write([&](storage::Transaction& t) -> Result<TaskId> {
    if (auto there = require_exam(t, exam); !there) return tl::unexpected(there.error());
    return api.queue.enqueue(t, variants_task(exam, user));
  });
  if (!task) return tl::unexpected(task.error());
  return http::json(202, json::object{{"task_id", task->text()},
                                      {"message", "Detection of subject variants started."},
                                      {"status_url", "/api/tasks/" + task->text() + "/status/"}});
}

Result<Response> set(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const bool detects = fields.optional_boolean("detect").value_or(false);
  if (fields.fault()) return fields.refusal();
  if (detects) return detect(api, request, *exam);
  const VariantChoices choices = choices_in(fields, *body);
  if (fields.fault()) return fields.refusal();
  if (auto done = set_variants(office_of(api, request), *exam, choices); !done) return tl::unexpected(done.error());
  return counts(api, *exam);
}

}  // namespace

std::vector<http::Route> variant_routes(const CopiesApi& api) {
  const std::string path = "/api/exams/{exam_id}/bulk-subject-variant/";
  return {
      {Method::get, path, bound(api, show), http::NoBody{}, accounts::kAdmin},
      {Method::post, path, bound(api, set), http::SmallBody{}, accounts::kAdmin},
  };
}

}  // namespace korrigo::copies
