#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "accounts/guard_api.h"
#include "copies/copies_api.h"
#include "copies/copy_json.h"
#include "copies/desk_api.h"
#include "copies/stapling.h"
#include "copies/undo.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kMostNamed = 1000;  // booklets or faces in one request

Result<json::object> booklet_now(const CopiesApi& api, const BookletId& booklet) {
  const auto shown = api.database.read([&](Transaction& t) { return show_booklet(t, booklet); });
  if (!shown) return tl::unexpected(shown.error());
  return booklet_json(*shown);
}

Result<Response> list(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto page = api.database.read([&](Transaction& t) -> Result<BookletPage> {
    if (auto there = require_exam(t, *exam); !there) return tl::unexpected(there.error());
    return list_booklets(t, *exam, listing->page_size, listing->offset());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const BookletView& booklet : page->booklets) results.push_back(booklet_json(booklet));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> show(const CopiesApi& api, const Request& request) {
  const auto id = booklet_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const auto booklet = booklet_now(api, *id);
  if (!booklet) return tl::unexpected(booklet.error());
  return http::json(200, *booklet);
}

Result<Response> remove(const CopiesApi& api, const Request& request) {
  const auto id = booklet_in_path(request);
  if (!id) return tl::unexpected(id.error());
  if (auto deleted = delete_booklet(office_of(api, request), *id); !deleted) return tl::unexpected(deleted.error());
  return http::no_content();
}

Result<Response> header(const CopiesApi& api, const Request& request) {
  const auto id = booklet_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const auto key = api.database.read([&](Transaction& t) { return picture_of_header(t, *id); });
  if (!key) return tl::unexpected(key.error());
  return answer_picture(api, *key, {ErrorKind::not_found, "booklet.no_header", "This booklet has no header."});
}

Result<Response> face_image(const CopiesApi& api, const Request& request) {
  const auto id = face_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const auto size = size_in_query(request);
  if (!size) return tl::unexpected(size.error());
  const auto key = api.database.read([&](Transaction& t) { return picture_of_face(t, *id, *size); });
  if (!key) return tl::unexpected(key.error());
  return answer_picture(api, *key, {ErrorKind::not_found, "face.not_found", "There is no picture of this face."});
}

Result<Response> split(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const auto at = fields.integer("at", 1, 1'000'000);
  if (fields.fault()) return fields.refusal();
  const auto id = booklet_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const auto parts = split_booklet(office_of(api, request), *id, static_cast<int>(at));
  if (!parts) return tl::unexpected(parts.error());
  json::array booklets;
  for (const BookletId& part : {parts->first, parts->second}) {
    auto booklet = booklet_now(api, part);
    if (!booklet) return tl::unexpected(booklet.error());
    booklets.push_back(std::move(*booklet));
  }
  return http::json(201, json::object{{"booklets", std::move(booklets)}});
}

std::optional<ArrangedFace> face_of(const json::value& value) {
  const json::object* face = value.if_object();
  const json::value* id = face != nullptr ? face->if_contains("id") : nullptr;
  const auto known = id != nullptr && id->is_string() ? FaceId::parse(id->as_string()) : std::nullopt;
  if (!known) return std::nullopt;
  ArrangedFace arranged{*known};
  const json::value* rotation = face->if_contains("rotation");
  if (rotation == nullptr || rotation->is_null()) return arranged;
  if (!rotation->is_int64()) return std::nullopt;
  const std::int64_t degrees = rotation->as_int64();
  if (degrees != 0 && degrees != 90 && degrees != 180 && degrees != 270) return std::nullopt;
  arranged.rotation = static_cast<int>(degrees);
  return arranged;
}

Result<std::vector<ArrangedFace>> faces_in(const json::object& body) {
  http::JsonFields fields(body);
  std::vector<ArrangedFace> faces;
  const json::array* given = fields.optional_array("faces");
  if (given == nullptr || given->empty() || given->size() > kMostNamed)
    fields.reject("faces", "must be a list of faces, at least one");
  else
    for (const json::value& value : *given) {
      const auto face = face_of(value);
      if (!face) fields.reject("faces", "must be a list of {id, rotation: 0, 90, 180 or 270}");
      if (face) faces.push_back(*face);
    }
  if (fields.fault()) return fields.refusal();
  return faces;
}

Result<Response> arrange(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto faces = faces_in(*body);
  if (!faces) return tl::unexpected(faces.error());
  const auto id = booklet_in_path(request);
  if (!id) return tl::unexpected(id.error());
  if (auto done = arrange_faces(office_of(api, request), *id, *faces); !done) return tl::unexpected(done.error());
  const auto booklet = booklet_now(api, *id);
  if (!booklet) return tl::unexpected(booklet.error());
  return http::json(200, *booklet);
}

Result<std::vector<BookletId>> booklets_in(const json::object& body) {
  http::JsonFields fields(body);
  std::vector<BookletId> booklets;
  const json::array* given = fields.optional_array("booklet_ids");
  if (given == nullptr || given->size() > kMostNamed)
    fields.reject("booklet_ids", "must be a list of booklets");
  else
    for (const json::value& value : *given) {
      const auto id = value.is_string() ? BookletId::parse(value.as_string()) : std::nullopt;
      if (!id) fields.reject("booklet_ids", "must be a list of UUIDs");
      if (id) booklets.push_back(*id);
    }
  if (fields.fault()) return fields.refusal();
  return booklets;
}

Result<Response> merge(const CopiesApi& api, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto booklets = booklets_in(*body);
  if (!booklets) return tl::unexpected(booklets.error());
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto copy = merge_booklets(office_of(api, request), *exam, *booklets);
  if (!copy) return tl::unexpected(copy.error());
  return answer_copy(api, 201, *copy);
}

template <class Id>
json::array texts_of(const std::vector<Id>& ids) {
  json::array texts;
  for (const Id& id : ids) texts.emplace_back(id.text());
  return texts;
}

Result<Response> undo(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto undone = undo_last_step(office_of(api, request), *exam);
  if (!undone) return tl::unexpected(undone.error());
  return http::json(200, json::object{{"undone", undone->action},
                                      {"message", fmt::format("Undone: {}.", undone->action)},
                                      {"booklet_ids", texts_of(undone->booklets)},
                                      {"copy_ids", texts_of(undone->copies)}});
}

}  // namespace

std::vector<http::Route> booklet_routes(const CopiesApi& api) {
  const auto admin = accounts::kAdmin;
  const std::string booklet = "/api/exams/booklets/{booklet_id}/";
  return {
      {Method::get, "/api/exams/{exam_id}/booklets/", bound(api, list), http::NoBody{}, admin},
      {Method::get, booklet, bound(api, show), http::NoBody{}, admin},
      {Method::delete_, booklet, bound(api, remove), http::NoBody{}, admin},
      {Method::get, booklet + "header/", bound(api, header), http::NoBody{}, admin},
      {Method::post, booklet + "split/", bound(api, split), http::SmallBody{}, admin},
      {Method::patch, booklet + "faces/", bound(api, arrange), http::SmallBody{}, admin},
      {Method::post, "/api/exams/{exam_id}/merge-booklets/", bound(api, merge), http::SmallBody{}, admin},
      {Method::post, "/api/exams/{exam_id}/undo/", bound(api, undo), http::NoBody{}, admin},
      {Method::get, "/api/exams/faces/{face_id}/image/", bound(api, face_image), http::NoBody{}, admin},
  };
}

}  // namespace korrigo::copies
