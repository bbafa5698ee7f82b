/// The sentences of refusals in both languages of the interface, from docs/errors.md.
///
/// Modules write their refusals in English, with what is particular to the case in place ("File too large: 5 bytes
/// (max: 3)"). A French sentence is made by finding these parts again: the English sentence of the table, "File too
/// large: {size} bytes (max: {limit})", is the pattern, and the French one is filled with what it matched. Parts are
/// themselves put into French where the table of reasons has them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace korrigo::app {

class Wording {
 public:
  /// Reads the tables of `document` (Markdown): | code | status | French | English | and | French | English |, where
  /// one cell may hold several sentences, separated by " / ". Throws std::runtime_error when a line of them is wrong.
  explicit Wording(std::string_view document);

  /// In French; in English for Language::en. Empty when the code is not in the tables and the message has to stand as
  /// it is. A message in other words than the table's stays in brackets behind the table's sentence when it says more:
  /// a number, a quotation.
  std::string sentence(const Error& error, http::Language language) const;

  struct Pair {
    std::string fr;
    std::string en;
  };

 private:
  std::string in_french(std::string_view english) const;
  std::string filled(const Pair& pair, const std::map<std::string, std::string>& parts) const;

  std::map<std::string, std::vector<Pair>, std::less<>> sentences_;  // by code
  std::vector<Pair> reasons_;
};

/// For ServerOptions::translate: the tables that the program was built with.
http::Translate make_translate();

}  // namespace korrigo::app
