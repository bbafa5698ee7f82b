#include "accounts/session_api.h"

#include "accounts/csrf_api.h"
#include "accounts/guard_api.h"
#include "accounts/notification_mail.h"
#include "accounts/secrets.h"
#include "base/text.h"
#include "http/errors.h"
#include "http/json_fields.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr http::TextLength kCredential{.min = 1, .max = 1000};

Visit visit_of(const Request& request) {
  Visit visit{.address = request.remote_address,
              .user_agent = std::string(request.header("User-Agent").value_or("")),
              .request_id = request.request_id,
              .in_english = request.language == http::Language::en};
  if (const auto secret = csrf_secret_of(request)) visit.csrf = digest_of(*secret);
  if (const auto cookie = request.cookie(kSessionCookie)) visit.old_session = digest_of(*cookie);
  return visit;
}

void set_session_cookie(Response& response, const Request& request, std::string secret) {
  http::set_cookie(response,
                   {.name = std::string(kSessionCookie), .value = std::move(secret), .secure = request.secure});
}

Response private_json(const json::value& value) {
  return http::json(200, value).with("Cache-Control", "private, no-store");
}

Response denial(const Request& request, const Denied& denied) {
  Response response = http::refusal(request, denied.error, {{ErrorKind::invalid_input, 400}});
  if (denied.retry_after.count() > 0) http::set_retry_after(response, denied.retry_after);
  return response;
}

Response answer(const Request& request, const LogInResult& result) {
  if (!result) return denial(request, result.error());
  Response response = private_json(to_json(result->profile));
  set_session_cookie(response, request, result->session_secret);
  return response;
}

Response get_csrf(const Context& context, const Request& request) {
  auto secret = csrf_secret_of(request);
  const Caller* caller = caller_if_any(request);
  if (caller && caller->session) {
    const auto session = request.cookie(kSessionCookie).value();
    const auto found = context.database.read(
        [&](Transaction& transaction) { return find_session(transaction, *caller->session, context.clock.now()); });
    const bool bound = secret && found && same_secret(digest_of(*secret), found->csrf);
    if (!bound) {
      secret = csrf_secret_of_session(session);
      context.database.write(
          [&](Transaction& transaction) { bind_csrf(transaction, *caller->session, digest_of(*secret)); });
    }
  }
  if (!secret) secret = new_secret();
  Response response = private_json({{"csrf_token", csrf_token_of(*secret)}});
  http::set_cookie(response, {.name = std::string(kCsrfCookie), .value = *secret, .secure = request.secure});
  response.compressible = false;
  return response;
}

Result<Response> post_login(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const StaffCredentials credentials{fields.text("username", kCredential), fields.text("password", kCredential)};
  if (fields.fault()) return fields.refusal();
  return answer(request, log_in(context, credentials, visit_of(request)));
}

Result<Response> post_student_login(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  StudentCredentials credentials{.email = fields.text("email", kCredential)};
  credentials.password = fields.optional_text("password", kCredential);
  const auto date = fields.optional_text("date_naissance", kCredential);
  if (date) {
    credentials.birth_date = Date::parse(trimmed(*date));
    if (!credentials.birth_date) fields.reject("date_naissance", "must be a day as DD/MM/YYYY or YYYY-MM-DD");
  }
  if (!date && !credentials.password) fields.reject("date_naissance", "is required");
  if (fields.fault()) return fields.refusal();
  return answer(request, log_in_student(context, credentials, visit_of(request)));
}

Response post_logout(const Context& context, const Request& request) {
  log_out(context, caller_of(request).session.value(), actor_of(request));
  Response response = private_json({{"message", "Logged out."}});
  http::set_cookie(
      response,
      {.name = std::string(kSessionCookie), .value = {}, .max_age = std::chrono::seconds(0), .secure = request.secure});
  return response;
}

Result<Response> get_me(const Context& context, const Request& request) {
  const auto profile =
      context.database.read([&](Transaction& transaction) { return profile_of(transaction, caller_of(request).user); });
  if (!profile) return tl::unexpected(profile.error());
  return private_json(to_json(*profile));
}

Result<Response> patch_me(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const auto mail_notifications = fields.optional_boolean("mail_notifications");
  if (fields.fault()) return fields.refusal();
  const auto profile = context.database.write([&](Transaction& transaction) {
    const UserId user = caller_of(request).user;
    if (mail_notifications) set_mail_notifications(transaction, user, *mail_notifications);
    return profile_of(transaction, user);
  });
  if (!profile) return tl::unexpected(profile.error());
  return private_json(to_json(*profile));
}

Result<Response> post_change_password(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string current = fields.text("current_password", kCredential);
  const std::string wanted = fields.text("new_password", kCredential);
  if (fields.fault()) return fields.refusal();
  auto changed =
      change_own_password(context, caller_of(request).user, current, wanted, visit_of(request), actor_of(request));
  if (!changed) return denial(request, changed.error());
  Response response = private_json({{"message", "Password changed."}});
  set_session_cookie(response, request, std::move(*changed));
  return response;
}

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

}  // namespace

json::object to_json(const StudentProfile& student) {
  return {{"id", student.id.value},
          {"last_name", student.last_name},
          {"first_name", student.first_name},
          {"date_naissance", student.date_naissance.iso()},
          {"email", or_null(student.email)},
          {"class_name", student.class_name},
          {"groupe", student.groupe},
          {"user_id", student.user_id ? json::value(student.user_id->value) : json::value()}};
}

json::object to_json(const User& user) {
  return {{"id", user.id.value},
          {"username", user.username},
          {"email", or_null(user.email)},
          {"first_name", user.first_name},
          {"last_name", user.last_name},
          {"role", name_of(user.role)},
          {"is_active", user.is_active},
          {"must_change_password", user.must_change_password},
          {"created_at", to_iso(user.created_at)},
          {"last_login_at", user.last_login_at ? json::value(to_iso(*user.last_login_at)) : json::value()}};
}

json::object to_json(const Profile& profile) {
  const User& user = profile.user;
  return {{"id", user.id.value},
          {"username", user.username},
          {"email", or_null(user.email)},
          {"first_name", user.first_name},
          {"last_name", user.last_name},
          {"role", name_of(user.role)},
          {"must_change_password", user.must_change_password},
          {"mail_notifications", user.mail_notifications},
          {"student", profile.student ? json::value(to_json(*profile.student)) : json::value()}};
}

std::vector<http::Route> session_routes(const Context& context) {
  const auto bound = [&context](auto handler) {
    return [context, handler](Request& request) -> Result<Response> { return handler(context, request); };
  };
  const http::BodyPolicy small = http::SmallBody{.max_bytes = 16 * 1024};
  const Rights anybody = kAny.with_stale_password();
  std::vector<http::Route> routes{
      {Method::get, "/api/csrf/", bound(get_csrf), http::NoBody{}, kPublic},
      {Method::post, "/api/login/", bound(post_login), small, kPublic},
      {Method::post, "/api/students/login/", bound(post_student_login), small, kPublic},
      {Method::post, "/api/logout/", bound(post_logout), http::NoBody{}, anybody.sessions_only()},
      {Method::get, "/api/me/", bound(get_me), http::NoBody{}, anybody},
      {Method::patch, "/api/me/", bound(patch_me), small, anybody},
      {Method::post, "/api/change-password/", bound(post_change_password), small, anybody.sessions_only()},
      {Method::post, "/api/students/change-password/", bound(post_change_password), small,
       kStudent.with_stale_password().sessions_only()},
  };
  return routes;
}

}  // namespace korrigo::accounts
