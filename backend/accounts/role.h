#pragma once

#include <optional>
#include <string_view>

namespace korrigo::accounts {

enum class Role { admin, teacher, student };
std::string_view name_of(Role role);  // "ADMIN"
std::optional<Role> role_named(std::string_view name);

/// What a personal token may do. Reading is GET and HEAD, writing everything else.
enum class Scope { read, write, metrics };
std::string_view name_of(Scope scope);  // "read"
std::optional<Scope> scope_named(std::string_view name);

}  // namespace korrigo::accounts
