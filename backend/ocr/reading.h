/// What an engine saw in a header: not a string but, letter by letter, how likely each character is.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace korrigo::ocr {

/// The characters that names and dates are made of once folded (base/text.h fold_name).
inline constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
inline constexpr std::size_t kAlphabetSize = kAlphabet.size();
/// Index of an upper-case letter or digit in kAlphabet; kAlphabetSize for any other character.
constexpr std::size_t alphabet_index(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::size_t>(c - 'A');
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(26 + c - '0');
  return kAlphabetSize;
}

struct LetterReading {
  std::array<float, kAlphabetSize> probability{};  // of each character of kAlphabet
  float nothing = 0;                               // that no letter is here: noise, a stroke of the form; all sum to 1
};

enum class FieldKind { last_name, first_name, full_name, birth_date, class_name, candidate_number };
std::string_view to_string(FieldKind kind);

/// One field of one header as one engine read it.
struct FieldReading {
  FieldKind kind = FieldKind::last_name;
  bool boxed = false;                  // one letter per printed box: letters are rarely lost or doubled
  bool has_ink = true;                 // false: the writer left it empty
  std::vector<LetterReading> letters;  // in reading order; of a birth date only its digits; a word gap is no letter
  std::string text;         // the likeliest text, for people; dates as DD/MM/YYYY when all eight digits were read
  std::string engine = {};  // "korrigo-hand"; empty: the header's
};

/// One header as it was read. Engines that read the same field stand one after the other, the most trusted first.
struct HeaderReading {
  std::string engine;  // "tesseract"; of several "korrigo-hand, tesseract"
  std::vector<FieldReading> fields;
};

}  // namespace korrigo::ocr
