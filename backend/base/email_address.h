/// E-mail addresses as schools hand them out.
#pragma once

#include <string_view>

namespace korrigo {

/// Whether `text` is an address by the rule of browsers (HTML Living Standard, "valid email address"), with a top-level
/// domain, dots only between other characters, and the lengths of RFC 5321. No quoted local parts, no letters beyond
/// ASCII.
bool is_email_address(std::string_view text);

}  // namespace korrigo
