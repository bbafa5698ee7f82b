#include <boost/json/array.hpp>

#include "copies/copy_json.h"
#include "grading/desk_api.h"
#include "grading/history.h"
#include "grading/marks_json_api.h"
#include "grading/operation.h"
#include "http/listing.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kLongestReason = 500;

Result<Response> finalize(const GradingApi& api, Request& request) {
  const audit::Actor actor = accounts::actor_of(request);
  const auto done = on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
    return finalise(t, copy, marker, actor, api.finalised, now);
  });
  if (!done) return tl::unexpected(done.error());
  json::object answer = marks_json(done->marks);
  answer["copy_id"] = request.path_parameter("copy_id");
  answer["status"] = "GRADED";
  answer["graded_at"] = to_iso(done->graded_at);
  answer["task_id"] = done->task ? json::value(done->task->text()) : json::value(nullptr);
  return http::json(200, answer);
}

Result<Response> open_again(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string reason = fields.text("reason", {.max = kLongestReason});
  if (fields.fault()) return fields.refusal();
  const audit::Actor actor = accounts::actor_of(request);
  const auto copy = on_copy(
      api, request, [&](Transaction& t, const CopyId& id, const Marker&, UtcTime now) -> Result<copies::CopyView> {
        if (auto ready = reopen(t, id, reason, actor, now); !ready) return tl::unexpected(ready.error());
        return copies::find_copy(t, id);
      });
  return answered(copy, copies::copy_json);
}

Result<Response> history(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto page = read_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker) {
    return history_of(t, copy, marker.is_admin, listing->page_size, listing->offset());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const HistoryEntry& entry : page->entries)
    results.push_back(json::object{{"id", entry.id},
                                   {"action", entry.action},
                                   {"actor_id", entry.actor ? json::value(entry.actor->value) : json::value(nullptr)},
                                   {"actor", entry.actor_name ? json::value(*entry.actor_name) : json::value(nullptr)},
                                   {"timestamp", to_iso(entry.at)},
                                   {"metadata", entry.metadata}});
  return http::answer_list(request, *listing, page->count, std::move(results));
}

json::object operation_json(const LoggedOperation& logged) {
  return {{"id", logged.id},
          {"position", logged.position},
          {"user_id", logged.user.value},
          {"operation", logged.operation},
          {"outcome", name_of(logged.outcome)},
          {"reason", logged.reason.empty() ? json::value(nullptr) : json::value(logged.reason)},
          {"found", logged.found},
          {"received_at", to_iso(logged.received_at)},
          {"replayed", logged.is_replay}};
}

Result<std::vector<Operation>> operations_of(const json::object& body) {
  http::JsonFields fields(body);
  const json::array* given = fields.optional_array("operations");
  if (given == nullptr) fields.reject("operations", "is required");
  std::vector<Operation> operations;
  for (const json::value& value : given != nullptr ? *given : json::array()) {
    const json::value* id = value.is_object() ? value.as_object().if_contains("id") : nullptr;
    if (id == nullptr || !id->is_string() || !is_uuid(id->as_string()))
      fields.reject("operations", "must be objects with a UUID as id");
    else
      operations.push_back(value.as_object());
  }
  if (operations.size() > kMaxOperations) fields.reject("operations", "is too long");
  if (fields.fault()) return fields.refusal();
  return operations;
}

Result<Response> take_operations(const GradingApi& api, Request& request) {
  const auto operations = body_as(request, operations_of);
  if (!operations) return tl::unexpected(operations.error());
  const auto taken = on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
    return apply_operations(t, copy, marker, *operations, now);
  });
  return answered(taken, [](const auto& all) { return results_json(all, operation_json); });
}

Result<Response> show_operations(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  std::optional<Outcome> outcome;
  if (const auto name = request.query_value("outcome")) {
    outcome = outcome_named(*name);
    if (!outcome) return tl::unexpected(http::invalid_field("outcome", "is not one of its values"));
  }
  const auto page = read_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker&) {
    return list_operations(t, copy, outcome, listing->page_size, listing->offset());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const LoggedOperation& logged : page->operations) results.push_back(operation_json(logged));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> settle(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const bool apply = fields.boolean("apply");
  if (fields.fault()) return fields.refusal();
  const std::string id(request.path_parameter("operation_id"));
  const auto settled =
      on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
        return settle_conflict(t, copy, marker, id, apply, now);
      });
  return answered(settled, operation_json);
}

}  // namespace

std::vector<http::Route> course_routes(const GradingApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string copy = "/api/grading/copies/{copy_id}/";
  const http::BodyPolicy small = http::SmallBody{};
  return {
      {Method::post, copy + "finalize/", bound(api, finalize), http::NoBody{}, staff},
      {Method::post, copy + "reopen/", bound(api, open_again), small, accounts::kAdmin},
      {Method::get, copy + "audit/", bound(api, history), http::NoBody{}, staff},
      {Method::get, copy + "operations/", bound(api, show_operations), http::NoBody{}, staff},
      {Method::post, copy + "operations/", bound(api, take_operations), http::SmallBody{.max_bytes = 8 << 20}, staff},
      {Method::post, copy + "operations/{operation_id}/settle/", bound(api, settle), small, staff},
  };
}

}  // namespace korrigo::grading
