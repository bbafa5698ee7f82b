#include <boost/json/array.hpp>
#include <system_error>

#include "exams/marks.h"
#include "http/listing.h"
#include "publication/desk_api.h"
#include "publication/final_file.h"
#include "publication/published.h"

namespace korrigo::publication {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

Result<Response> final_pdf(const PublicationApi& api, Request& request) {
  const auto copy = id_in_path<CopyId>(request, "copy_id", "copy");
  if (!copy) return tl::unexpected(copy.error());
  const accounts::Caller& caller = accounts::caller_of(request);
  const audit::Actor actor = accounts::actor_of(request);
  const UtcTime now = api.queue.clock().now();
  const auto file = api.database.write_contended([&](Transaction& t) {
    auto found = final_pdf_for(t, *copy, caller);
    if (found) audit::append(t, {actor, "copy.download", "copy", copy->text(), {}}, now);
    return found;
  });
  if (!file) return tl::unexpected(file.error());
  http::FileOptions options{.content_type = "application/pdf",
                            .download_name = file->anonymous_id + ".pdf",
                            .attachment = request.query_value("download") == "1",
                            .cache_control = "private, no-store, no-cache"};
  try {
    return http::file(std::move(api.blobs.open(file->key).fd), options).with("Pragma", "no-cache");
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory) throw;
    return refuse(ErrorKind::not_found, "final_pdf.not_found", "The marked PDF of this copy is being made.");
  }
}

tl::unexpected<Error> no_student() {
  return refuse(ErrorKind::forbidden, "auth.forbidden", "This account is no student's.");
}

void add_details(const std::vector<exams::Question>& questions, const PublishedCopy& copy, json::array& details) {
  for (const exams::Question& question : questions) {
    if (question.is_leaf()) {
      const auto score = copy.marks.scores.find(question.id);
      details.push_back(json::object{
          {"question_id", question.id},
          {"label", question.label},
          {"points", score == copy.marks.scores.end() ? json::value(nullptr) : exams::points_json(score->second)},
          {"maximum", exams::points_json(question.points)}});
    }
    add_details(question.children, copy, details);
  }
}

json::array details_of(const PublishedCopy& copy) {
  json::array details;
  add_details(copy.structure.questions, copy, details);
  if (copy.structure.is_empty())
    for (const auto& [question, points] : copy.marks.scores)
      details.push_back(json::object{{"question_id", question},
                                     {"label", question},
                                     {"points", exams::points_json(points)},
                                     {"maximum", nullptr}});
  return details;
}

json::object published_json(const PublishedCopy& copy) {
  json::array remarks;
  for (const grading::Remark& remark : copy.remarks)
    remarks.push_back(json::object{{"question_id", remark.question_id}, {"remark", remark.remark}});
  return {{"id", copy.id.text()},
          {"exam", json::object{{"id", copy.exam.text()},
                                {"name", copy.exam_name},
                                {"subject", copy.exam_subject},
                                {"date", copy.exam_date}}},
          {"anonymous_id", copy.anonymous_id},
          {"page_count", copy.page_count},
          {"total_score", exams::points_json(copy.marks.total)},
          {"maximum", exams::points_json(copy.marks.maximum)},
          {"scores_details", details_of(copy)},
          {"remarks", std::move(remarks)},
          {"global_appreciation", copy.appreciation},
          {"final_pdf_url",
           copy.has_final_pdf ? json::value("/api/copies/" + copy.id.text() + "/final-pdf/") : json::value(nullptr)},
          {"graded_at", to_iso(copy.graded_at)},
          {"results_released_at", to_iso(copy.released_at)}};
}

Result<Response> own_copies(const PublicationApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto student = accounts::caller_of(request).student;
  if (!student) return no_student();
  const audit::Actor actor = accounts::actor_of(request);
  const PublishedPage page = api.database.write_contended([&](Transaction& t) {
    PublishedPage found = published_copies(t, *student, listing->page_size, listing->offset());
    audit::append(t, {actor, "copy.list", "student", std::to_string(student->value), {}}, api.queue.clock().now());
    return found;
  });
  json::array results;
  for (const PublishedCopy& copy : page.copies) results.push_back(published_json(copy));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

json::object annotation_json(const grading::Annotation& annotation) {
  return {{"id", annotation.id.text()},
          {"page_index", annotation.page_index},
          {"x", annotation.box.x},
          {"y", annotation.box.y},
          {"w", annotation.box.w},
          {"h", annotation.box.h},
          {"type", grading::name_of(annotation.type)},
          {"content", annotation.content},
          {"score_delta", exams::points_json(annotation.score_delta)},
          {"question_id", annotation.question_id ? json::value(*annotation.question_id) : json::value(nullptr)}};
}

Result<Response> own_annotations(const PublicationApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto copy = id_in_path<CopyId>(request, "copy_id", "copy");
  if (!copy) return tl::unexpected(copy.error());
  const auto student = accounts::caller_of(request).student;
  if (!student) return no_student();
  const auto all = api.database.read([&](Transaction& t) { return published_annotations(t, *student, *copy); });
  if (!all) return tl::unexpected(all.error());
  json::array results;
  const auto count = static_cast<std::int64_t>(all->size());
  for (std::int64_t i = listing->offset(); i < std::min(count, listing->offset() + listing->page_size); ++i)
    results.push_back(annotation_json((*all)[static_cast<std::size_t>(i)]));
  return http::answer_list(request, *listing, count, std::move(results));
}

}  // namespace

std::vector<http::Route> result_routes(const PublicationApi& api) {
  return {
      {Method::get, "/api/copies/{copy_id}/final-pdf/", bound(api, final_pdf), http::NoBody{}, accounts::kAny},
      {Method::get, "/api/students/copies/", bound(api, own_copies), http::NoBody{}, accounts::kStudent},
      {Method::get, "/api/students/copies/{copy_id}/annotations/", bound(api, own_annotations), http::NoBody{},
       accounts::kStudent},
  };
}

}  // namespace korrigo::publication
