/// Which column of a roster holds what, by its heading.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "students/roster.h"

namespace korrigo::students {

enum class Field { nom, prenom, email, date_naissance, classe, numero_etudiant, groupe, full_name };
constexpr std::size_t kFieldCount = 8;

/// The field's name as the documentation spells it: "date_naissance"; "Élèves" for full_name.
std::string_view field_name(Field field);

/// The field a heading stands for, in any case, with or without accents, spaces, underscores, hyphens and punctuation.
/// Nothing for a heading that is not known: that column is ignored.
std::optional<Field> field_of_heading(std::string_view heading);

struct Columns {
  std::array<std::optional<std::size_t>, kFieldCount> place;
  std::vector<std::string> headings;  // as the file writes them, white space tidied

  bool has(Field field) const { return place[static_cast<std::size_t>(field)].has_value(); }
  std::size_t at(Field field) const { return *place[static_cast<std::size_t>(field)]; }
  std::size_t found() const;   // fields found
  std::size_t needed() const;  // cells a line must have for the fields found
  /// The heading as the file writes it, or field_name when there is no such column.
  std::string heading(Field field) const;
  /// The name stands in one cell, as Pronote exports it.
  bool name_in_one_cell() const;
  /// All that every student needs is there.
  bool complete() const;
};

struct Header {
  char delimiter = ',';  // comma, semicolon or tab
  int line = 0;
  Columns columns;
};

/// The header row: the first that is not blank, nor the "sep=;" some spreadsheets put before it. The delimiter is the
/// one under which it names most fields. Adds a fault for each required column that is missing and each field that has
/// two columns (the first is kept). Nothing, with a fault, when no row has anything of a header.
std::optional<Header> find_header(std::string_view text, std::vector<RosterFault>& faults);

}  // namespace korrigo::students
