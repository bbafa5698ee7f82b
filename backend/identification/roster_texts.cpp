#include <map>

#include "base/text.h"
#include "identification/likelihood.h"

namespace korrigo::identification {
namespace {

// Of people with several first names, those who write only the first of them; of people with a last name of several
// words, those who write only its first word or only its last.
constexpr double kFewerFirstNames = 0.15;
constexpr double kPartOfLastName = 0.06;

std::vector<std::size_t> word_ends(const std::string& text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) ends.push_back(at);
  return ends;
}

RosterTexts::Name last_name(const std::string& text) {
  if (text.empty()) return {};
  const auto ends = word_ends(text);
  if (ends.empty()) return {{text, 1.0}};
  return {{text, 1 - kPartOfLastName},
          {text.substr(0, ends.front()), kPartOfLastName / 2},
          {text.substr(ends.back() + 1), kPartOfLastName / 2}};
}

RosterTexts::Name first_name(const std::string& text) {
  if (text.empty()) return {};
  const auto ends = word_ends(text);
  if (ends.empty()) return {{text, 1.0}};
  RosterTexts::Name name = {{text, 1 - kFewerFirstNames}};
  for (const std::size_t end : ends)
    name.push_back({text.substr(0, end), kFewerFirstNames / static_cast<double>(ends.size())});
  return name;
}

template <class Key>
std::size_t index_of(std::map<Key, std::size_t>& known, const Key& key, std::size_t next) {
  return known.emplace(key, next).first->second;
}

}  // namespace

RosterTexts::RosterTexts(std::span<const students::RosterStudent> students) {
  std::map<std::string, std::size_t> last, first;
  std::map<Date, std::size_t> dates;
  for (const auto& student : students) {
    const std::string nom = fold_name(student.nom);
    const std::string prenom = fold_name(student.prenom);
    people_.push_back({index_of(last, nom, last_names_.size()), index_of(first, prenom, first_names_.size()),
                       index_of(dates, student.date_naissance, dates_.size())});
    if (last.size() > last_names_.size()) last_names_.push_back(last_name(nom));
    if (first.size() > first_names_.size()) first_names_.push_back(first_name(prenom));
    if (dates.size() > dates_.size()) dates_.push_back(student.date_naissance);
  }
}

}  // namespace korrigo::identification
