#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include "audit/audit.h"
#include "copies/copy_json.h"
#include "grading/desk_api.h"
#include "grading/lock.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::int64_t kManySeconds = 1'000'000'000;

json::value exercises_json(const Lock& lock) {
  return lock.exercises.empty() ? json::value(nullptr) : json::value_from(lock.exercises);
}

json::object lock_json(const Lock& lock, UserId asker) {
  return {{"exercise_ids", exercises_json(lock)},
          {"owner_id", lock.owner.value},
          {"owner", lock.owner_name},
          {"is_mine", lock.owner == asker},
          {"locked_at", to_iso(lock.locked_at)},
          {"expires_at", to_iso(lock.expires_at)}};
}

Result<LockWish> wish_of(const Request& request) {
  const auto body = body_or_nothing(request);
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  LockWish wish;
  wish.exercise = fields.optional_text("exercise_id", {.max = 255}).value_or("");
  wish.offline = fields.optional_boolean("offline").value_or(false);
  if (const auto seconds = fields.optional_integer("ttl_seconds", 1, kManySeconds))
    wish.lasts = std::chrono::seconds(*seconds);
  if (fields.fault()) return fields.refusal();
  return wish;
}

/// Who is in the way, and until when.
Response taken_by(const Request& request, const Error& error, const Lock& holder) {
  json::array details{json::object{{"message", error.message},
                                   {"code", error.code},
                                   {"owner_id", holder.owner.value},
                                   {"owner", holder.owner_name},
                                   {"expires_at", to_iso(holder.expires_at)}}};
  return http::refusal(request, http::status_of(error.kind), error, std::move(details));
}

Result<Response> take(const GradingApi& api, Request& request) {
  const auto wish = wish_of(request);
  if (!wish) return tl::unexpected(wish.error());
  std::optional<Lock> holder;
  const auto taken = on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
    holder.reset();
    return take_lock(t, copy, marker, *wish, now, &holder);
  });
  if (!taken && holder) return taken_by(request, taken.error(), *holder);
  if (!taken) return tl::unexpected(taken.error());
  return http::json(taken->is_new ? 201 : 200, json::object{{"token", taken->lock.token},
                                                            {"expires_at", to_iso(taken->lock.expires_at)},
                                                            {"exercise_ids", exercises_json(taken->lock)}});
}

Result<Response> show(const GradingApi& api, Request& request) {
  const auto locks = read_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker) {
    json::array all;
    for (const Lock& lock : locks_of(t, copy, api.clock.now())) all.push_back(lock_json(lock, marker.user));
    return all;
  });
  if (!locks) return tl::unexpected(locks.error());
  return http::json(200, json::object{{"locks", *locks}});
}

Result<Response> keep(const GradingApi& api, Request& request) {
  const auto wish = wish_of(request);
  if (!wish) return tl::unexpected(wish.error());
  const auto lock = on_copy(api, request, [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
    return keep_lock(t, copy, marker, wish->lasts, now);
  });
  if (!lock) return tl::unexpected(lock.error());
  return http::json(200, json::object{{"expires_at", to_iso(lock->expires_at)}});
}

Result<Response> release(const GradingApi& api, Request& request) {
  const auto released = on_copy(api, request, release_lock);
  if (!released) return tl::unexpected(released.error());
  return http::no_content();
}

Result<Response> force(const GradingApi& api, Request& request) {
  const audit::Actor actor = accounts::actor_of(request);
  const auto freed = on_copy(
      api, request,
      [&](Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) -> Result<copies::CopyView> {
        if (auto unlocked = force_unlock(t, copy, marker.user, now); !unlocked) return tl::unexpected(unlocked.error());
        audit::append(t, {.by = actor, .action = "copy.force_unlock", .target_type = "copy", .target_id = copy.text()},
                      now);
        return copies::find_copy(t, copy);
      });
  return answered(freed, copies::copy_json);
}

}  // namespace

std::vector<http::Route> lock_routes(const GradingApi& api) {
  const auto staff = accounts::kAdmin | accounts::kTeacher;
  const std::string lock = "/api/grading/copies/{copy_id}/lock/";
  const http::BodyPolicy optional = http::SmallBody{.content_type = ""};
  return {
      {Method::get, lock, bound(api, show), http::NoBody{}, staff},
      {Method::post, lock, bound(api, take), optional, staff},
      {Method::delete_, lock, bound(api, release), http::NoBody{}, staff},
      {Method::post, lock + "heartbeat/", bound(api, keep), optional, staff},
      {Method::post, "/api/copies/{copy_id}/force-unlock/", bound(api, force), http::NoBody{}, accounts::kAdmin},
  };
}

}  // namespace korrigo::grading
