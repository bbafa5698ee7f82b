#include "ocr/reading.h"

namespace korrigo::ocr {

std::string_view to_string(FieldKind kind) {
  switch (kind) {
    case FieldKind::last_name:
      return "nom";
    case FieldKind::first_name:
      return "prenom";
    case FieldKind::full_name:
      return "nom_prenom";
    case FieldKind::birth_date:
      return "date_naissance";
    case FieldKind::class_name:
      return "classe";
    case FieldKind::candidate_number:
      return "numero_candidat";
  }
  return "";
}

}  // namespace korrigo::ocr
