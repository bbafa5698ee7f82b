#include "accounts/role.h"

namespace korrigo::accounts {
namespace {

constexpr std::string_view kRoles[] = {"ADMIN", "TEACHER", "STUDENT"};
constexpr std::string_view kScopes[] = {"read", "write", "metrics"};

template <class Enum, std::size_t count>
std::optional<Enum> named(const std::string_view (&names)[count], std::string_view name) {
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Role role) {
  return kRoles[static_cast<std::size_t>(role)];
}
std::optional<Role> role_named(std::string_view name) {
  return named<Role>(kRoles, name);
}
std::string_view name_of(Scope scope) {
  return kScopes[static_cast<std::size_t>(scope)];
}
std::optional<Scope> scope_named(std::string_view name) {
  return named<Scope>(kScopes, name);
}

}  // namespace korrigo::accounts
