/// Somebody who is not on the roster: how likely such a person's header reads like this.
///
/// A stranger bears a common name with some probability, else any word spelt like the common ones (a bigram model of
/// letters), and was born on any day on which a pupil may be born. The same channel carries it to the readings, so that
/// the ratio of a student to a stranger means what it says.
#pragma once

#include <array>
#include <vector>

#include "identification/channel.h"

namespace korrigo::identification {

enum class NamePart { last, first };

/// P(a name field's readings | a stranger's last or first name), per quality.
std::array<double, kQualities> stranger_name(const Channel& channel, NamePart part);

/// P(a field that holds a whole name | a stranger's), per quality, and the halves of it that a student who shares only
/// one name with the stranger needs.
struct StrangerHalves {
  std::array<std::vector<double>, kQualities> prefix;  // as Channel::prefixes
  std::array<std::vector<double>, kQualities> suffix;  // as Channel::suffixes
};
StrangerHalves stranger_halves(const Channel& channel, NamePart part);

/// Share of writers, strangers or not, who write the year with two digits.
inline constexpr double kYearOfTwoDigits = 0.04;

/// P(a date field's readings | a stranger's birth date), per quality.
std::array<double, kQualities> stranger_date(const Channel& channel);

}  // namespace korrigo::identification
