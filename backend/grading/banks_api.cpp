#include <boost/json/array.hpp>

#include "base/text.h"
#include "exams/exam.h"
#include "exams/marks.h"
#include "grading/by_question.h"
#include "grading/desk_api.h"
#include "grading/suggestions.h"
#include "http/listing.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kLongestSearch = 800;  // bytes

template <class T>
json::value text_or_null(const std::optional<T>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::object template_json(const Template& remark) {
  return {{"id", remark.id.text()},
          {"exam_id", remark.exam.text()},
          {"question_id", text_or_null(remark.question_id)},
          {"criterion_type", remark.criterion_type},
          {"text", remark.text},
          {"score_delta", exams::points_json(remark.score_delta)},
          {"position", remark.position},
          {"created_by", remark.created_by ? json::value(remark.created_by->value) : json::value(nullptr)}};
}

json::object own_json(const OwnRemark& remark) {
  return {{"id", remark.id.text()},
          {"exam_id", remark.exam ? json::value(remark.exam->text()) : json::value(nullptr)},
          {"question_id", text_or_null(remark.question_id)},
          {"text", remark.text},
          {"score_delta", exams::points_json(remark.score_delta)},
          {"usage_count", remark.usage_count},
          {"last_used_at", remark.last_used_at ? json::value(to_iso(*remark.last_used_at)) : json::value(nullptr)}};
}

/// A text of a bank, spaces around it taken away; rejected when nothing is left.
std::string bank_text(http::JsonFields& fields, std::optional<std::string> before) {
  const auto given = fields.optional_text("text", {.min = 0, .max = kMaxBankCharacters});
  if (!given && before) return *before;
  std::string text(trimmed(given.value_or("")));
  if (text.empty()) fields.reject("text", "must not be empty");
  return text;
}

std::optional<std::string> question_in(http::JsonFields& fields, std::optional<std::string> before) {
  if (!fields.has("question_id")) return before;
  return fields.optional_text("question_id", {.max = 255});
}

Result<TemplateFields> template_of(const json::object& body, const TemplateFields* before) {
  http::JsonFields fields(body);
  TemplateFields read = before != nullptr ? *before : TemplateFields{};
  read.text = bank_text(fields, before != nullptr ? std::optional(before->text) : std::nullopt);
  read.question_id = question_in(fields, read.question_id);
  if (const auto criterion = fields.optional_text("criterion_type", {.min = 0, .max = kMaxCriterionCharacters}))
    read.criterion_type = *criterion;
  if (fields.has("score_delta")) read.score_delta = points_in(fields, body, "score_delta");
  if (const auto position = fields.optional_integer("position", 0, 1'000'000)) read.position = *position;
  if (fields.fault()) return fields.refusal();
  return read;
}

Result<OwnRemarkFields> own_of(const json::object& body, const OwnRemarkFields* before) {
  http::JsonFields fields(body);
  OwnRemarkFields read = before != nullptr ? *before : OwnRemarkFields{};
  read.text = bank_text(fields, before != nullptr ? std::optional(before->text) : std::nullopt);
  read.question_id = question_in(fields, read.question_id);
  if (fields.has("score_delta")) read.score_delta = points_in(fields, body, "score_delta");
  if (const auto exam = fields.optional_text("exam_id"); exam && before == nullptr) {
    read.exam = ExamId::parse(*exam);
    if (!read.exam) fields.reject("exam_id", "must be a UUID");
  }
  if (fields.fault()) return fields.refusal();
  return read;
}

template <class T, class Shown>
Result<Response> answer_cut(const Request& request, const std::vector<T>& all, Shown shown) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  json::array results;
  const auto count = static_cast<std::int64_t>(all.size());
  for (std::int64_t i = listing->offset(); i < std::min(count, listing->offset() + listing->page_size); ++i)
    results.push_back(shown(all[static_cast<std::size_t>(i)]));
  return http::answer_list(request, *listing, count, std::move(results));
}

Result<Response> list_of_exam(const GradingApi& api, Request& request) {
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto all = api.database.read([&](Transaction& t) { return list_templates(t, *exam, marker_of(request)); });
  if (!all) return tl::unexpected(all.error());
  return answer_cut(request, *all, template_json);
}

Result<Response> add_to_exam(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto fields = template_of(*body, nullptr);
  if (!fields) return tl::unexpected(fields.error());
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto added = api.database.write(
      [&](Transaction& t) { return add_template(t, *exam, marker_of(request), *fields, api.clock.now()); });
  if (!added) return tl::unexpected(added.error());
  return http::json(201, template_json(*added));
}

/// `work(transaction, exam, marker, id)` on the template of the path.
template <class Work>
auto on_template(const GradingApi& api, const Request& request, Work&& work)
    -> std::invoke_result_t<Work&, Transaction&, const ExamId&, const Marker&, const TemplateId&> {
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto id = id_of_path<TemplateId>(request, "template_id", "template");
  if (!id) return tl::unexpected(id.error());
  return api.database.write([&](Transaction& t) { return work(t, *exam, marker_of(request), *id); });
}

Result<Response> change_one(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto changed = on_template(
      api, request,
      [&](Transaction& t, const ExamId& exam, const Marker& marker, const TemplateId& id) -> Result<Template> {
        const auto before = find_template(t, exam, marker, id);
        if (!before) return before;
        const auto fields = template_of(*body, &*before);
        if (!fields) return tl::unexpected(fields.error());
        return change_template(t, exam, marker, id, *fields);
      });
  return answered(changed, template_json);
}

Result<Response> remove_one(const GradingApi& api, Request& request) {
  const auto removed = on_template(api, request, delete_template);
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

Result<Response> list_own(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const UserId user = accounts::caller_of(request).user;
  const auto page = api.database.read(
      [&](Transaction& t) { return list_own_remarks(t, user, listing->page_size, listing->offset()); });
  json::array results;
  for (const OwnRemark& remark : page.remarks) results.push_back(own_json(remark));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> keep_own(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto fields = own_of(*body, nullptr);
  if (!fields) return tl::unexpected(fields.error());
  const UserId user = accounts::caller_of(request).user;
  const auto kept =
      api.database.write([&](Transaction& t) { return keep_own_remark(t, user, *fields, api.clock.now()); });
  if (!kept) return tl::unexpected(kept.error());
  return http::json(kept->is_new ? 201 : 200, own_json(kept->remark));
}

template <class Work>
auto on_own(const GradingApi& api, const Request& request, Work&& work)
    -> std::invoke_result_t<Work&, Transaction&, UserId, const OwnRemarkId&> {
  const auto id = id_of_path<OwnRemarkId>(request, "own_remark_id", "own_remark");
  if (!id) return tl::unexpected(id.error());
  const UserId user = accounts::caller_of(request).user;
  return api.database.write([&](Transaction& t) { return work(t, user, *id); });
}

Result<Response> change_own(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto changed =
      on_own(api, request, [&](Transaction& t, UserId user, const OwnRemarkId& id) -> Result<OwnRemark> {
        const auto before = find_own_remark(t, user, id);
        if (!before) return before;
        const auto fields = own_of(*body, &*before);
        if (!fields) return tl::unexpected(fields.error());
        return change_own_remark(t, user, id, *fields);
      });
  return answered(changed, own_json);
}

Result<Response> use_own(const GradingApi& api, Request& request) {
  const auto used = on_own(api, request, [&](Transaction& t, UserId user, const OwnRemarkId& id) {
    return use_own_remark(t, user, id, api.clock.now());
  });
  return answered(used, own_json);
}

Result<Response> remove_own(const GradingApi& api, Request& request) {
  const auto removed = on_own(api, request, delete_own_remark);
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

Result<Response> suggestions(const GradingApi& api, Request& request) {
  Context context;
  if (const auto question = request.query_value("question")) context.question_id = std::string(*question);
  if (const auto criterion = request.query_value("criterion")) context.criterion_type = std::string(*criterion);
  context.text = std::string(request.query_value("q").value_or(""));
  if (context.text.size() > kLongestSearch) return tl::unexpected(http::invalid_field("q", "is too long"));
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto found = api.database.read([&](Transaction& t) { return suggest(t, *exam, marker_of(request), context); });
  if (!found) return tl::unexpected(found.error());
  json::array templates, own;
  for (const Template& remark : found->templates) templates.push_back(template_json(remark));
  for (const OwnRemark& remark : found->own) own.push_back(own_json(remark));
  return http::json(200, json::object{{"templates", std::move(templates)}, {"own", std::move(own)}});
}

Result<Response> structure(const GradingApi& api, Request& request) {
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto found = api.database.read([&](Transaction& t) -> Result<exams::GradingStructure> {
    if (auto may = require_marker_of(t, *exam, marker_of(request)); !may) return tl::unexpected(may.error());
    return exams::grading_structure_of(t, *exam);
  });
  if (!found) return tl::unexpected(found.error());
  return http::json(200, json::object{{"exam_id", exam->text()},
                                      {"grading_structure", exams::grading_structure_json(*found)},
                                      {"mark_step", exams::points_json(found->step)},
                                      {"maximum", exams::points_json(found->maximum())}});
}

json::object on_copy_json(const QuestionOnCopy& copy) {
  return {{"copy_id", copy.copy.text()},
          {"anonymous_id", copy.anonymous_id},
          {"status", copy.status},
          {"points", exams::points_json(copy.points)},
          {"remark", text_or_null(copy.remark)},
          {"annotations_count", copy.annotations},
          {"locked_by_other", copy.is_locked_by_other}};
}

Result<Response> by_question(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  QuestionFilter filter{{}, listing->page_size, listing->offset()};
  if (const auto scored = request.query_value("scored")) {
    if (*scored != "true" && *scored != "false")
      return tl::unexpected(http::invalid_field("scored", "must be true or false"));
    filter.is_scored = *scored == "true";
  }
  const auto exam = exam_of_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const std::string question(request.path_parameter("question_id"));
  const auto page = api.database.read([&](Transaction& t) {
    return copies_by_question(t, *exam, question, marker_of(request), filter, api.clock.now());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const QuestionOnCopy& copy : page->copies) results.push_back(on_copy_json(copy));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

}  // namespace

std::vector<http::Route> bank_routes(const GradingApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string exam = "/api/grading/exams/{exam_id}/", own = "/api/grading/my-annotations/";
  const std::string one = exam + "templates/{template_id}/", mine = own + "{own_remark_id}/";
  const http::BodyPolicy small = http::SmallBody{}, none = http::NoBody{};
  return {
      {Method::get, exam + "grading-structure/", bound(api, structure), none, staff},
      {Method::get, exam + "questions/{question_id}/copies/", bound(api, by_question), none, staff},
      {Method::get, exam + "templates/", bound(api, list_of_exam), none, staff},
      {Method::post, exam + "templates/", bound(api, add_to_exam), small, staff},
      {Method::patch, one, bound(api, change_one), small, staff},
      {Method::delete_, one, bound(api, remove_one), none, staff},
      {Method::get, exam + "suggestions/", bound(api, suggestions), none, staff},
      {Method::get, own, bound(api, list_own), none, staff},
      {Method::post, own, bound(api, keep_own), small, staff},
      {Method::patch, mine, bound(api, change_own), small, staff},
      {Method::delete_, mine, bound(api, remove_own), none, staff},
      {Method::post, mine + "use/", bound(api, use_own), none, staff},
  };
}

}  // namespace korrigo::grading
