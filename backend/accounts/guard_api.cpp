#include "accounts/guard_api.h"

#include <stdexcept>

#include "accounts/csrf_api.h"
#include "accounts/secrets.h"
#include "accounts/session.h"
#include "accounts/token.h"
#include "http/errors.h"

namespace korrigo::accounts {
namespace {

using http::Method;
using http::Request;
using storage::Database;
using storage::Transaction;

// A session or token is noted as used at most this often: a read does not cost a write.
constexpr std::chrono::seconds kNotedEvery{60};

bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

std::optional<std::string_view> bearer_of(const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto field = request.header("Authorization");
  if (!field || !http::equal_ignoring_case(field->substr(0, kScheme.size()), kScheme)) return std::nullopt;
  return field->substr(kScheme.size());
}

/// Who asks, and what a session's unsafe methods are checked against.
struct Asker {
  Caller caller;
  std::string csrf;
};

class Guarding {
 public:
  Guarding(Database& database, const Clock& clock, const GuardOptions& options)
      : database_(database), clock_(clock), options_(options) {}

  std::optional<http::Response> operator()(Request& request, const http::Rights& given) const {
    const auto* rights = std::any_cast<Rights>(&given);
    if (!rights) throw std::logic_error("the route " + request.route_pattern + " does not say who may call it");
    const std::optional<Asker> asker = ask(request, *rights);
    if (asker) {
      request.caller = asker->caller;
      request.user_id = std::to_string(asker->caller.user.value);
    }
    if (const auto error = fault_of(request, *rights, asker)) return http::refusal(request, *error);
    return std::nullopt;
  }

 private:
  std::optional<Asker> ask(const Request& request, const Rights& rights) const {
    try {
      if (const auto bearer = bearer_of(request)) return ask_token(*bearer);
      if (const auto cookie = request.cookie(kSessionCookie)) return ask_session(request, *cookie);
    } catch (const storage::DatabaseError&) {
      if (rights.needs_database()) throw;
    }
    return std::nullopt;
  }

  std::optional<Asker> ask_session(const Request& request, std::string_view secret) const {
    const UtcTime now = clock_.now();
    const std::string key = digest_of(secret);
    auto found = database_.read([&](Transaction& transaction) { return find_session(transaction, key, now); });
    if (!found) return std::nullopt;
    // A WebSocket is asked again while its page lies open; that is nobody at work.
    const bool at_work = !request.header("Upgrade");
    if (at_work && now - found->last_seen >= kNotedEvery) {
      database_.write([&](Transaction& transaction) { keep_alive(transaction, key, found->caller.role, now); });
    }
    return Asker{std::move(found->caller), std::move(found->csrf)};
  }

  std::optional<Asker> ask_token(std::string_view secret) const {
    const UtcTime now = clock_.now();
    auto found = database_.read([&](Transaction& transaction) { return find_token(transaction, secret, now); });
    if (!found) return std::nullopt;
    if (!found->last_used || now - *found->last_used >= kNotedEvery) {
      database_.write([&](Transaction& transaction) { note_use(transaction, *found->caller.token, now); });
    }
    return Asker{std::move(found->caller), {}};
  }

  std::optional<Error> fault_of(const Request& request, const Rights& rights, const std::optional<Asker>& asker) const {
    const bool by_token = asker && asker->caller.token;
    const bool unsafe = !is_safe(request.method);
    if (!rights.is_public() && !asker) {
      return Error{ErrorKind::unauthenticated, "auth.required", "Log in first."};
    }
    const bool needs_token = unsafe && !by_token && !rights.is_public();
    const bool foreign = unsafe && !by_token && !comes_from_own_page(request, options_.allowed_origins);
    if (foreign || (needs_token && !csrf_holds(request, asker->csrf))) {
      return Error{ErrorKind::forbidden, "csrf.failed", "The CSRF token is missing or wrong."};
    }
    if (rights.is_public()) return std::nullopt;
    if (!is_allowed(request, rights, asker->caller)) {
      return Error{ErrorKind::forbidden, "auth.forbidden", "You are not allowed to do this."};
    }
    if (asker->caller.must_change_password && !rights.password_may_be_stale()) {
      return Error{ErrorKind::forbidden, "auth.password_change_required", "Change your password first."};
    }
    return std::nullopt;
  }

  static bool is_allowed(const Request& request, const Rights& rights, const Caller& caller) {
    if (!rights.includes(caller.role)) return false;
    if (!caller.token) return true;
    const Scope needed = is_safe(request.method) ? Scope::read : Scope::write;
    return !rights.needs_session() && std::ranges::find(caller.scopes, needed) != caller.scopes.end();
  }

  Database& database_;
  const Clock& clock_;
  GuardOptions options_;
};

}  // namespace

http::Guard make_guard(Database& database, const Clock& clock, const GuardOptions& options) {
  return Guarding(database, clock, options);
}

const Caller* caller_if_any(const Request& request) {
  return std::any_cast<Caller>(&request.caller);
}

const Caller& caller_of(const Request& request) {
  const Caller* caller = caller_if_any(request);
  if (!caller) throw std::logic_error("the guard let nobody in to " + request.route_pattern);
  return *caller;
}

audit::Actor actor_of(const Request& request) {
  const Caller* caller = caller_if_any(request);
  return {caller ? std::optional(caller->user) : std::nullopt, request.remote_address, request.request_id};
}

}  // namespace korrigo::accounts
