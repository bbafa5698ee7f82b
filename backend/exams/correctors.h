/// Who marks an exam.
#pragma once

#include "exams/exam.h"

namespace korrigo::exams {

struct Corrector {
  UserId user;
  std::string username;
  std::optional<std::string> email;
  std::int64_t copies_assigned = 0;
  std::int64_t copies_graded = 0;
  std::int64_t exercises_assigned = 0;  // single exercises of copies
};

/// By user name.
std::vector<Corrector> correctors_of(storage::Transaction&, const ExamId&);

/// Refuses with not_found "exam.not_found", malformed "corrector.unknown" (no active teacher or admin), conflict
/// "corrector.has_copies" (one who would leave has copies of this exam assigned, or exercises of them).
Result<void> set_correctors(storage::Transaction&, const ExamId&, const std::vector<UserId>&, UtcTime now);

}  // namespace korrigo::exams
