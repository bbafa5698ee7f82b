#include "samples/people.h"

#include <fmt/format.h>
#include <array>
#include <set>

#include "base/text.h"

namespace korrigo::samples {
namespace {

constexpr std::array kNames = {
    "Martin",     "Bernard",      "Dubois",    "Lefèvre",     "Moreau",     "Laurent",    "Girard",    "Roux",
    "Fontaine",   "Chevalier",    "Robin",     "Masson",      "Gauthier",   "Perrin",     "Clément",   "Morin",
    "Nguyen",     "Traoré",       "Diallo",    "Benali",      "Haddad",     "Mansouri",   "Cohen",     "Da Silva",
    "Ferreira",   "García",       "Rossi",     "Kowalski",    "Novák",      "Yilmaz",     "Le Gall",   "Le Goff",
    "De La Tour", "Saint-Martin", "D'Angelo",  "O'Brien",     "Ben Salah",  "Petit-Jean", "Quéméner",  "Kerviel",
    "Abgrall",    "Zidane",       "Wagner",    "Schneider",   "Muller",     "Vasseur",    "Delacroix", "Delattre",
    "Vandamme",   "Lemaître",     "Bourgeois", "Charpentier", "Carpentier", "Boulanger",  "Berger",    "Marchand",
    "Tessier",    "Texier",       "Joly",      "Gillet",      "Guillot",    "Hoarau",     "Payet",     "Grondin",
    "Rivière",    "Rakoto",       "Randria",   "Sow",         "Cissé",      "Konaté",     "Ouattara",  "Ndiaye",
    "Fofana",     "Touré",        "Chen",      "Li",          "Tran",       "Pham",       "Sivakumar", "Kaya",
    "Arslan",     "Öztürk",       "Popescu",   "Ionescu",     "Petrov",     "Ivanova",    "Jankowski", "Santos",
    "Pereira",    "Lopes",        "Almeida",   "Beaumont",    "Bonnefoy",   "Jourdain",   "Lacroix",   "Pasquier",
    "Renaud",     "Picard",       "Hubert",    "Noël",        "Maillard",   "Colin",      "Aubert",    "Besson"};
constexpr std::array kFirst = {
    "Emma",     "Louise",  "Jade",          "Alice",       "Chloé",    "Léa",      "Manon",   "Inès",     "Camille",
    "Sarah",    "Zoé",     "Anaïs",         "Clémence",    "Mathilde", "Juliette", "Océane",  "Maëlle",   "Noémie",
    "Élise",    "Héloïse", "Marie-Claire",  "Anne-Sophie", "Lou-Ann",  "Fatou",    "Aminata", "Awa",      "Yasmine",
    "Lina",     "Nour",    "Leïla",         "Léo",         "Gabriel",  "Raphaël",  "Arthur",  "Louis",    "Jules",
    "Adam",     "Hugo",    "Lucas",         "Nathan",      "Théo",     "Noé",      "Maxime",  "Clément",  "Antoine",
    "Baptiste", "Mathéo",  "Jean-Baptiste", "Pierre-Yves", "Jean",     "Paul",     "Simon",   "François", "Grégoire",
    "Loïc",     "Yann",    "Erwan",         "Mohamed",     "Ibrahim",  "Youssef",  "Mamadou", "Rayan",    "Bilal",
    "Ismaël",   "Kévin",   "Dylan",         "Enzo",        "Tom",      "Zakaria",  "William", "Oscar",    "Félix"};

Date birth_date(Random& random) {
  return {random.integer(2006, 2009), random.integer(1, 12), random.integer(1, 28)};
}

std::string email_of(const Person& person, std::set<std::string>& used) {
  std::string stem = lower(fold_name(person.prenom)) + "." + lower(fold_name(person.nom));
  for (char& c : stem)
    if (c == ' ') c = '-';
  std::string email = stem + "@lycee.example.org";
  for (int i = 2; !used.insert(email).second; ++i) email = fmt::format("{}{}@lycee.example.org", stem, i);
  return email;
}

}  // namespace

std::vector<Person> invent_people(Random& random, int count, bool near) {
  std::vector<Person> people;
  std::set<std::string> emails;
  std::set<std::string> names;
  const auto add = [&](Person person) {
    person.email = email_of(person, emails);
    names.insert(fold_name(person.nom + " " + person.prenom));
    people.push_back(std::move(person));
  };
  const int fresh = near ? count - std::min(count / 2, 4) : count;
  while (static_cast<int>(people.size()) < fresh) {
    Person person{kNames[static_cast<std::size_t>(random.integer(0, kNames.size() - 1))],
                  kFirst[static_cast<std::size_t>(random.integer(0, kFirst.size() - 1))], "", birth_date(random)};
    // Full names are exhausted only by rosters far larger than a school; then a double first name makes room.
    if (names.contains(fold_name(person.nom + " " + person.prenom)))
      person.prenom += std::string("-") + kFirst[static_cast<std::size_t>(random.integer(0, kFirst.size() - 1))];
    if (names.contains(fold_name(person.nom + " " + person.prenom))) continue;
    add(person);
  }
  for (int kind = 0; static_cast<int>(people.size()) < count; ++kind) {
    const Person& like = people[static_cast<std::size_t>(kind)];
    Person person = like;
    if (kind % 4 == 0) {  // twins
      do person.prenom = kFirst[static_cast<std::size_t>(random.integer(0, kFirst.size() - 1))];
      while (person.prenom == like.prenom);
    } else if (kind % 4 == 1) {  // the same names, another birth date
      do person.date_naissance = birth_date(random);
      while (person.date_naissance == like.date_naissance);
    } else if (kind % 4 == 2) {  // alike in everything
      person.ambiguous = true;
      people[static_cast<std::size_t>(kind)].ambiguous = true;
    } else {  // near names: one letter more
      person.nom += "e";
      person.date_naissance = birth_date(random);
    }
    add(person);
  }
  random.shuffle(std::span(people));
  return people;
}

}  // namespace korrigo::samples
