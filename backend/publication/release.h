/// When students see their results, and whether an exam is ready for that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "base/result.h"

namespace korrigo::publication {

struct Released {
  std::optional<UtcTime> at;  // nothing: withdrawn
  std::int64_t copies = 0;    // marked ones, which their students see or no longer see
};

/// Students see their marked copies from now on; released before, it stays with its time. Each marked copy's history
/// says so. Refuses with not_found "exam.not_found".
Result<Released> release_results(storage::Transaction& transaction, const ExamId& exam, const audit::Actor& actor,
                                 UtcTime now);
Result<Released> withdraw_results(storage::Transaction& transaction, const ExamId& exam, const audit::Actor& actor,
                                  UtcTime now);

/// Something that stands in the way of results that are complete.
struct Obstacle {
  std::string code;  // "no_copies", "not_identified", "not_graded", "quarantined", "grading_failed", "pdf_missing",
                     // "student_without_copy", "open_conflicts"
  std::int64_t count = 0;
  std::vector<std::string> examples;  // anonymous ids, or names of students; twenty at most
};

struct Readiness {
  std::int64_t copies = 0, graded = 0;
  std::optional<UtcTime> released_at;
  std::vector<Obstacle> obstacles;
  bool is_ready() const { return obstacles.empty(); }
};

/// Refuses with not_found "exam.not_found".
Result<Readiness> readiness_of(storage::Transaction& transaction, const ExamId& exam);

}  // namespace korrigo::publication
