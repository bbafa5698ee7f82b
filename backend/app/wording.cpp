#include "app/wording.h"

#include <fmt/format.h>
#include <stdexcept>

#include "app/embedded_contract.h"

namespace korrigo::app {
namespace {

using Parts = std::map<std::string, std::string>;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> pieces;
  for (;;) {
    const std::size_t at = text.find(separator);
    pieces.emplace_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + separator.size());
  }
}

/// The cells of a line of a table; nothing for other lines, heads and rules.
std::vector<std::string> cells_of(std::string_view line) {
  if (!line.starts_with("| ") || !line.ends_with(" |")) return {};
  return split(line.substr(2, line.size() - 4), " | ");
}

std::vector<Wording::Pair> pairs_of(const std::string& fr, const std::string& en) {
  const auto french = split(fr, " / ");
  const auto english = split(en, " / ");
  if (french.size() != english.size()) {
    throw std::runtime_error(fmt::format("errors.md: not as many French as English sentences: {}", en));
  }
  std::vector<Wording::Pair> pairs;
  for (std::size_t i = 0; i < french.size(); ++i) pairs.push_back({french[i], english[i]});
  return pairs;
}

/// Apostrophes and quotation marks are typed one way or another.
std::string plain(std::string_view text) {
  std::string out(text);
  for (const auto& [curly, straight] : {std::pair{"’", "'"}, {"“", "\""}, {"”", "\""}}) {
    for (std::size_t at = 0; (at = out.find(curly, at)) != std::string::npos;) {
      out.replace(at, std::string_view(curly).size(), straight);
    }
  }
  return out;
}

/// A final stop more or less says nothing.
std::string_view without_stop(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return text;
}

/// What stands in `text` at the {names} of `pattern`; nothing when it does not fit. A name takes as little as it can,
/// the last of a pattern all that is left.
std::optional<Parts> match(std::string_view pattern, std::string_view text) {
  Parts parts;
  for (;;) {
    const std::size_t open = pattern.find('{');
    const std::size_t close = pattern.find('}', open);
    const std::string_view fixed = pattern.substr(0, close == std::string_view::npos ? std::string_view::npos : open);
    if (!text.starts_with(fixed)) return std::nullopt;
    text.remove_prefix(fixed.size());
    if (fixed.size() == pattern.size()) return text.empty() ? std::optional(parts) : std::nullopt;
    const std::string name(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const std::size_t end = next.empty() ? text.size() : pattern == next ? text.rfind(next) : text.find(next);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    parts[name] = std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<Parts> match_sentence(std::string_view pattern, std::string_view text) {
  const std::string plain_pattern = plain(pattern);
  const std::string plain_text = plain(text);
  return match(without_stop(plain_pattern), without_stop(plain_text));
}

/// Whether a sentence names something: a number, a quotation, what follows a colon.
bool is_particular(std::string_view message) {
  return message.find_first_of("0123456789\":") != std::string_view::npos ||
         message.find("“") != std::string_view::npos;
}

/// Without the sentences that hold a {name} nobody could fill.
std::string without_gaps(std::string text) {
  for (std::size_t gap; (gap = text.find('{')) != std::string::npos;) {
    const std::size_t stop = text.rfind(". ", gap);
    const std::size_t end = text.find(". ", gap);
    const std::size_t from = stop == std::string::npos ? 0 : stop + 2;
    text.erase(from, end == std::string::npos ? std::string::npos : end + 2 - from);
  }
  return std::string(trimmed(text));
}

}  // namespace

Wording::Wording(std::string_view document) {
  for (const std::string& line : split(document, "\n")) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty() || cells[0] == "code" || cells[0] == "French") continue;
    if (cells.size() == 4) {
      sentences_[cells[0]] = pairs_of(cells[2], cells[3]);
    } else if (cells.size() == 2) {
      reasons_.push_back({cells[0], cells[1]});
    } else {
      throw std::runtime_error(fmt::format("errors.md: {} cells in a line: {}", cells.size(), line));
    }
  }
  if (sentences_.empty()) throw std::runtime_error("errors.md: no table of errors");
}

std::string Wording::in_french(std::string_view english) const {
  for (const Pair& reason : reasons_) {
    if (const auto parts = match_sentence(reason.en, english)) return filled(reason, *parts);
  }
  return std::string(english);
}

std::string Wording::filled(const Pair& pair, const Parts& parts) const {
  std::string text = pair.fr;
  for (const auto& [name, part] : parts) {
    const std::string place = "{" + name + "}";
    const std::size_t at = text.find(place);
    if (at != std::string::npos) text.replace(at, place.size(), in_french(part));
  }
  return text;
}

std::string Wording::sentence(const Error& error, http::Language language) const {
  const auto found = sentences_.find(error.code);
  if (found == sentences_.end()) return {};
  const std::vector<Pair>& pairs = found->second;
  const Parts known = error.field.empty() ? Parts{} : Parts{{"field", error.field}};
  if (language == http::Language::en) {
    if (!error.message.empty()) return error.message;
    return without_gaps(filled({pairs.front().en, {}}, known));
  }
  for (const Pair& pair : pairs) {
    if (const auto parts = match_sentence(pair.en, error.message)) return filled(pair, *parts);
  }
  // A sentence that ends in a reason takes a message in other words as that reason.
  Parts said = known;
  if (!error.message.empty()) {
    for (const char* name : {"reason", "first fault"}) said[name] = std::string(without_stop(error.message));
  }
  const std::string general = without_gaps(filled(pairs.front(), said));
  const bool told = pairs.front().fr.find("{reason}") != std::string::npos ||
                    pairs.front().fr.find("{first fault}") != std::string::npos;
  if (told || !is_particular(error.message)) return general;
  return general.empty() ? error.message : fmt::format("{} ({})", general, in_french(error.message));
}

http::Translate make_translate() {
  return [wording = std::make_shared<const Wording>(errors_document())](const Error& error, http::Language language) {
    return wording->sentence(error, language);
  };
}

}  // namespace korrigo::app
