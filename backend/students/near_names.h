/// Names that are nearly those somebody typed.
#pragma once

#include <optional>
#include <string_view>

namespace korrigo::students {

/// How many letters are wrong, missing, too many or swapped when every word of `search` is taken for the nearest word
/// of `sort_name` (student.h), or the beginning of one. Nothing when a word is near none: words of up to three letters
/// must be right, of up to six may have one fault, longer ones two. Nothing for a search without letters.
std::optional<int> spelling_faults(std::string_view search, std::string_view sort_name);

}  // namespace korrigo::students
