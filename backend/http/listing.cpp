#include "http/listing.h"

#include <boost/json/object.hpp>
#include <charconv>

#include "http/json_fields.h"
#include "http/url.h"

namespace korrigo::http {
namespace {

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string path_of_page(const Request& request, int page) {
  std::string path = request.path + "?";
  for (const auto& [name, value] : request.query) {
    if (name != "page") path += percent_encode(name) + "=" + percent_encode(value) + "&";
  }
  return path + fmt::format("page={}", page);
}

}  // namespace

Result<Listing> read_listing(const Request& request, std::initializer_list<std::string_view> orderings) {
  Listing listing;
  if (const auto text = request.query_value("page")) {
    const auto number = whole_number(*text);
    if (!number || *number < 1) return tl::unexpected(invalid_field("page", "must be a whole number from 1"));
    listing.page = *number;
  }
  if (const auto text = request.query_value("page_size")) {
    const auto number = whole_number(*text);
    if (!number || *number < 1 || *number > Listing::kMaxPageSize) {
      return tl::unexpected(
          invalid_field("page_size", fmt::format("must be a whole number from 1 to {}", Listing::kMaxPageSize)));
    }
    listing.page_size = *number;
  }
  const auto take = [&](std::string_view text) {
    listing.descending = text.starts_with('-');
    listing.ordering = text.substr(listing.descending ? 1 : 0);
  };
  if (orderings.size() == 0) return listing;
  take(*orderings.begin());
  if (const auto text = request.query_value("ordering")) {
    take(*text);
    const bool known = std::ranges::any_of(orderings, [&](std::string_view name) {
      return name.substr(name.starts_with('-') ? 1 : 0) == listing.ordering;
    });
    if (!known) return tl::unexpected(invalid_field("ordering", "is not one of the orders of this list"));
  }
  return listing;
}

Result<Response> answer_list(const Request& request, const Listing& listing, std::int64_t count,
                             boost::json::array results) {
  if (listing.page > 1 && listing.offset() >= count) {
    return refuse(ErrorKind::not_found, "page.not_found", "There is no such page.");
  }
  boost::json::object answer;
  answer["count"] = count;
  answer["next"] = nullptr;
  answer["previous"] = nullptr;
  if (listing.offset() + listing.page_size < count) answer["next"] = path_of_page(request, listing.page + 1);
  if (listing.page > 1) answer["previous"] = path_of_page(request, listing.page - 1);
  answer["results"] = std::move(results);
  return json(200, answer);
}

}  // namespace korrigo::http
