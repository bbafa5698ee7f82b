#include "accounts/password_rules.h"

#include <set>

#include "base/text.h"

namespace korrigo::accounts {
namespace {

// What the lists of leaked passwords begin with, French and English, and what a school would think of.
constexpr std::string_view kCommon[] = {
    "ABC",        "ABCD",       "ABCDEF",     "ADMIN",      "ADMINISTRATEUR", "ADMINISTRATOR", "AMOUR",
    "ANGEL",      "AZERTY",     "AZERTYUIOP", "BASEBALL",   "BATMAN",         "BIENVENUE",     "BONJOUR",
    "CHANGEME",   "CHANGEMOI",  "CHARLIE",    "CHEVAL",     "CHOCOLAT",       "CHOUCHOU",      "COLLEGE",
    "COUCOU",     "DEMO",       "DEFAULT",    "DOUDOU",     "DRAGON",         "ECOLE",         "ELEVE",
    "EXAMEN",     "FOOTBALL",   "FREEDOM",    "GUEST",      "HELLO",          "ILOVEYOU",      "INTERNET",
    "INVITE",     "JETAIME",    "JORDAN",     "KORRIGO",    "LETMEIN",        "LOGIN",         "LOULOU",
    "LYCEE",      "MARSEILLE",  "MASTER",     "MICHAEL",    "MINECRAFT",      "MONKEY",        "MOT",
    "MOTDEPASSE", "MDP",        "NICOLAS",    "ORDINATEUR", "PARIS",          "PASS",          "PASSE",
    "PASSWORD",   "PASSWD",     "POKEMON",    "PRINCESS",   "PRINCESSE",      "PROF",          "PROFESSEUR",
    "PRONOTE",    "QSDFGHJKLM", "QWERTY",     "QWERTYUIOP", "QWERTZ",         "QWERTZUIOP",    "ROOT",
    "SECRET",     "SHADOW",     "SOLEIL",     "STARWARS",   "STUDENT",        "SUNSHINE",      "SUPERMAN",
    "TEACHER",    "TEST",       "TRUSTNO",    "USER",       "UTILISATEUR",    "VACANCES",      "WELCOME",
    "WXCVBN",     "ZAQ",        "ZXCVBN",     "ASDFGHJKL",  "ASDF",
};

constexpr std::size_t kShortestName = 3;

/// The words of `text` without accents, digits and signs, upper case.
std::string letters_of(std::string_view text) {
  std::string letters = fold_name(text);
  std::erase_if(letters, [](char letter) { return letter < 'A' || letter > 'Z'; });
  return letters;
}

std::vector<std::string> words_of(const std::vector<std::string>& names) {
  std::vector<std::string> words(std::begin(kCommon), std::end(kCommon));
  for (const std::string& name : names) {
    const std::string whole = letters_of(name);
    const std::string before_at = letters_of(std::string_view(name).substr(0, name.find('@')));
    for (const std::string& word : {whole, before_at}) {
      if (word.size() >= kShortestName) words.push_back(word);
    }
  }
  return words;
}

/// Whether `letters` is nothing but these words after each other.
bool made_of(const std::string& letters, const std::vector<std::string>& words) {
  std::vector<bool> reached(letters.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < letters.size(); ++at) {
    if (!reached[at]) continue;
    for (const std::string& word : words) {
      if (letters.compare(at, word.size(), word) == 0) reached[at + word.size()] = true;
    }
  }
  return reached.back();
}

}  // namespace

std::vector<std::string> faults_of_password(std::string_view password, const std::vector<std::string>& names) {
  const std::vector<char32_t> points = code_points(password);
  std::vector<std::string> faults;
  if (points.size() < kMinPasswordCharacters) {
    faults.push_back(fmt::format("The password must have at least {} characters.", kMinPasswordCharacters));
  }
  if (points.size() > kMaxPasswordCharacters) {
    faults.push_back(fmt::format("The password must have at most {} characters.", kMaxPasswordCharacters));
    return faults;
  }
  const bool only_digits =
      !points.empty() && std::ranges::all_of(points, [](char32_t point) { return point >= '0' && point <= '9'; });
  if (only_digits) faults.emplace_back("The password must not be only digits.");
  constexpr std::size_t kFewCharacters = 4;
  const bool few = std::set<char32_t>(points.begin(), points.end()).size() <= kFewCharacters;
  if (few && !only_digits) faults.emplace_back("The password repeats too few characters.");
  const std::string letters = letters_of(password);
  if (!letters.empty() && made_of(letters, words_of(names))) {
    faults.emplace_back("The password is a common one, or one's own name.");
  }
  return faults;
}

Result<void> check_password(std::string_view password, const std::vector<std::string>& names, std::string_view field) {
  std::vector<std::string> faults = faults_of_password(password, names);
  if (faults.empty()) return {};
  Error error{ErrorKind::invalid_input, "password.weak", "This password is too weak."};
  error.field = field;
  error.details = std::move(faults);
  return tl::unexpected(std::move(error));
}

}  // namespace korrigo::accounts
