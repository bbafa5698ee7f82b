#include "accounts/user_json_api.h"

#include "http/json_fields.h"

namespace korrigo::accounts {
namespace {

constexpr http::TextLength kUsername{.min = 1, .max = 150};
constexpr http::TextLength kEmail{.min = 1, .max = 254};
constexpr http::TextLength kName{.min = 0, .max = 100};
constexpr http::TextLength kPassword{.min = 0, .max = 1000};

std::optional<Role> staff_role(http::JsonFields& fields, const std::optional<std::string>& name) {
  if (!name) return std::nullopt;
  const auto role = role_named(*name);
  if (!role || *role == Role::student) {
    fields.reject("role", "must be ADMIN or TEACHER");
    return std::nullopt;
  }
  return role;
}

}  // namespace

Result<NewUser> new_user_of(const boost::json::object& body) {
  http::JsonFields fields(body);
  NewUser user;
  user.username = fields.text("username", kUsername);
  user.email = fields.text("email", kEmail);
  user.first_name = fields.optional_text("first_name", kName).value_or("");
  user.last_name = fields.optional_text("last_name", kName).value_or("");
  user.role = staff_role(fields, fields.text("role")).value_or(Role::teacher);
  user.password = fields.optional_text("password", kPassword);
  user.must_change_password = fields.optional_boolean("must_change_password");
  if (fields.fault()) return fields.refusal();
  return user;
}

Result<UserChange> user_change_of(const boost::json::object& body, bool whole) {
  http::JsonFields fields(body);
  if (whole) {
    for (const std::string_view name : {"username", "email", "role"}) fields.text(name);
    fields.boolean("is_active");
  }
  UserChange change;
  change.username = fields.optional_text("username", kUsername);
  change.email = fields.optional_text("email", kEmail);
  change.first_name = fields.optional_text("first_name", kName);
  change.last_name = fields.optional_text("last_name", kName);
  change.role = staff_role(fields, fields.optional_text("role"));
  change.is_active = fields.optional_boolean("is_active");
  if (fields.fault()) return fields.refusal();
  return change;
}

}  // namespace korrigo::accounts
