#include "copies/copies_api.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>

#include "accounts/guard_api.h"
#include "base/text.h"
#include "copies/copy_json.h"
#include "copies/copy_list.h"
#include "copies/desk_api.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::size_t kLongestSearch = 200;  // characters

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<std::optional<std::string>> one_of(const Request& request, std::string_view name,
                                          std::initializer_list<std::string_view> names) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  if (std::find(names.begin(), names.end(), *text) == names.end())
    return tl::unexpected(http::invalid_field(name, "is not one of its values"));
  return std::string(*text);
}

// What only the office may ask for.
Result<void> add_office_filters(const Request& request, CopyFilter& filter) {
  const auto identified = one_of(request, "is_identified", {"true", "false"});
  if (!identified) return tl::unexpected(identified.error());
  if (*identified) filter.is_identified = **identified == "true";
  const auto mode = one_of(request, "ocr_mode", {"AUTO", "SEMI_AUTO", "MANUAL"});
  if (!mode) return tl::unexpected(mode.error());
  filter.ocr_mode = *mode;
  if (const auto text = request.query_value("assigned_corrector_id")) {
    const auto id = number_in<std::int64_t>(*text);
    if (!id) return tl::unexpected(http::invalid_field("assigned_corrector_id", "must be a whole number"));
    filter.corrector = UserId{*id};
  }
  filter.for_office = true;
  return {};
}

CopyOrder order_named(std::string_view name) {
  if (name == "exam") return CopyOrder::exam;
  if (name == "status") return CopyOrder::status;
  if (name == "created_at") return CopyOrder::created_at;
  if (name == "student") return CopyOrder::student;
  if (name == "confidence") return CopyOrder::confidence;
  return CopyOrder::anonymous_id;
}

Result<CopyFilter> filter_of(const Request& request, const http::Listing& listing) {
  const accounts::Caller& caller = accounts::caller_of(request);
  CopyFilter filter;
  const auto status =
      one_of(request, "status", {"STAGING", "READY", "LOCKED", "GRADED", "QUARANTINE", "GRADING_FAILED"});
  if (!status) return tl::unexpected(status.error());
  filter.status = *status;
  filter.search = std::string(request.query_value("search").value_or(""));
  if (!is_utf8(filter.search) || code_points(filter.search).size() > kLongestSearch)
    return tl::unexpected(http::invalid_field("search", "must have at most 200 characters"));
  if (caller.is_admin()) {
    if (auto added = add_office_filters(request, filter); !added) return tl::unexpected(added.error());
  } else {
    filter.corrector = caller.user;
  }
  filter.order = order_named(listing.ordering);
  filter.descending = listing.descending;
  filter.page_size = listing.page_size;
  filter.offset = listing.offset();
  return filter;
}

Result<http::Listing> listing_of(const Request& request, bool is_of_exam) {
  if (!accounts::caller_of(request).is_admin()) return http::read_listing(request, {"anonymous_id", "status"});
  if (is_of_exam) return http::read_listing(request, {"anonymous_id", "status", "created_at", "student", "confidence"});
  return http::read_listing(request, {"exam", "anonymous_id", "status", "created_at", "student", "confidence"});
}

Result<Response> list(const CopiesApi& api, const Request& request, const std::optional<ExamId>& exam) {
  const auto listing = listing_of(request, exam.has_value());
  if (!listing) return tl::unexpected(listing.error());
  auto filter = filter_of(request, *listing);
  if (!filter) return tl::unexpected(filter.error());
  filter->exam = exam;
  const Viewer viewer = viewer_of(request);
  const auto page = api.database.read([&](Transaction& t) -> Result<CopyPage> {
    if (exam)
      if (auto there = require_exam(t, *exam); !there) return tl::unexpected(there.error());
    return list_copies(t, *filter);
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const CopyView& copy : page->copies)
    results.push_back(viewer.is_office ? copy_json(copy) : copy_json_for_corrector(copy, viewer.user));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> list_of_exam(const CopiesApi& api, const Request& request) {
  const auto exam = exam_in_path(request);
  if (!exam) return tl::unexpected(exam.error());
  return list(api, request, *exam);
}

Result<Response> list_of_all(const CopiesApi& api, const Request& request) {
  std::optional<ExamId> exam;
  if (const auto text = request.query_value("exam")) {
    exam = ExamId::parse(*text);
    if (!exam) return tl::unexpected(http::invalid_field("exam", "must be a UUID"));
  }
  return list(api, request, exam);
}

Result<Response> detail(const CopiesApi& api, const Request& request) {
  const auto id = copy_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const Viewer viewer = viewer_of(request);
  const auto answer = api.database.read([&](Transaction& t) -> Result<json::object> {
    if (auto seen = may_see(t, *id, viewer); !seen) return tl::unexpected(seen.error());
    const auto copy = find_copy(t, *id);
    if (!copy) return tl::unexpected(copy.error());
    json::array pages = pages_json(*id, pages_of_copy(t, *id));
    if (!viewer.is_office)
      return json::object{{"copy", copy_json_for_corrector(*copy, viewer.user)}, {"pages", std::move(pages)}};
    json::array booklets;
    for (const BookletView& booklet : booklets_of_copy_shown(t, *id)) booklets.push_back(booklet_json(booklet));
    return json::object{{"copy", copy_json(*copy)},
                        {"booklets", std::move(booklets)},
                        {"pages", std::move(pages)},
                        {"ocr_result", ocr_json(ocr_of_copy(t, *id))}};
  });
  if (!answer) return tl::unexpected(answer.error());
  return http::json(200, *answer);
}

/// A viewer that asks for part after part of a file asks for its beginning once.
bool asks_for_the_beginning(const Request& request) {
  const auto range = request.header("Range");
  return !range || range->starts_with("bytes=0-");
}

Result<Response> pdf(const CopiesApi& api, const Request& request) {
  const auto id = copy_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const auto file = api.database.read([&](Transaction& t) { return pdf_of_copy(t, *id, viewer_of(request)); });
  if (!file) return tl::unexpected(file.error());
  if (viewer_of(request).is_office && asks_for_the_beginning(request)) note_unmasking(office_of(api, request), *id);
  return answer_pdf(api, *file, request.query_value("download") == "1");
}

Result<Response> page(const CopiesApi& api, const Request& request) {
  const auto id = copy_in_path(request);
  if (!id) return tl::unexpected(id.error());
  const auto size = size_in_query(request);
  if (!size) return tl::unexpected(size.error());
  const Error no_page{ErrorKind::not_found, "page.not_found", "There is no such page."};
  // A number that is none names no page, but whose copy it is comes first.
  const auto number = number_in<int>(request.path_parameter("page_number")).value_or(0);
  const auto key =
      api.database.read([&](Transaction& t) { return picture_of_page(t, *id, number, *size, viewer_of(request)); });
  if (!key) return tl::unexpected(key.error());
  return answer_picture(api, *key, no_page);
}

}  // namespace

std::vector<http::Route> copy_routes(const CopiesApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  return {
      {Method::get, "/api/exams/{exam_id}/copies/", bound(api, list_of_exam), http::NoBody{}, staff},
      {Method::get, "/api/copies/", bound(api, list_of_all), http::NoBody{}, staff},
      {Method::get, "/api/copies/{copy_id}/", bound(api, detail), http::NoBody{}, staff},
      {Method::get, "/api/copies/{copy_id}/pdf/", bound(api, pdf), http::NoBody{}, staff},
      {Method::get, "/api/copies/{copy_id}/pages/{page_number}/", bound(api, page), http::NoBody{}, staff},
  };
}

}  // namespace korrigo::copies
