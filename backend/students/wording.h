/// How faults quote what a file holds: short, on one line, whatever the bytes were.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace korrigo::students {

/// At most forty characters of `text`, then "…"; control and invisible characters as U+200B.
std::string shortened(std::string_view text);

/// shortened, between quotation marks.
std::string cited(std::string_view text);

/// False for control, invisible and unassigned characters and for white space other than the plain space.
bool is_visible(char32_t point);

/// One code point, visible: “3”, or U+200B where nothing would be seen.
std::string shown(char32_t point);

/// Why `address` is no e-mail address (base/email_address.h), as a whole sentence; nothing when it is one.
std::optional<std::string> fault_of_email(std::string_view address);

}  // namespace korrigo::students
