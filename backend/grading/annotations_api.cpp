#include <boost/json/array.hpp>

#include "exams/marks.h"
#include "grading/annotation_reader.h"
#include "grading/desk_api.h"
#include "http/listing.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

json::object annotation_json(const Annotation& annotation) {
  return {{"id", annotation.id.text()},
          {"copy_id", annotation.copy.text()},
          {"face_id", annotation.face.text()},
          {"page_index", annotation.page_index},
          {"x", annotation.box.x},
          {"y", annotation.box.y},
          {"w", annotation.box.w},
          {"h", annotation.box.h},
          {"type", name_of(annotation.type)},
          {"content", annotation.content},
          {"score_delta", exams::points_json(annotation.score_delta)},
          {"question_id", annotation.question_id ? json::value(*annotation.question_id) : json::value(nullptr)},
          {"version", annotation.version},
          {"created_by", annotation.created_by.value},
          {"created_at", to_iso(annotation.created_at)},
          {"updated_at", to_iso(annotation.updated_at)}};
}

Result<Response> list(const GradingApi& api, Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto page = read_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker&) {
    return list_annotations(t, copy, listing->page_size, listing->offset());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const Annotation& annotation : page->annotations) results.push_back(annotation_json(annotation));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> create(const GradingApi& api, Request& request) {
  const auto fields = body_as(request, read_new_annotation);
  if (!fields) return tl::unexpected(fields.error());
  const auto made = on_copy(
      api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) -> Result<Annotation> {
        const auto desk = open_desk(t, copy, marker, now);
        if (!desk) return tl::unexpected(desk.error());
        return create_annotation(t, *desk, *fields);
      });
  if (!made) return tl::unexpected(made.error());
  return http::json(201, annotation_json(*made));
}

/// `work(transaction, desk, id)` on the annotation of the path, with its copy on the desk.
template <class Work>
auto on_annotation(const GradingApi& api, const Request& request, Work&& work)
    -> std::invoke_result_t<Work&, Transaction&, const Desk&, const AnnotationId&> {
  const auto id = id_of_path<AnnotationId>(request, "annotation_id", "annotation");
  if (!id) return tl::unexpected(id.error());
  const Marker marker = marker_of(request);
  const UtcTime now = api.clock.now();
  return api.database.write(
      [&](Transaction& t) -> std::invoke_result_t<Work&, Transaction&, const Desk&, const AnnotationId&> {
        const auto annotation = find_annotation(t, *id);
        if (!annotation) return tl::unexpected(annotation.error());
        const auto desk = open_desk(t, annotation->copy, marker, now);
        if (!desk) return tl::unexpected(desk.error());
        return work(t, *desk, *id);
      });
}

Result<Response> show(const GradingApi& api, Request& request) {
  const auto id = id_of_path<AnnotationId>(request, "annotation_id", "annotation");
  if (!id) return tl::unexpected(id.error());
  const Marker marker = marker_of(request);
  const auto found = api.database.read([&](Transaction& t) -> Result<Annotation> {
    auto annotation = find_annotation(t, *id);
    if (!annotation) return annotation;
    if (auto seen = require_seen(t, annotation->copy, marker); !seen) return tl::unexpected(seen.error());
    return annotation;
  });
  return answered(found, annotation_json);
}

Result<Response> change(const GradingApi& api, Request& request) {
  const auto wanted = body_as(request, read_annotation_change);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto changed = on_annotation(api, request, [&](Transaction& t, const Desk& desk, const AnnotationId& id) {
    return change_annotation(t, desk, id, *wanted);
  });
  return answered(changed, annotation_json);
}

Result<Response> remove(const GradingApi& api, Request& request) {
  const auto removed = on_annotation(api, request, [&](Transaction& t, const Desk& desk, const AnnotationId& id) {
    return delete_annotation(t, desk, id, std::nullopt);
  });
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

}  // namespace

std::vector<http::Route> annotation_routes(const GradingApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string all = "/api/grading/copies/{copy_id}/annotations/";
  const std::string one = "/api/grading/annotations/{annotation_id}/";
  const http::BodyPolicy small = http::SmallBody{};
  return {
      {Method::get, all, bound(api, list), http::NoBody{}, staff},
      {Method::post, all, bound(api, create), small, staff},
      {Method::get, one, bound(api, show), http::NoBody{}, staff},
      {Method::patch, one, bound(api, change), small, staff},
      {Method::delete_, one, bound(api, remove), http::NoBody{}, staff},
  };
}

}  // namespace korrigo::grading
