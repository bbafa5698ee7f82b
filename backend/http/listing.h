/// Lists as the interface cuts them: ?page=, ?page_size=, ?ordering= in, {count, next, previous, results} out.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace korrigo::http {

struct Listing {
  static constexpr int kMaxPageSize = 200;

  int page = 1;  // from 1
  int page_size = 50;
  std::string ordering;  // one of the route's names; its default when the client named none
  bool descending = false;

  std::int64_t offset() const { return (static_cast<std::int64_t>(page) - 1) * page_size; }
};

/// `orderings`: the names the route knows, the default first ("-created_at" for descending); empty when it has only
/// one order. Refuses with malformed "request.invalid", `field` set.
Result<Listing> read_listing(const Request& request, std::initializer_list<std::string_view> orderings = {});

/// The answer: `count` over all pages, `results` of this one; next and previous are paths with query. Refuses with
/// not_found "page.not_found" beyond the last page (the first is never beyond).
Result<Response> answer_list(const Request& request, const Listing& listing, std::int64_t count,
                             boost::json::array results);

}  // namespace korrigo::http
