#include "exams/exam.h"
#include "exams/grading_versions.h"
#include "exams/marks.h"
#include "grading/desk_api.h"
#include "grading/regrading.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using exams::points_json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kFingerprint = 64;

json::array texts(const std::vector<std::string>& all) {
  json::array array;
  for (const std::string& text : all) array.emplace_back(text);
  return array;
}

json::object moved_json(const MovedCopy& copy) {
  return {{"copy_id", copy.copy.text()},
          {"anonymous_id", copy.anonymous_id},
          {"status", copy.status},
          {"total_before", points_json(copy.total_before)},
          {"total_after", points_json(copy.total_after)},
          {"to_score", texts(copy.to_score)},
          {"lost", texts(copy.lost)},
          {"reopened", copy.reopened}};
}

json::object regrading_json(const Regrading& told) {
  json::array changed, copies, thresholds;
  for (const MovedQuestion& question : told.changed)
    changed.push_back(json::object{{"question_id", question.id},
                                   {"points_before", points_json(question.before)},
                                   {"points_after", points_json(question.after)}});
  for (const MovedCopy& copy : told.moved) copies.push_back(moved_json(copy));
  for (const Threshold& threshold : told.thresholds)
    thresholds.push_back(json::object{{"of_20", points_json(threshold.of_20)},
                                      {"reached_before", threshold.before},
                                      {"reached_after", threshold.after}});
  return {{"version", told.version},
          {"grading_structure", exams::grading_structure_json(told.after)},
          {"mark_step", points_json(told.after.step)},
          {"maximum_before", points_json(told.before.maximum())},
          {"maximum_after", points_json(told.after.maximum())},
          {"questions_added", texts(told.added)},
          {"questions_removed", texts(told.removed)},
          {"questions_changed", std::move(changed)},
          {"marked_count", told.marked},
          {"graded_count", told.graded},
          {"copies", std::move(copies)},
          {"thresholds", std::move(thresholds)},
          {"fingerprint", told.fingerprint}};
}

BaremeWish wish_in(http::JsonFields& fields, const json::object& body) {
  BaremeWish wish;
  if (const json::array* structure = fields.optional_array("grading_structure"))
    wish.grading_structure = *structure;
  else
    fields.reject("grading_structure", "is required");
  wish.mark_step = points_in(fields, body, "mark_step");
  return wish;
}

Result<Response> preview(const GradingApi& api, Request& request) {
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const BaremeWish wish = wish_in(fields, *body);
  if (fields.fault()) return fields.refusal();
  const auto told = api.database.read([&](Transaction& t) { return preview_bareme(t, *exam, wish); });
  return answered(told, regrading_json);
}

Result<Response> apply(const GradingApi& api, Request& request) {
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const BaremeWish wish = wish_in(fields, *body);
  const std::string fingerprint = fields.text("fingerprint", {.min = kFingerprint, .max = kFingerprint});
  if (fields.fault()) return fields.refusal();
  const audit::Actor actor = accounts::actor_of(request);
  const UtcTime now = api.clock.now();
  const auto done = api.database.write_contended(
      [&](Transaction& t) { return apply_bareme(t, *exam, wish, fingerprint, actor, api.finalised, now); });
  return answered(done, regrading_json);
}

json::object version_json(const exams::GradingVersion& version) {
  return {{"version", version.version},
          {"grading_structure", version.grading_structure},
          {"mark_step", points_json(version.mark_step)},
          {"created_by", version.created_by ? json::value(version.created_by->value) : json::value(nullptr)},
          {"created_at", to_iso(version.created_at)}};
}

Result<Response> versions(const GradingApi& api, Request& request) {
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto all = api.database.read([&](Transaction& t) -> Result<std::vector<exams::GradingVersion>> {
    if (auto found = exams::find_exam(t, *exam); !found) return tl::unexpected(found.error());
    return exams::versions_of(t, *exam);
  });
  return answered(all, [](const auto& kept) { return results_json(kept, version_json); });
}

}  // namespace

std::vector<http::Route> regrading_routes(const GradingApi& api) {
  const http::BodyPolicy small = http::SmallBody{};
  const std::string structure = "/api/exams/{exam_id}/grading-structure/";
  return {
      {Method::post, structure + "preview/", bound(api, preview), small, accounts::kAdmin},
      {Method::post, structure, bound(api, apply), small, accounts::kAdmin},
      {Method::get, structure + "versions/", bound(api, versions), http::NoBody{}, accounts::kAdmin},
  };
}

}  // namespace korrigo::grading
