/// The printed words that say what is to be written where.
#pragma once

#include <vector>

#include "ocr/tesseract.h"

namespace korrigo::identification {

struct Label {
  ocr::FieldKind kind = ocr::FieldKind::last_name;
  imaging::PixelRect box;  // of its words
};

/// The labels among the words of a form ("NOM", "Prénom(s) :", "Né(e) le", "Date de naissance", "Classe", "Numéro
/// candidat", "Nom et prénom"), at most one of each kind: the topmost.
std::vector<Label> find_labels(const std::vector<ocr::PrintedWord>& words);

}  // namespace korrigo::identification
