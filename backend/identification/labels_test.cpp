#include "identification/labels.h"

#include <gtest/gtest.h>
#include <sstream>

namespace korrigo::identification {
namespace {

using imaging::PixelRect;
using ocr::FieldKind;
using ocr::PrintedWord;

constexpr int kLetterWidth = 24;
constexpr int kLetterHeight = 34;
constexpr int kSpace = 14;

// The words of one printed line that begins at (x, y).
std::vector<PrintedWord> line(const std::string& text, int x = 160, int y = 200) {
  std::vector<PrintedWord> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    const int width = kLetterWidth * static_cast<int>(word.size());
    words.push_back({word, 90, {x, y, width, kLetterHeight}});
    x += width + kSpace;
  }
  return words;
}

std::vector<PrintedWord> lines(std::initializer_list<std::vector<PrintedWord>> parts) {
  std::vector<PrintedWord> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The kind of the one label that a line is; nothing for none.
std::optional<FieldKind> kind_of(const std::string& text) {
  const auto labels = find_labels(line(text));
  EXPECT_LE(labels.size(), 1U) << text;
  return labels.empty() ? std::nullopt : std::optional(labels.front().kind);
}

TEST(Labels, are_told_apart_as_french_forms_print_them) {
  const std::vector<std::pair<FieldKind, std::vector<std::string>>> forms = {
      {FieldKind::last_name, {"NOM", "Nom :", "Nom de famille :", "NOM DE FAMILLE", "NOM......", "Noms"}},
      {FieldKind::first_name, {"PRÉNOM", "Prénom :", "Prénom(s) :", "PRENOMS", "Prénoms :"}},
      {FieldKind::full_name, {"Nom et prénom :", "NOM, PRÉNOM", "NOM Prénom", "Nom et prénoms"}},
      {FieldKind::birth_date,
       {"NÉ(E) LE", "Né(e) le :", "Né le", "Née le :", "Date de naissance", "DATE DE NAISSANCE :", "Naissance"}},
      {FieldKind::class_name, {"Classe", "CLASSE :", "Classe de :"}},
      {FieldKind::candidate_number, {"Numéro candidat :", "N° candidat", "N° d'inscription"}},
  };
  for (const auto& [kind, texts] : forms)
    for (const std::string& text : texts) EXPECT_EQ(kind_of(text), kind) << text;
}

TEST(Labels, are_known_where_a_word_takes_in_lines_beside_it) {
  auto words = line("NÉ LE:");
  words.front().box.height = 116;
  const auto labels = find_labels(words);
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels.front().kind, FieldKind::birth_date);
}

TEST(Labels, are_known_with_one_letter_misread) {
  EXPECT_EQ(kind_of("MÉ(E) LE"), FieldKind::birth_date);
  for (const char* text : {"PRENOH", "PRENQM", "PRNOM", "PRENOMI", "FRENOM", "Prenorm"})
    EXPECT_EQ(kind_of(text), FieldKind::first_name) << text;
  for (const char* text : {"Date de naissanoe", "Date de naisance", "Date de nalssance"})
    EXPECT_EQ(kind_of(text), FieldKind::birth_date) << text;
  EXPECT_EQ(kind_of("CLASSF"), FieldKind::class_name);
  EXPECT_EQ(kind_of("Numéro cand1dat"), FieldKind::candidate_number);
}

TEST(Labels, are_not_other_words_of_a_header) {
  for (const char* text : {"BAC BLANC — MATHÉMATIQUES", "Épreuve de NSI", "Examen blanc", "Session de mars", "NON",
                           "Nombre de pages", "MON", "Note", "Surnom", "PRNM", "Naturel", "le", "", "—", "/ /"})
    EXPECT_EQ(kind_of(text), std::nullopt) << text;
}

TEST(Labels, lie_where_their_words_do_without_what_stands_before) {
  const auto labels = find_labels(line("Votre nom de famille"));
  ASSERT_EQ(labels.size(), 1U);
  const int first = 160 + 5 * kLetterWidth + kSpace;
  EXPECT_EQ(labels[0].box, (PixelRect{first, 200, 12 * kLetterWidth + 2 * kSpace, kLetterHeight}));
}

TEST(Labels, of_a_whole_form_come_from_top_to_bottom) {
  const auto labels = find_labels(
      lines({line("Né(e) le :", 1400, 400), line("DEVOIR SURVEILLÉ N° 3", 700, 60), line("Prénom(s) :", 160, 300),
             line("Numéro candidat :", 160, 402), line("Nom de famille :", 160, 200)}));
  std::vector<FieldKind> kinds;
  for (const Label& label : labels) kinds.push_back(label.kind);
  EXPECT_EQ(kinds, (std::vector{FieldKind::last_name, FieldKind::first_name, FieldKind::birth_date,
                                FieldKind::candidate_number}));
}

TEST(Labels, on_one_row_stay_apart) {
  const auto labels = find_labels(lines({line("NOM :", 160, 200), line("PRÉNOM :", 1300, 203)}));
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[0].kind, FieldKind::last_name);
  EXPECT_EQ(labels[1].kind, FieldKind::first_name);
  EXPECT_EQ(labels[1].box.x, 1300);
}

TEST(Labels, of_one_kind_count_once_the_topmost) {
  const auto labels = find_labels(lines({line("Nom du professeur", 160, 700), line("NOM", 160, 200)}));
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels[0].box.y, 200);
}

TEST(Labels, are_not_written_in_capitals_as_tall_as_boxes) {
  EXPECT_TRUE(find_labels({{"NOM", 95, {160, 200, 300, 120}}}).empty());
  EXPECT_TRUE(find_labels({}).empty());
}

TEST(Labels, end_before_the_handwriting_beside_them) {
  for (const auto& [printed, written] : {std::pair{"PRÉNOM :", "NATHAN"}, {"Nom de famille :", "BEAU MONT"}}) {
    const auto alone = find_labels(line(printed));
    const auto beside = find_labels(line(std::string(printed) + " " + written));
    ASSERT_EQ(alone.size(), 1U);
    ASSERT_EQ(beside.size(), 1U);
    EXPECT_EQ(beside[0].kind, alone[0].kind);
    EXPECT_EQ(beside[0].box, alone[0].box) << printed;
  }
}

}  // namespace
}  // namespace korrigo::identification
