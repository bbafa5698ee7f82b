/// The students expected in an exam, and the CSV they come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace korrigo::students {

struct RosterStudent {
  std::string nom;              // last name, as the school writes it
  std::string prenom;           // first name
  std::string email;            // unique within a roster, lower case
  Date date_naissance;          // birth date
  std::string classe;           // "" when the roster has none
  std::string numero_etudiant;  // ""
  std::string groupe;           // ""
  int line = 0;                 // of the file, from 1
};

struct Roster {
  std::vector<RosterStudent> students;  // in file order
};

/// One fault of a roster file.
struct RosterFault {
  int line = 0;        // from 1, as a text editor counts; the header row is usually line 1; 0 for the file as a whole
  std::string column;  // its heading as the file writes it, the documented name of a missing one; "" for the whole line
  std::string message;  // one sentence
};

struct RosterLimits {
  std::size_t max_bytes = 10 * 1024 * 1024;
  std::size_t max_students = 20'000;
};

/// Reads a roster CSV, never throwing and in time linear in its size, whatever the bytes are: header row; comma,
/// semicolon or tab; UTF-8 with or without BOM, or Windows-1252; CRLF or LF; RFC 4180 quoting; columns in any order:
/// nom, prenom, email, date_naissance [, classe, numero_etudiant, groupe], any case and accents; or Pronote's export
/// (Élèves | Né(e) le | Adresse E-mail | Classe | Groupe: name in one cell, its words in capitals are the last name).
/// Names and labels come out in NFC with single spaces. Further columns are ignored. Empty lines are skipped. All
/// faults are reported at once, up to an unclosed quotation mark or the first line too many. A file with only a header
/// row is an empty roster; two lines may agree in name and birth date.
struct RosterReading {
  Roster roster;                    // the lines without fault
  std::vector<RosterFault> faults;  // in line order; empty: all is well
};
RosterReading read_roster(std::string_view csv, const RosterLimits& limits = {});

/// read_roster, refusing invalid_input "roster.faulty" when there is any fault, the message listing the first twenty
/// with line and column.
Result<Roster> parse_roster(std::string_view csv, const RosterLimits& limits = {});

}  // namespace korrigo::students
