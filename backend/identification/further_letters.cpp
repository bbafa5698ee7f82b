#include "identification/further_letters.h"

#include <algorithm>

#include "identification/tesseract_letters.h"

namespace korrigo::identification {

ocr::EnginePicture engine_picture(const std::vector<CutLetter>& letters, const imaging::GrayImage& line,
                                  ocr::FieldKind kind) {
  ocr::EnginePicture picture;
  picture.kind = kind;
  picture.characters = characters_of(kind);
  if (letters.empty()) {
    picture.picture = framed_line(line);
  } else {
    SetLine set = set_line(letters);
    picture.picture = std::move(set.picture);
    picture.boxes = std::move(set.places);
  }
  return picture;
}

FurtherLetters further_letters(const ocr::EngineText& text, const ocr::EnginePicture& picture) {
  FurtherLetters further;
  const bool has_places = !text.letters.empty() &&
                          std::ranges::none_of(text.letters, [](const auto& letter) { return letter.box.empty(); });
  if (!picture.boxes.empty() && has_places) {
    further.letters = onto_places(text.letters, picture.boxes, picture.kind);
    further.placed = true;
    return further;
  }
  for (const ocr::LineLetter& letter : text.letters) further.letters.push_back(letter.reading);
  further.placed = !picture.boxes.empty() && further.letters.size() == picture.boxes.size();
  return further;
}

}  // namespace korrigo::identification
