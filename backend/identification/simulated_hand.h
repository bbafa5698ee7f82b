/// For tests: students, how they fill in a header, and what an imperfect reader makes of it. All invented, all seeded.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "identification/decision.h"

namespace korrigo::identification::simulated {

struct Reader {
  double accuracy = 0.95;      // of letters
  bool overconfident = false;  // sure of itself also when wrong; else its probabilities are honest
  bool boxed = true;
  double lost = 0.01;       // letters lost, and as many invented
  double look_alike = 0.5;  // share of errors that are look-alikes
};

inline ocr::LetterReading reading_of(char written, const Reader& reader, Random& random, bool digit) {
  static constexpr std::array<std::string_view, 14> kAlike = {"IJLT1", "OQDC0", "UVNW", "NMHU", "EFB", "BRP8", "SZ52",
                                                              "GC6",   "AR4",   "KXH",  "VYU",  "17",  "49",   "38560"};
  const std::string_view all = digit ? ocr::kAlphabet.substr(26) : ocr::kAlphabet.substr(0, 26);
  const auto wrong_letter = [&] {
    for (int attempt = 0; attempt < 20 && random.chance(reader.look_alike); ++attempt) {
      const auto group = kAlike[static_cast<std::size_t>(random.integer(0, kAlike.size() - 1))];
      const char other = group[static_cast<std::size_t>(random.integer(0, static_cast<int>(group.size()) - 1))];
      if (group.find(written) != std::string_view::npos && other != written &&
          all.find(other) != std::string_view::npos)
        return other;
      --attempt;
      if (random.chance(0.02)) break;
    }
    char other = written;
    while (other == written) other = all[static_cast<std::size_t>(random.integer(0, static_cast<int>(all.size()) - 1))];
    return other;
  };
  // How sure the reader may be of this letter: mostly very, sometimes hardly, the accuracy on average.
  const double spread = 2 * (1 - reader.accuracy);
  const double sure = std::clamp(1 - spread * random.unit(), 0.05, 0.998);
  const bool right = random.chance(sure);
  const char top = right ? written : wrong_letter();
  const double shown = reader.overconfident ? random.between(0.97, 0.999) : sure;
  ocr::LetterReading reading;
  const double rest = (1 - shown) / 2;
  for (const char c : all)
    reading.probability[ocr::alphabet_index(c)] = static_cast<float>(rest / static_cast<double>(all.size()));
  const char second = right || reader.overconfident || random.chance(0.3) ? wrong_letter() : written;
  reading.probability[ocr::alphabet_index(second)] += static_cast<float>(rest);
  reading.probability[ocr::alphabet_index(top)] += static_cast<float>(shown);
  return reading;
}

inline ocr::FieldReading field_of(ocr::FieldKind kind, std::string_view text, const Reader& reader, Random& random) {
  const bool digits = kind == ocr::FieldKind::birth_date;
  ocr::FieldReading field;
  field.kind = kind;
  field.boxed = reader.boxed;
  for (const char c : digits ? std::string(text) : fold_name(text)) {
    if (ocr::alphabet_index(c) == ocr::kAlphabetSize || random.chance(reader.lost)) continue;
    field.letters.push_back(reading_of(c, reader, random, digits));
    if (random.chance(reader.lost)) field.letters.push_back(reading_of(digits ? '1' : 'I', reader, random, digits));
  }
  field.has_ink = !text.empty();
  return field;
}

inline ocr::HeaderReading header_of(std::string_view nom, std::string_view prenom, std::string_view date,
                                    const Reader& reader, Random& random) {
  return {"simulated",
          {field_of(ocr::FieldKind::last_name, nom, reader, random),
           field_of(ocr::FieldKind::first_name, prenom, reader, random),
           field_of(ocr::FieldKind::birth_date, date, reader, random)}};
}

/// The header of a student who fills in everything as the roster has it.
inline ocr::HeaderReading header_of(const students::RosterStudent& student, const Reader& reader, Random& random,
                                    bool dated = true) {
  return header_of(student.nom, student.prenom, dated ? student.date_naissance.french() : "", reader, random);
}

inline students::RosterStudent student_of(std::string nom, std::string prenom, Date date = {2008, 5, 15}) {
  students::RosterStudent student;
  student.email = lower(fold_name(prenom + "." + nom));
  student.nom = std::move(nom);
  student.prenom = std::move(prenom);
  student.date_naissance = date;
  return student;
}

/// Half of the last names are common ones, half are put together from syllables.
inline students::RosterStudent invent_student(Random& random) {
  static constexpr std::array kLast = {"Martin",    "Lefèvre",  "Moreau",     "Roux",        "Nguyen",
                                       "Traoré",    "Benali",   "Da Silva",   "Le Gall",     "Saint-Martin",
                                       "Ben Salah", "D'Angelo", "Carpentier", "Charpentier", "Muller",
                                       "Payet",     "Diallo",   "Rousseau",   "Roussel",     "Besson"};
  static constexpr std::array kFirst = {
      "Emma",         "Jade",        "Léa",           "Léo",     "Léna",     "Jules",     "Julie",   "Chloé",  "Inès",
      "Marie-Claire", "Anne-Sophie", "Jean-Baptiste", "Jean",    "Paul",     "Hugo",      "Lucas",   "Louis",  "Louise",
      "Théo",         "Noé",         "Noémie",        "Raphaël", "Gabriel",  "Gabrielle", "Manon",   "Marion", "Mathis",
      "Mathilde",     "Zoé",         "Kaïs",          "Shaïma",  "Tiphaine", "Ewen",      "Ambroise"};
  static constexpr std::array kSyllables = {"bel", "mar", "ton", "ca", "ri", "lo",  "van", "du",
                                            "sal", "gue", "rin", "pé", "ko", "wal", "ski", "der",
                                            "aud", "ier", "mon", "fa", "zi", "th",  "o",   "ys"};
  const auto one = [&](const auto& list) {
    return std::string(list[static_cast<std::size_t>(random.integer(0, static_cast<int>(list.size()) - 1))]);
  };
  std::string last;
  if (random.chance(0.5)) last = one(kLast);
  for (int i = last.empty() ? random.integer(2, 4) : 0; i > 0; --i) last += one(kSyllables);
  return student_of(last, one(kFirst), {random.integer(2006, 2009), random.integer(1, 12), random.integer(1, 28)});
}

}  // namespace korrigo::identification::simulated
