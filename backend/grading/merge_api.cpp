#include "copies/copy_json.h"
#include "grading/desk_api.h"
#include "grading/merge.h"

namespace korrigo::grading {
namespace {

using http::Method;
using http::Request;
using http::Response;

Prefer prefer_in(http::JsonFields& fields) {
  const auto prefer = fields.optional_text("prefer");
  if (!prefer) return Prefer::nobody;
  if (*prefer != "target" && *prefer != "source") fields.reject("prefer", "must be target or source");
  return *prefer == "source" ? Prefer::source : Prefer::target;
}

Result<Response> merge(const GradingApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const auto source = CopyId::parse(fields.text("source_copy_id"));
  if (!source) fields.reject("source_copy_id", "must be a UUID");
  const Prefer prefer = prefer_in(fields);
  if (fields.fault()) return fields.refusal();
  const auto target = copy_of_path(request);
  if (!target) return tl::unexpected(target.error());
  const copies::Office office{api.database, api.blobs, api.queue, accounts::actor_of(request)};
  if (auto done = merge_copies(office, *target, *source, prefer); !done) return tl::unexpected(done.error());
  const auto copy = api.database.read([&](storage::Transaction& t) { return copies::find_copy(t, *target); });
  return answered(copy, copies::copy_json);
}

}  // namespace

std::vector<http::Route> merge_routes(const GradingApi& api) {
  return {{Method::post, "/api/copies/{copy_id}/merge/", bound(api, merge), http::SmallBody{}, accounts::kAdmin}};
}

}  // namespace korrigo::grading
