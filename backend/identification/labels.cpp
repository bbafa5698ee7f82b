#include "identification/labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.h"

namespace korrigo::identification {
namespace {

using imaging::PixelRect;
using ocr::FieldKind;

struct Word {
  std::string text;  // folded, without spaces
  PixelRect box;
};

// Words of one line, near one another.
struct Phrase {
  std::vector<Word> words;
  PixelRect box;
};

std::string letters_only(const std::string& text) {
  std::string letters = fold_name(text);
  std::erase(letters, ' ');
  return letters;
}

// At most one letter wrong, lost or added.
bool nearly(const std::string& text, std::string_view word) {
  if (text == word) return true;
  if (word.size() < 5 || text.size() + 1 < word.size() || text.size() > word.size() + 1) return false;
  std::size_t front = 0;
  while (front < text.size() && front < word.size() && text[front] == word[front]) ++front;
  std::size_t back = 0;
  while (back < text.size() - front && back < word.size() - front &&
         text[text.size() - 1 - back] == word[word.size() - 1 - back])
    ++back;
  return std::max(text.size(), word.size()) - front - back <= 1;
}

// What follows a label's first word may be handwriting in the field beside it, read as if it were print.
bool is_printed_word(const std::string& text) {
  constexpr std::array<std::string_view, 20> kWords = {
      "NOM",   "NOMS", "PRENOM", "PRENOMS", "NAISSANCE", "DATE", "CANDIDAT", "INSCRIPTION", "CLASSE", "FAMILLE",
      "USAGE", "NEE",  "NE",     "LE",      "DE",        "DU",   "ET",       "E",           "S",      "D"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return nearly(text, word); });
}

bool continues(const Phrase& phrase, const Word& word) {
  const PixelRect& last = phrase.words.back().box;
  const int height = std::max(last.height, word.box.height);
  const bool level = std::abs((last.y + last.bottom()) - (word.box.y + word.box.bottom())) < height * 1.2;
  const int space = word.box.x - last.right();
  return level && space > -height && space < height * 1.3;
}

std::vector<Phrase> phrases_of(const std::vector<ocr::PrintedWord>& printed) {
  std::vector<Word> words;
  for (const auto& word : printed) {
    const std::string text = letters_only(word.text);
    // A box may take in specks and lines above the word; capitals as tall as that would be wider.
    const bool narrow = word.box.width < 60 * static_cast<int>(text.size()) && is_printed_word(text);
    if (!text.empty() && word.box.height < (narrow ? 130 : 90)) words.push_back({text, word.box});
  }
  std::sort(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.box.x < b.box.x; });
  std::vector<Phrase> phrases;
  for (const Word& word : words) {
    const auto found =
        std::find_if(phrases.begin(), phrases.end(), [&](const Phrase& phrase) { return continues(phrase, word); });
    if (found == phrases.end()) {
      phrases.push_back({{word}, word.box});
    } else {
      found->words.push_back(word);
      found->box = found->box.united(word.box);
    }
  }
  return phrases;
}

// The words of the phrase from which on it is a label, and of which kind.
std::optional<Label> label_in(const Phrase& phrase) {
  const auto place = [&](std::initializer_list<std::string_view> wanted) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < phrase.words.size(); ++i)
      for (const std::string_view word : wanted)
        if (nearly(phrase.words[i].text, word)) return i;
    return std::nullopt;
  };
  const auto from = [&](std::size_t first, FieldKind kind) {
    PixelRect box = phrase.words[first].box;
    for (std::size_t i = first + 1; i < phrase.words.size() && is_printed_word(phrase.words[i].text); ++i)
      box = box.united(phrase.words[i].box);
    return Label{kind, box};
  };
  const auto name = place({"NOM", "NOMS"});
  const auto first_name = place({"PRENOM", "PRENOMS", "PRENOMSS"});
  if (name && first_name && *first_name > *name && *first_name - *name <= 2) return from(*name, FieldKind::full_name);
  if (place({"NOMETPRENOM", "NOMPRENOM"})) return from(*place({"NOMETPRENOM", "NOMPRENOM"}), FieldKind::full_name);
  if (first_name) return from(*first_name, FieldKind::first_name);
  if (name) return from(*name, FieldKind::last_name);
  if (const auto birth = place({"NAISSANCE", "NEELE", "NELE"}))
    return from(*birth > 2 ? *birth - 2 : 0, FieldKind::birth_date);
  if (const auto born = place({"NE", "NEE"});
      born && *born + 1 < phrase.words.size() && phrase.words[*born + 1].text.starts_with("LE"))
    return from(*born, FieldKind::birth_date);
  for (std::size_t i = 0; i + 1 < phrase.words.size(); ++i)
    if (nearly(phrase.words[i].text + phrase.words[i + 1].text, "NEELE")) return from(i, FieldKind::birth_date);
  if (const auto born = place({"NEE"}); born && phrase.words.size() == 1) return from(*born, FieldKind::birth_date);
  if (const auto candidate = place({"CANDIDAT", "INSCRIPTION"})) return from(0, FieldKind::candidate_number);
  if (const auto form = place({"CLASSE"})) return from(*form, FieldKind::class_name);
  return std::nullopt;
}

}  // namespace

std::vector<Label> find_labels(const std::vector<ocr::PrintedWord>& words) {
  std::vector<Label> labels;
  std::vector<Phrase> phrases = phrases_of(words);
  std::sort(phrases.begin(), phrases.end(), [](const Phrase& a, const Phrase& b) { return a.box.y < b.box.y; });
  for (const Phrase& phrase : phrases)
    if (const auto label = label_in(phrase))
      if (std::none_of(labels.begin(), labels.end(), [&](const Label& known) { return known.kind == label->kind; }))
        labels.push_back(*label);
  return labels;
}

}  // namespace korrigo::identification
