/// Names of people as rosters write them. All strings are normalised UTF-8 (base/text.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace korrigo::students {

constexpr std::size_t kMaxNameLetters = 100;

/// Why `name` is no name, as the end of a sentence ("holds “3”, ..."); nothing when it is one: 1-100 characters,
/// letters of the Latin script (with combining accents), spaces, hyphens and apostrophes, at least one letter.
std::optional<std::string> fault_of_name(std::string_view name);

struct FullName {
  std::string nom;
  std::string prenom;
};

/// Splits "DUPONT-MARTIN Jean-Éric", as Pronote writes names. The last name is the words in capitals, which stand
/// together before or after the first names, with the particles that lead to them ("de LA FONTAINE Jean", "Jean
/// d'ORMESSON") or stand between them ("DUPONT de NEMOURS Pierre"). A single capital elsewhere is an initial. Otherwise
/// why not, as a whole sentence.
tl::expected<FullName, std::string> split_full_name(std::string_view cell);

}  // namespace korrigo::students
