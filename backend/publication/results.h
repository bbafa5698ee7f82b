/// What an exam brought, one row for each student and each copy: exports and statistics begin here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exams/exam.h"
#include "exams/total.h"

namespace korrigo::publication {

struct ResultRow {
  std::optional<CopyId> copy;  // nothing: a student of the roster who handed nothing in
  std::string anonymous_id, status;
  std::optional<StudentId> student;
  std::string last_name, first_name, date_naissance;  // YYYY-MM-DD
  std::string class_name, groupe, numero_etudiant;
  std::string presence = "PRESENT";            // of the roster's line
  std::optional<std::int64_t> total, maximum;  // hundredths; of a marked copy
  exams::Scores scores = {};                   // of a marked copy
  std::string appreciation = {};               // of a marked copy
  std::optional<std::string> final_pdf = {};   // key
  std::optional<UtcTime> graded_at = {};

  bool is_graded() const { return status == "GRADED"; }
};

/// By name, then anonymous id. Students of the roster without copy are listed unless they are PRESENT.
std::vector<ResultRow> results_of(storage::Transaction& transaction, const ExamId& exam);

/// A mark as it is exported: the nearest multiple of `rounding`, halves up, at most `maximum`.
std::int64_t rounded_mark(std::int64_t mark, std::optional<std::int64_t> rounding, std::int64_t maximum);

/// The leaves of a barème, in its order; without one, every question that has a score.
std::vector<std::string> questions_of(const exams::GradingStructure& structure, const std::vector<ResultRow>& rows);

}  // namespace korrigo::publication
