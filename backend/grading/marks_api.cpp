#include <boost/json/array.hpp>

#include "exams/exam.h"
#include "exams/marks.h"
#include "grading/annotation.h"
#include "grading/desk_api.h"
#include "grading/draft.h"
#include "grading/marks_json_api.h"
#include "grading/remark.h"
#include "http/listing.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kMaxScores = 1000;

json::object remark_json(const Remark& remark) {
  return {{"id", remark.id.text()},
          {"question_id", remark.question_id},
          {"remark", remark.remark},
          {"version", remark.version},
          {"created_by", remark.created_by ? json::value(remark.created_by->value) : json::value(nullptr)},
          {"updated_at", to_iso(remark.updated_at)}};
}

json::object draft_json(const Draft& draft) {
  return {{"payload", draft.payload},
          {"client_id", draft.client_id},
          {"version", draft.version},
          {"updated_at", to_iso(draft.updated_at)}};
}

Result<Marks> marks_as_they_stand(Transaction& t, const CopyId& copy) {
  const auto view = copies::find_copy(t, copy);
  if (!view) return tl::unexpected(view.error());
  const auto structure = exams::grading_structure_of(t, view->exam);
  if (!structure) return tl::unexpected(structure.error());
  return marks_of(t, copy, *structure);
}

Result<Response> get_scores(const GradingApi& api, Request& request) {
  const auto marks = read_copy(api, request, [](Transaction& t, const CopyId& copy, const Marker&) {
                       return marks_as_they_stand(t, copy);
                     }).and_then([](Result<Marks> read) { return read; });
  return answered(marks, marks_json);
}

Result<ScoreChanges> changes_of(const json::object& body) {
  http::JsonFields fields(body);
  const json::value* scores = body.if_contains("scores_data");
  if (scores == nullptr || !scores->is_object()) fields.reject("scores_data", "must be an object");
  ScoreChanges changes;
  for (const auto& [question, points] :
       scores != nullptr && scores->is_object() ? scores->as_object() : json::object()) {
    const auto exact = exams::hundredths_of(points);
    if (!exact && !points.is_null()) fields.reject("scores_data", "must be a number of points");
    if (question.empty() || question.size() > kMaxQuestionIdBytes || changes.size() >= kMaxScores)
      fields.reject("scores_data", "is out of range");
    changes[question] = exact;
  }
  if (fields.fault()) return fields.refusal();
  return changes;
}

Result<Response> put_scores(const GradingApi& api, Request& request) {
  const auto changes = body_as(request, changes_of);
  if (!changes) return tl::unexpected(changes.error());
  const auto marks = on_copy(
      api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) -> Result<Marks> {
        const auto desk = open_desk(t, copy, marker, now);
        if (!desk) return tl::unexpected(desk.error());
        if (auto set = set_scores(t, *desk, *changes); !set) return tl::unexpected(set.error());
        return marks_of(t, copy, desk->structure);
      });
  return answered(marks, marks_json);
}

Result<Response> list_remarks(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto remarks =
      read_copy(api, request, [](Transaction& t, const CopyId& copy, const Marker&) { return remarks_of(t, copy); });
  if (!remarks) return tl::unexpected(remarks.error());
  json::array results;
  const auto count = static_cast<std::int64_t>(remarks->size());
  for (std::int64_t i = listing->offset(); i < std::min(count, listing->offset() + listing->page_size); ++i)
    results.push_back(remark_json((*remarks)[static_cast<std::size_t>(i)]));
  return http::answer_list(request, *listing, count, std::move(results));
}

Result<Response> post_remark(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string question = fields.text("question_id", {.max = kMaxQuestionIdBytes});
  const std::string text = fields.text("remark", {.min = 0, .max = kMaxRemarkCharacters});
  if (fields.fault()) return fields.refusal();
  const auto put = on_copy(
      api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) -> Result<PutRemark> {
        const auto desk = open_desk(t, copy, marker, now);
        if (!desk) return tl::unexpected(desk.error());
        return put_remark(t, *desk, question, text);
      });
  if (!put) return tl::unexpected(put.error());
  return http::json(put->is_new ? 201 : 200, remark_json(put->remark));
}

Result<Response> show_remark(const GradingApi& api, Request& request) {
  const auto id = id_of_path<RemarkId>(request, "remark_id", "remark");
  if (!id) return tl::unexpected(id.error());
  const auto remark = read_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker&) {
                        return find_remark(t, copy, *id);
                      }).and_then([](Result<Remark> read) { return read; });
  return answered(remark, remark_json);
}

Result<Response> remove_remark(const GradingApi& api, Request& request) {
  const auto id = id_of_path<RemarkId>(request, "remark_id", "remark");
  if (!id) return tl::unexpected(id.error());
  const auto removed =
      on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) -> Result<void> {
        const auto desk = open_desk(t, copy, marker, now);
        if (!desk) return tl::unexpected(desk.error());
        return delete_remark(t, *desk, *id);
      });
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

Result<Response> get_appreciation(const GradingApi& api, Request& request) {
  const auto text = read_copy(
      api, request, [](Transaction& t, const CopyId& copy, const Marker&) { return appreciation_of(t, copy); });
  return answered(text, [](const auto& is) { return json::object{{"global_appreciation", is}}; });
}

Result<Response> put_appreciation(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string text = fields.text("global_appreciation", {.min = 0, .max = kMaxAppreciationCharacters});
  if (fields.fault()) return fields.refusal();
  const auto set =
      on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) -> Result<void> {
        const auto desk = open_whole_desk(t, copy, marker, now);
        if (!desk) return tl::unexpected(desk.error());
        set_appreciation(t, *desk, text);
        return {};
      });
  if (!set) return tl::unexpected(set.error());
  return http::json(200, json::object{{"global_appreciation", text}});
}

Result<Response> get_draft(const GradingApi& api, Request& request) {
  const auto draft = read_copy(api, request, [](Transaction& t, const CopyId& copy, const Marker& marker) {
    return find_draft(t, copy, marker.user);
  });
  if (!draft) return tl::unexpected(draft.error());
  if (!*draft) return http::no_content();
  return http::json(200, draft_json(**draft));
}

Result<NewDraft> draft_of(const json::object& body) {
  http::JsonFields fields(body);
  NewDraft draft;
  draft.client_id = fields.text("client_id", {.max = 64});
  draft.take_over = fields.optional_boolean("take_over").value_or(false);
  const json::value* payload = body.if_contains("payload");
  if (payload != nullptr && payload->is_object())
    draft.payload = payload->as_object();
  else
    fields.reject("payload", "must be an object");
  if (fields.fault()) return fields.refusal();
  return draft;
}

Result<Response> put_one_draft(const GradingApi& api, Request& request) {
  const auto wanted = body_as(request, draft_of);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto draft = on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
    return put_draft(t, copy, marker, *wanted, now);
  });
  if (!draft) return tl::unexpected(draft.error());
  return http::json(200, json::object{{"version", draft->version}, {"updated_at", to_iso(draft->updated_at)}});
}

Result<Response> remove_draft(const GradingApi& api, Request& request) {
  const auto removed =
      on_copy(api, request, [](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime) -> Result<void> {
        if (auto seen = require_seen(t, copy, marker); !seen) return seen;
        delete_draft(t, copy, marker.user);
        return {};
      });
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

}  // namespace

std::vector<http::Route> mark_routes(const GradingApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string copy = "/api/grading/copies/{copy_id}/";
  const http::BodyPolicy small = http::SmallBody{}, none = http::NoBody{};
  return {
      {Method::get, copy + "scores/", bound(api, get_scores), none, staff},
      {Method::put, copy + "scores/", bound(api, put_scores), small, staff},
      {Method::get, copy + "remarks/", bound(api, list_remarks), none, staff},
      {Method::post, copy + "remarks/", bound(api, post_remark), small, staff},
      {Method::get, copy + "remarks/{remark_id}/", bound(api, show_remark), none, staff},
      {Method::delete_, copy + "remarks/{remark_id}/", bound(api, remove_remark), none, staff},
      {Method::get, copy + "global-appreciation/", bound(api, get_appreciation), none, staff},
      {Method::put, copy + "global-appreciation/", bound(api, put_appreciation), small, staff},
      {Method::get, copy + "draft/", bound(api, get_draft), none, staff},
      {Method::put, copy + "draft/", bound(api, put_one_draft), small, staff},
      {Method::delete_, copy + "draft/", bound(api, remove_draft), none, staff},
  };
}

}  // namespace korrigo::grading
