#include "samples/truth.h"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>

namespace korrigo::samples {
namespace {

namespace json = boost::json;

std::string_view half_name(const PlannedSide& side, std::size_t place) {
  if (side.faces.size() == 1) return "full";
  return (place == 0) == (side.rotation == 0) ? "left" : "right";
}

struct Scanned {
  json::object place;
  int number = 0;
  bool lost = false;
};

// Where the faces of a sheet are, in reading order, of its first scan or of the second.
json::array faces_of(const BatchPlan& plan, int sheet, bool duplicates) {
  std::vector<Scanned> found;
  for (std::size_t i = 0; i < plan.sides.size(); ++i) {
    const PlannedSide& side = plan.sides[i];
    if ((side.duplicate_of >= 0) != duplicates) continue;
    for (std::size_t place = 0; place < side.faces.size(); ++place) {
      const PlannedFace& face = side.faces[place];
      if (face.sheet != sheet) continue;
      found.push_back({{{"side", i + 1},
                        {"half", half_name(side, place)},
                        {"rotation", side.rotation},
                        {"skew_degrees", side.skew_degrees},
                        {"blank", face.content.blank},
                        {"header", face.content.header},
                        {"unreadable", side.corrupt}},
                       face.number});
    }
  }
  std::sort(found.begin(), found.end(), [](const Scanned& a, const Scanned& b) { return a.number < b.number; });
  json::array faces;
  for (Scanned& one : found) faces.push_back(std::move(one.place));
  return faces;
}

json::object copy_of(const BatchPlan& plan, std::size_t sheet) {
  const PlannedSheet& planned = plan.sheets[sheet];
  const Writer& writer = plan.writers[static_cast<std::size_t>(planned.writer)];
  json::object copy{
      {"writer", planned.writer},
      {"sheet", planned.number},
      {"ambiguous", writer.person.ambiguous},
      {"written", {{"nom", planned.written.nom}, {"prenom", planned.written.prenom}, {"date", planned.written.date}}},
      {"faces", faces_of(plan, static_cast<int>(sheet), false)}};
  copy["email"] = writer.on_roster ? json::value(writer.person.email) : json::value(nullptr);
  if (auto again = faces_of(plan, static_cast<int>(sheet), true); !again.empty())
    copy["scanned_again"] = std::move(again);
  return copy;
}

}  // namespace

std::string roster_csv(const BatchPlan& plan) {
  std::vector<Person> people = plan.roster;
  std::sort(people.begin(), people.end(), [](const Person& a, const Person& b) {
    return std::tie(a.nom, a.prenom, a.email) < std::tie(b.nom, b.prenom, b.email);
  });
  std::string csv = "nom,prenom,email,date_naissance\n";
  for (const Person& person : people) {
    const Date& born = person.date_naissance;
    csv += fmt::format("{},{},{},{:02}/{:02}/{:04}\n", person.nom, person.prenom, person.email, born.day, born.month,
                       born.year);
  }
  return csv;
}

std::string truth_json(const BatchPlan& plan, const Options& options) {
  json::array sheets;
  for (std::size_t i = 0; i < plan.sheets.size(); ++i) sheets.push_back(copy_of(plan, i));
  json::object truth{{"version", 1},
                     {"seed", options.seed},
                     {"imposition", options.imposition == Imposition::booklet ? "booklet" : "plain"},
                     {"verso_rotation", options.verso_rotation},
                     {"pages_per_booklet", plan.pages_per_booklet},
                     {"sides", plan.sides.size()},
                     {"sheets", std::move(sheets)},
                     {"absent", json::array(plan.absent.begin(), plan.absent.end())}};
  return json::serialize(truth) + "\n";
}

}  // namespace korrigo::samples
