/// The header of one part of a form, and the parameters of header fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace korrigo::http {

/// The parameter of a field value such as `form-data; name="a"; filename="b"`. Backslash escapes only quotes and itself
/// (old browsers send bare backslashes of Windows paths). Nothing when absent or its quotes do not close.
std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

struct PartHeader {
  std::string name;
  std::optional<std::string> filename;  // as sent, decoded; a part with one is a file
  std::string content_type;
};

/// `block` is the lines between the delimiter and the empty line. Refuses with malformed "form.part_header" or
/// "form.part_name".
Result<PartHeader> parse_part_header(std::string_view block);

}  // namespace korrigo::http
