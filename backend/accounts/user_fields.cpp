#include "accounts/user_fields.h"

#include "base/email_address.h"
#include "base/text.h"

namespace korrigo::accounts {
namespace {

constexpr std::size_t kLongestUsername = 150;
constexpr std::size_t kLongestName = 100;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_username(std::string_view text) {
  constexpr std::string_view kSigns = "_.@+-";
  return !text.empty() && text.size() <= kLongestUsername && std::ranges::all_of(text, [&](char c) {
    return is_letter_or_digit(c) || kSigns.find(c) != std::string_view::npos;
  });
}

Result<void> check_name(std::string_view field, const std::string& name) {
  const bool shown =
      std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
  if (!shown || code_points(name).size() > kLongestName) {
    return tl::unexpected(wrong_field(std::string(field), "must be a name of at most 100 characters"));
  }
  return {};
}

}  // namespace

Error wrong_field(std::string field, std::string_view reason) {
  std::string message = fmt::format("{}: {}", field, reason);
  return Error{ErrorKind::malformed, "request.invalid", std::move(message), {}, std::move(field)};
}

Result<void> check_fields(const User& user) {
  if (user.role != Role::student && !is_username(user.username)) {
    return tl::unexpected(wrong_field("username", "must be 1 to 150 letters, digits or _ . @ + -"));
  }
  if (user.email && !is_email_address(*user.email)) {
    return tl::unexpected(wrong_field("email", "is not an e-mail address"));
  }
  if (auto good = check_name("first_name", user.first_name); !good) return good;
  return check_name("last_name", user.last_name);
}

std::vector<std::string> names_of(const User& user) {
  return {user.username, user.email.value_or(""), user.first_name, user.last_name};
}

}  // namespace korrigo::accounts
