/// Invented students.
#pragma once

#include <string>
#include <vector>

#include "base/date.h"
#include "base/random.h"

namespace korrigo::samples {

struct Person {
  std::string nom, prenom, email;
  Date date_naissance;
  bool ambiguous = false;  // another student has the same names and birth date: never to be matched automatically
};

/// `count` people without namesakes; with `near` also twins, namesakes of another birth date, and one pair alike in
/// everything but e-mail.
std::vector<Person> invent_people(Random& random, int count, bool near);

}  // namespace korrigo::samples
