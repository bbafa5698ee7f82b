#include "base/email_address.h"

#include <algorithm>

namespace korrigo {
namespace {

constexpr std::size_t kMaxAddress = 254;
constexpr std::size_t kMaxLocal = 64;
constexpr std::size_t kMaxLabel = 63;

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_alphanumeric(char c) {
  return is_ascii_letter(c) || (c >= '0' && c <= '9');
}

bool is_local(std::string_view local) {
  constexpr std::string_view kOthers = ".!#$%&'*+/=?^_`{|}~-";
  return !local.empty() && local.size() <= kMaxLocal && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos && std::all_of(local.begin(), local.end(), [&](char c) {
           return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
         });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
  std::size_t labels = 0;
  for (;;) {
    const auto dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (!is_label(label)) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels > 1 && label.size() > 1 && is_ascii_letter(label.front());
    domain.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_email_address(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && text.size() <= kMaxAddress && is_local(text.substr(0, at)) &&
         is_domain(text.substr(at + 1));
}

}  // namespace korrigo
