/// A field as external engines are shown it, and what they saw.
#pragma once

#include <vector>

#include "identification/field_ink.h"
#include "ocr/external_engines.h"

namespace korrigo::identification {

/// The field's letters set side by side, each named with its place; without letters its line.
ocr::EnginePicture engine_picture(const std::vector<CutLetter>& letters, const imaging::GrayImage& line,
                                  ocr::FieldKind kind);

struct FurtherLetters {
  std::vector<ocr::LetterReading> letters;
  bool placed = false;  // one for each letter of the picture; else in reading order, some lost or invented
};
FurtherLetters further_letters(const ocr::EngineText& text, const ocr::EnginePicture& picture);

}  // namespace korrigo::identification
