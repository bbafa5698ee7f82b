#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "accounts/guard_api.h"
#include "copies/copies_api.h"
#include "copies/copy_json.h"
#include "copies/desk_api.h"
#include "copies/identity_desk.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

json::object progress_json(const DeskProgress& progress) {
  json::array people;
  for (const DeskPerson& person : progress.people)
    people.push_back(json::object{{"id", person.id.value},
                                  {"name", person.name},
                                  {"identified", person.identified},
                                  {"is_here", person.is_here}});
  return {{"left", progress.left},
          {"identified", progress.identified},
          {"quarantined", progress.quarantined},
          {"people", std::move(people)}};
}

json::object place_json(const DeskPlace& place) {
  json::array fields;
  for (const HeaderField& field : place.fields)
    fields.push_back(
        json::object{{"field", field.kind}, {"x", field.x}, {"y", field.y}, {"w", field.w}, {"h", field.h}});
  return {{"copy", place.copy ? json::value(unidentified_json(*place.copy)) : json::value(nullptr)},
          {"header_fields", std::move(fields)},
          {"until", to_iso(place.until)},
          {"progress", progress_json(place.progress)}};
}

Result<Response> list(const CopiesApi& api, const Request& request) {
  const auto exam = ExamId::parse(request.query_value("exam").value_or(""));
  if (!exam) return tl::unexpected(http::invalid_field("exam", "must be a UUID"));
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto page = api.database.read([&](Transaction& t) -> Result<DeskPage> {
    if (auto there = require_exam(t, *exam); !there) return tl::unexpected(there.error());
    return list_desk(t, *exam, listing->page_size, listing->offset(), api.queue.clock().now());
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const DeskEntry& entry : page->entries) {
    json::value holder = nullptr;
    if (entry.holder) holder = json::object{{"id", entry.holder->id.value}, {"name", entry.holder->name}};
    results.push_back(json::object{{"copy", unidentified_json(entry.copy)}, {"held_by", std::move(holder)}});
  }
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<std::string> desk_in_path(const Request& request) {
  const std::string_view desk = request.path_parameter("desk_id");
  if (is_uuid(desk)) return std::string(desk);
  return tl::unexpected(http::invalid_field("desk_id", "must be a UUID"));
}

Result<DeskWish> wish_of(http::JsonFields& fields, std::string desk) {
  DeskWish wish{std::move(desk)};
  const std::string move = fields.text("move");
  if (const auto copy = fields.optional_text("copy_id")) {
    wish.copy = CopyId::parse(*copy);
    if (!wish.copy) fields.reject("copy_id", "must be a UUID");
  }
  if (move == "stay") {
    wish.move = DeskMove::stay;
    if (!wish.copy) fields.reject("copy_id", "is required");
  } else if (move == "back") {
    wish.move = DeskMove::back;
  } else if (move != "next") {
    fields.reject("move", "is not one of its values");
  }
  if (fields.fault()) return fields.refusal();
  return wish;
}

Result<Response> take(const CopiesApi& api, const Request& request) {
  const auto desk = desk_in_path(request);
  if (!desk) return tl::unexpected(desk.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const auto exam = ExamId::parse(fields.text("exam_id"));
  if (!exam) fields.reject("exam_id", "must be a UUID");
  const auto wish = wish_of(fields, *desk);
  if (!wish) return tl::unexpected(wish.error());
  const auto place = take_place(office_of(api, request), *exam, *wish);
  if (!place) return tl::unexpected(place.error());
  return http::json(200, place_json(*place));
}

Result<Response> leave(const CopiesApi& api, const Request& request) {
  const auto desk = desk_in_path(request);
  if (!desk) return tl::unexpected(desk.error());
  leave_desk(office_of(api, request), *desk);
  return http::no_content();
}

}  // namespace

std::vector<http::Route> identity_desk_routes(const CopiesApi& api) {
  const auto admin = accounts::kAdmin;
  const std::string desk = "/api/identification/desk/{desk_id}/";
  return {
      {Method::get, "/api/identification/desk/", bound(api, list), http::NoBody{}, admin},
      {Method::post, desk, bound(api, take), http::SmallBody{}, admin},
      {Method::delete_, desk, bound(api, leave), http::NoBody{}, admin},
  };
}

}  // namespace korrigo::copies
