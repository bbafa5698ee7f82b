/// What the routes of this module have in common. Internal to this module.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "accounts/guard_api.h"
#include "grading/grading_api.h"
#include "http/json_fields.h"
#include "http/request.h"
#include "http/response.h"

namespace korrigo::grading {

/// Who asks, with the lock token that came along (X-Lock-Token).
Marker marker_of(const http::Request& request);

/// The ids of the path; what is none names nothing: not_found "<thing>.not_found".
Result<CopyId> copy_of_path(const http::Request& request);
Result<ExamId> exam_of_path(const http::Request& request);
template <class Id>
Result<Id> id_of_path(const http::Request& request, std::string_view name, std::string_view thing) {
  if (auto id = Id::parse(request.path_parameter(name))) return std::move(*id);
  return refuse(ErrorKind::not_found, std::string(thing) + ".not_found",
                "There is no such " + std::string(thing) + ".");
}

/// The body, which may be left out.
Result<boost::json::object> body_or_nothing(const http::Request& request);

/// What `read` makes of the body's object.
template <class Read>
auto body_as(const http::Request& request, Read&& read) -> std::invoke_result_t<Read&, const boost::json::object&> {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  return read(*body);
}

/// 200 with `show(value)`, or why there is none.
template <class T, class Show>
Result<http::Response> answered(const Result<T>& value, Show&& show) {
  if (!value) return tl::unexpected(value.error());
  return http::json(200, show(*value));
}

/// {"results": [...]} of all of them.
template <class List, class Show>
boost::json::object results_json(const List& list, Show&& show) {
  boost::json::array results;
  for (const auto& one : list) results.push_back(show(one));
  return boost::json::object{{"results", std::move(results)}};
}

/// Points of a member: nothing when it is absent or null. Rejects what is none.
std::optional<std::int64_t> points_in(http::JsonFields& fields, const boost::json::object& body, std::string_view name);

/// `work(transaction, copy, marker, now)` on the copy of the path, in one transaction.
template <class Work>
auto on_copy(const GradingApi& api, const http::Request& request, Work&& work)
    -> std::invoke_result_t<Work&, storage::Transaction&, const CopyId&, const Marker&, UtcTime> {
  const auto copy = copy_of_path(request);
  if (!copy) return tl::unexpected(copy.error());
  const Marker marker = marker_of(request);
  const UtcTime now = api.clock.now();
  return api.database.write([&](storage::Transaction& t) { return work(t, *copy, marker, now); });
}

/// The same for reading; the marker may see the copy.
Result<void> require_seen(storage::Transaction& transaction, const CopyId& copy, const Marker& marker);
template <class Work>
auto read_copy(const GradingApi& api, const http::Request& request, Work&& work)
    -> Result<std::invoke_result_t<Work&, storage::Transaction&, const CopyId&, const Marker&>> {
  using Read = std::invoke_result_t<Work&, storage::Transaction&, const CopyId&, const Marker&>;
  const auto copy = copy_of_path(request);
  if (!copy) return tl::unexpected(copy.error());
  const Marker marker = marker_of(request);
  return api.database.read([&](storage::Transaction& t) -> Result<Read> {
    if (auto seen = require_seen(t, *copy, marker); !seen) return tl::unexpected(seen.error());
    return work(t, *copy, marker);
  });
}

/// A handler bound to what it works with.
template <class Handle>
http::Handler bound(const GradingApi& api, Handle handle) {
  return [api, handle](http::Request& request) -> Result<http::Response> { return handle(api, request); };
}

}  // namespace korrigo::grading
