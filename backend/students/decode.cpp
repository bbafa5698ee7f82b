#include "students/decode.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/text.h"

namespace korrigo::students {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

struct Signature {
  std::string_view start;
  std::string_view message;
};

// First bytes of what people choose by mistake in the file dialog.
constexpr std::array<Signature, 9> kSignatures = {{
    {"%PDF-", "The file is a PDF, not a CSV; the roster and the scan may have been swapped."},
    {"PK\x03\x04", "The file is an Excel or LibreOffice workbook (or a ZIP), not a CSV; save it as “CSV UTF-8”."},
    {"\xD0\xCF\x11\xE0", "The file is an old Excel workbook (.xls), not a CSV; save it as “CSV UTF-8”."},
    {"\xFF\xFE", "The file is saved as UTF-16 (“Unicode text”); save it as “CSV UTF-8”."},
    {"\xFE\xFF", "The file is saved as UTF-16 (“Unicode text”); save it as “CSV UTF-8”."},
    {"{\\rtf", "The file is a text document (RTF), not a CSV."},
    {"<?xml", "The file is XML, not a CSV; export the list of students as CSV."},
    {"<!doctype", "The file is a web page, not a CSV; export the list of students as CSV."},
    {"<html", "The file is a web page, not a CSV; export the list of students as CSV."},
}};

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [&](char a, char b) { return lower(a) == lower(b); });
}

int line_at(std::string_view bytes, std::size_t offset) {
  return 1 + static_cast<int>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::size_t valid_utf8_prefix(std::string_view bytes) {
  std::size_t start = 0;
  while (start < bytes.size()) {
    const std::size_t newline = bytes.find('\n', start);
    const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline + 1;
    if (!is_utf8(bytes.substr(start, end - start))) return start;
    start = end;
  }
  return start;
}

tl::unexpected<RosterFault> whole_file(std::string_view message) {
  return tl::unexpected(RosterFault{.line = 0, .column = {}, .message = std::string(message)});
}

}  // namespace

tl::expected<std::string, RosterFault> decode_roster(std::string_view bytes, std::size_t max_bytes) {
  if (bytes.size() > max_bytes)
    return whole_file(fmt::format("The file has {} bytes; a roster may have {} at most.", bytes.size(), max_bytes));
  const bool marked = bytes.starts_with(kUtf8Mark);
  if (marked) bytes.remove_prefix(kUtf8Mark.size());
  for (const Signature& signature : kSignatures)
    if (starts_with_ignoring_case(trimmed(bytes.substr(0, 64)), signature.start)) return whole_file(signature.message);
  if (const auto zero = bytes.find('\0'); zero != std::string_view::npos)
    return tl::unexpected(RosterFault{
        .line = line_at(bytes, zero), .column = {}, .message = "The file is not text: this line holds a zero byte."});
  if (is_utf8(bytes)) return std::string(bytes);
  // A byte order mark says UTF-8; reading its broken letters as Windows-1252 would only garble names.
  if (marked)
    return tl::unexpected(RosterFault{.line = line_at(bytes, valid_utf8_prefix(bytes)),
                                      .column = {},
                                      .message = "The file says it is UTF-8, but this line holds bytes that are not."});
  if (auto text = from_windows_1252(bytes)) return std::move(*text);
  const auto byte = static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(),
                                                          [](char c) {
                                                            return !from_windows_1252({&c, 1});
                                                          }) -
                                             bytes.begin());
  return tl::unexpected(RosterFault{
      .line = line_at(bytes, byte),
      .column = {},
      .message = "The text is neither UTF-8 nor Windows-1252: this line holds a byte that neither of them knows."});
}

}  // namespace korrigo::students
