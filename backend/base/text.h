/// Unicode text as names need it. All strings are UTF-8 unless a name says otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace korrigo {

bool is_utf8(std::string_view bytes);

/// Windows-1252 (a superset of Latin-1 as spreadsheets write it) to UTF-8; nothing when a byte has no meaning there.
std::optional<std::string> from_windows_1252(std::string_view bytes);

/// The code points of valid UTF-8; an invalid byte becomes U+FFFD.
std::vector<char32_t> code_points(std::string_view text);

/// Composed form (NFC), outer white space removed, inner runs of white space made one space.
std::string normalise(std::string_view text);

/// What is left of a name when only its letters count: upper case A-Z and digits, accents dropped, ligatures opened
/// (OE, AE, SS); hyphens, apostrophes, dots and white space become one space; outer spaces removed. Letters outside the
/// Latin script are dropped.
///   "Marie-Claire D'Angélo" -> "MARIE CLAIRE D ANGELO"
std::string fold_name(std::string_view text);

/// Full Unicode upper case, accents kept: "Lefèvre" -> "LEFÈVRE".
std::string upper(std::string_view text);
/// Full Unicode lower case.
std::string lower(std::string_view text);

/// Without leading and trailing ASCII white space.
std::string_view trimmed(std::string_view text);

/// Text for HTML content and double-quoted attributes.
std::string escape_html(std::string_view text);

}  // namespace korrigo
