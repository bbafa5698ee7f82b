/// Who is asking: what routes and operations know of the person behind a request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/role.h"
#include "base/ids.h"

namespace korrigo::accounts {

struct Caller {
  UserId user;
  Role role = Role::student;
  std::optional<StudentId> student = {};  // whose account it is; only students have one
  bool must_change_password = false;
  std::optional<std::string> session = {};  // the session's key (Session::token_hash); a token caller has none
  std::optional<std::string> token = {};    // id of the personal token
  std::vector<Scope> scopes = {};           // of that token

  bool is_admin() const { return role == Role::admin; }
  bool is_teacher() const { return role == Role::teacher; }
  bool is_student() const { return role == Role::student; }
};

}  // namespace korrigo::accounts
