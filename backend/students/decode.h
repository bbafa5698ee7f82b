/// The text of a roster file, whatever program saved it.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "students/roster.h"

namespace korrigo::students {

/// UTF-8 without byte order mark, from UTF-8 or Windows-1252. A file that is plainly something else (PDF, workbook, web
/// page, UTF-16, binary) or over `max_bytes` is the fault that says so.
tl::expected<std::string, RosterFault> decode_roster(std::string_view bytes, std::size_t max_bytes);

}  // namespace korrigo::students
