#include "audit/audit_api.h"

#include <boost/json/parse.hpp>
#include <charconv>

#include "accounts/guard_api.h"
#include "audit/audit.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::audit {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

std::optional<std::string> text_of(const Request& request, std::string_view name) {
  const auto value = request.query_value(name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

Result<std::optional<UtcTime>> time_of(const Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  const auto time = parse_iso(*text);
  if (!time) return tl::unexpected(http::invalid_field(name, "must be a time as 2026-02-03T10:00:00.000Z"));
  return time;
}

Result<std::optional<UserId>> actor_of(const Request& request) {
  const auto text = request.query_value("actor");
  if (!text) return std::nullopt;
  UserId id;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), id.value);
  if (fault != std::errc{} || end != text->data() + text->size()) {
    return tl::unexpected(http::invalid_field("actor", "must be the number of a user"));
  }
  return id;
}

Result<Filter> filter_of(const Request& request, const http::Listing& listing) {
  const auto actor = actor_of(request);
  if (!actor) return tl::unexpected(actor.error());
  const auto since = time_of(request, "since");
  if (!since) return tl::unexpected(since.error());
  const auto until = time_of(request, "until");
  if (!until) return tl::unexpected(until.error());
  return Filter{.actor = *actor,
                .action = text_of(request, "action"),
                .target_type = text_of(request, "target_type"),
                .target_id = text_of(request, "target_id"),
                .since = *since,
                .until = *until,
                .page = listing.page,
                .page_size = listing.page_size};
}

json::object to_json(const Entry& entry) {
  return {{"sequence", entry.sequence},
          {"created_at", to_iso(entry.created_at)},
          {"actor_id", entry.by.user ? json::value(entry.by.user->value) : json::value()},
          {"action", entry.action},
          {"target_type", entry.target_type},
          {"target_id", entry.target_id},
          {"address", entry.by.address},
          {"request_id", entry.by.request_id},
          {"details", json::parse(entry.details)},
          {"hash", entry.hash}};
}

Result<Response> get_audit(storage::Database& database, const Request& request) {
  const auto listing = http::read_listing(request);
  if (!listing) return tl::unexpected(listing.error());
  const auto filter = filter_of(request, *listing);
  if (!filter) return tl::unexpected(filter.error());
  const Page page = database.read([&](storage::Transaction& transaction) { return list(transaction, *filter); });
  json::array results;
  for (const Entry& entry : page.entries) results.push_back(to_json(entry));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

}  // namespace

std::vector<http::Route> routes(storage::Database& database) {
  return {{http::Method::get, "/api/audit/", [&database](Request& request) { return get_audit(database, request); },
           http::NoBody{}, accounts::kAdmin}};
}

}  // namespace korrigo::audit
