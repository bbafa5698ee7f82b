// Any bytes are a roster or a list of faults, and what comes out keeps the promises of students/roster.h.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "students/roster.h"

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace korrigo;
  const std::string_view csv(reinterpret_cast<const char*>(data), size);
  const students::RosterLimits limits{.max_bytes = 1 << 16, .max_students = 50};
  const students::RosterReading reading = students::read_roster(csv, limits);
  std::set<std::string> emails;
  int line = 0;
  for (const students::RosterStudent& student : reading.roster.students) {
    require(student.line > line);
    line = student.line;
    require(!student.nom.empty() && !student.prenom.empty() && is_utf8(student.nom + student.prenom));
    require(normalise(student.nom) == student.nom && normalise(student.prenom) == student.prenom);
    require(emails.insert(student.email).second && student.email == lower(student.email));
    require(Date::parse(student.date_naissance.iso()) == student.date_naissance);
  }
  line = 0;
  for (const students::RosterFault& fault : reading.faults) {
    require(fault.line >= line && !fault.message.empty() && is_utf8(fault.message + fault.column));
    line = fault.line;
  }
  require(reading.roster.students.size() <= limits.max_students);
  require(students::parse_roster(csv, limits).has_value() == reading.faults.empty());
  return 0;
}
