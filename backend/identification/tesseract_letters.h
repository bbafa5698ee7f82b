/// Cut letters and lines as Tesseract reads them best, and what it reads.
#pragma once

#include <vector>

#include "identification/field_ink.h"
#include "ocr/tesseract.h"

namespace korrigo::identification {

/// Letters set side by side as a printed line would be, and where each of them stands.
struct SetLine {
  imaging::GrayImage picture;
  std::vector<imaging::PixelRect> places;  // of every letter, over the height of the picture
};
SetLine set_line(const std::vector<CutLetter>& letters);
/// A line without boxes at the height and with the margin that engines read best.
imaging::GrayImage framed_line(const imaging::GrayImage& line);

/// The characters of ocr::kAlphabet that such a field may hold.
std::string_view characters_of(ocr::FieldKind kind);

/// One reading for each of `places`: the symbol that lies on it, or any character, perhaps none.
std::vector<ocr::LetterReading> onto_places(const std::vector<ocr::LineLetter>& symbols,
                                            const std::vector<imaging::PixelRect>& places, ocr::FieldKind kind);

/// One reading for each letter; one that the engine does not see may be any character, perhaps none.
std::vector<ocr::LetterReading> letters_of_boxes(const std::vector<CutLetter>& letters, ocr::FieldKind kind,
                                                 ocr::Tesseract& engine);
/// The letters of a line without boxes, in reading order.
std::vector<ocr::LetterReading> letters_of_line(const imaging::GrayImage& line, ocr::FieldKind kind,
                                                ocr::Tesseract& engine);

}  // namespace korrigo::identification
