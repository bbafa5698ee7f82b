/// Marks as Pronote imports them.
#pragma once

#include <string>
#include <vector>

#include "publication/results.h"

namespace korrigo::publication {

constexpr std::int64_t kMaxCoefficient = 1000;  // tenths

struct PronoteFile {
  std::string name;  // "export_pronote_Maths_2026-02-03.csv"
  /// UTF-8 with a byte order mark, semicolons, CRLF; header NOM;PRENOM;DATE_NAISSANCE;MATIERE;NOTE;COEFF;COMMENTAIRE.
  /// Marks of 20 with two decimals; Abs, Disp or N.Rdu for who handed nothing in.
  std::string content;
  std::int64_t count = 0;             // of marks
  std::vector<std::string> warnings;  // one sentence each
};

/// A mark of 20 in hundredths: scaled, rounded half up, held within 0 and 20.
std::int64_t mark_of_20(std::int64_t total, std::int64_t maximum);
/// Line ends become spaces, a leading = + - @ goes, 500 characters at most.
std::string pronote_comment(const std::string& appreciation);

/// `coefficient` in tenths. Refuses with not_found "exam.not_found", malformed "pronote.not_ready" (`details`: one
/// sentence for each reason: no copies, none marked, marked ones without student).
Result<PronoteFile> pronote_file(storage::Transaction& transaction, const ExamId& exam, std::int64_t coefficient);

}  // namespace korrigo::publication
