/// How well a copy's readings fit each student of a roster.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/date.h"
#include "identification/decision.h"
#include "students/roster.h"

namespace korrigo::identification {

/// One way of writing a name down, and how many of its bearers do.
struct Spelling {
  std::string text;  // folded
  double share = 1;
};

/// The names and birth dates of a roster, each distinct one once: readings are compared with those, not with students.
class RosterTexts {
 public:
  explicit RosterTexts(std::span<const students::RosterStudent> students);

  struct Person {
    std::size_t last = 0, first = 0, date = 0;  // indices into the lists below
    auto operator<=>(const Person&) const = default;
  };
  using Name = std::vector<Spelling>;  // empty: no letter that could be compared

  std::size_t size() const { return people_.size(); }
  const Person& person(std::size_t student) const { return people_[student]; }
  const std::vector<Name>& last_names() const { return last_names_; }
  const std::vector<Name>& first_names() const { return first_names_; }
  const std::vector<Date>& dates() const { return dates_; }

 private:
  std::vector<Person> people_;
  std::vector<Name> last_names_, first_names_;
  std::vector<Date> dates_;
};

/// ln P(readings | the student) - ln P(readings | somebody not on the roster), in its two independent parts.
struct Fit {
  double names = 0;
  double date = 0;
  double weaker_name = 0;  // the same for the one of the two names that fits less; of the names that were read
  double total() const { return names + date; }
};

/// The readings of one copy as evidence, whoever it speaks for.
struct Legibility {
  std::size_t name_letters = 0;  // letters of the name fields read with some confidence
  std::size_t date_digits = 0;
  bool anything = false;  // a name or a date has at least one reading
};
Legibility legibility(const CopyEvidence& evidence);

/// The fit of every student of the roster, in its order. Nothing read fits everybody with 0.
/// O(readings x distinct names and dates) plus O(students).
std::vector<Fit> fit_roster(const CopyEvidence& evidence, const RosterTexts& roster);

}  // namespace korrigo::identification
