#include "accounts/password_reset_api.h"

#include "accounts/guard_api.h"
#include "accounts/password_reset.h"
#include "http/errors.h"
#include "http/json_fields.h"

namespace korrigo::accounts {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr http::TextLength kCredential{.min = 1, .max = 1000};

Visit visit_of(const Request& request) {
  return {.address = request.remote_address, .request_id = request.request_id};
}

Result<Response> post_reset(const Context& context, jobs::Queue& queue, const Sealer& sealer, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const ResetRequest wanted{fields.text("username", kCredential),
                            request.language == http::Language::en ? MailLanguage::en : MailLanguage::fr};
  if (fields.fault()) return fields.refusal();
  const auto asked = request_password_reset(context, queue, sealer, wanted, visit_of(request));
  if (!asked) {
    Response response = http::refusal(request, asked.error().error);
    http::set_retry_after(response, asked.error().retry_after);
    return response;
  }
  return http::json(202, {{"message", "If there is such an account, a mail is on its way."}});
}

Result<Response> post_confirm(const Context& context, const Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  http::JsonFields fields(*body);
  const std::string token = fields.text("token", kCredential);
  const std::string wanted = fields.text("new_password", kCredential);
  if (fields.fault()) return fields.refusal();
  const auto set = set_forgotten_password(context, token, wanted, visit_of(request));
  if (!set) return tl::unexpected(set.error());
  return http::json(200, {{"message", "Password changed."}}).with("Cache-Control", "private, no-store");
}

}  // namespace

std::vector<http::Route> password_reset_routes(const Context& context, jobs::Queue& queue, const Sealer& sealer,
                                               bool mail_is_set_up) {
  const auto path = "/api/password-reset/";
  const http::BodyPolicy small = http::SmallBody{.max_bytes = 16 * 1024};
  return {
      {Method::get, path,
       [=](Request&) -> Result<Response> {
         return http::json(200, {{"available", mail_is_set_up}});
       },
       http::NoBody{}, kPublic},
      {Method::post, path,
       [=, &queue, &sealer](Request& request) -> Result<Response> {
         if (!mail_is_set_up)
           return refuse(ErrorKind::conflict, "mail.not_set_up", "This installation sends no mail: ask the office.");
         return post_reset(context, queue, sealer, request);
       },
       small, kPublic},
      {Method::post,
       "/api/password-reset/confirm/",
       [=](Request& request) { return post_confirm(context, request); },
       small,
       kPublic,
       {{ErrorKind::invalid_input, 400}}},
  };
}

}  // namespace korrigo::accounts
