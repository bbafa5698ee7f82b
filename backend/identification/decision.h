/// Whose copy is it: the probability of every student of the roster for every copy, the whole exam solved at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocr/reading.h"
#include "students/roster.h"

namespace korrigo::identification {

/// What is known of one copy: all readings of all its headers (several engines, several sheets).
struct CopyEvidence {
  std::vector<ocr::HeaderReading> readings;
};

enum class Mode { automatic, semi_automatic, manual };  // AUTO, SEMI_AUTO, MANUAL
std::string_view to_string(Mode mode);

struct Candidate {
  std::optional<std::size_t> student;  // index into the roster; nothing = "not on the roster"
  double confidence = 0;               // posterior, 0..1
};

struct Decision {
  Mode mode = Mode::manual;
  double confidence = 0;               // of the best candidate; 0 when nothing could be read
  std::optional<std::size_t> student;  // set if and only if mode is automatic
  // At most five, best first; the confidences of all students and of "not on the roster" sum to at most 1.
  std::vector<Candidate> candidates;
  std::vector<std::string> warnings;  // why an automatic answer was withheld, in one sentence each
};

struct Thresholds {
  double automatic = 0.7;
  double semi_automatic = 0.4;
};

/// A decision already made by a person: whose the copy is, or nothing for "not on the roster". Indices must be in
/// range.
struct Confirmed {
  std::size_t copy = 0;
  std::optional<std::size_t> student;
};

/// One decision per copy. One student has at most one copy; confidence is the posterior over all ways of assigning the
/// class. What people confirmed is final, has confidence 1 (mode manual when not on the roster), and its students are
/// no longer candidates for other copies. A posterior over `automatic` is necessary for mode automatic, not enough: see
/// the vetoes in README.md.
std::vector<Decision> decide(const students::Roster& roster, const std::vector<CopyEvidence>& copies,
                             const Thresholds& thresholds = {}, const std::vector<Confirmed>& confirmed = {});

/// Natural logarithm of P(evidence | the student wrote it) / P(evidence | somebody not on the roster wrote it).
double log_likelihood_ratio(const CopyEvidence& evidence, const students::RosterStudent& student);

/// Probability that two sheets next to one another in the stack were headed by the same student. A small prior when
/// either is illegible; never above 0.9 when no student of the roster vouches for the name they share.
double same_student(const students::Roster& roster, const CopyEvidence& first, const CopyEvidence& second);
/// From here on two sheets are one copy: two students' work in one copy is the worse mistake.
inline constexpr double kSameStudent = 0.99;

}  // namespace korrigo::identification
