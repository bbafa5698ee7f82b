#include <algorithm>

#include "identification/field_ink.h"
#include "identification/further_letters.h"
#include "identification/hand_line.h"
#include "identification/header_form.h"
#include "identification/registration.h"
#include "identification/tesseract_letters.h"
#include "ocr/hand.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using ocr::FieldKind;
using ocr::FieldReading;
using ocr::LetterReading;

constexpr double kLeastAgreement = 0.2;  // of the registration; below, nothing is where the form says
constexpr const char* kHand = "korrigo-hand";
constexpr const char* kTesseract = "tesseract";

/// A field's ink, cut out of the header.
struct CutField {
  const FormField* field = nullptr;
  std::vector<CutLetter> letters;  // of a field with boxes
  GrayImage line;                  // of one without
  bool has_ink() const { return !letters.empty() || !line.empty(); }
};

std::string text_of(const FieldReading& field) {
  std::string text;
  for (const LetterReading& letter : field.letters) {
    const auto best = std::max_element(letter.probability.begin(), letter.probability.end());
    if (*best > letter.nothing)
      text.push_back(ocr::kAlphabet[static_cast<std::size_t>(best - letter.probability.begin())]);
  }
  if (field.kind == FieldKind::birth_date && text.size() == 8)
    text = text.substr(0, 2) + "/" + text.substr(2, 2) + "/" + text.substr(4);
  return text;
}

FieldReading reading_of(const CutField& cut, const std::string& engine, std::vector<LetterReading> letters) {
  FieldReading reading;
  reading.kind = cut.field->kind;
  reading.boxed = !cut.field->boxes.empty();
  reading.has_ink = cut.has_ink();
  reading.letters = std::move(letters);
  reading.engine = engine;
  reading.text = text_of(reading);
  return reading;
}

// In the frame of a part of its form.
FormField in_part(FormField field, const imaging::PixelRect& part) {
  const auto move = [&](imaging::PixelRect& rect) { rect.x -= part.x, rect.y -= part.y; };
  move(field.area);
  std::for_each(field.boxes.begin(), field.boxes.end(), move);
  return field;
}

std::vector<CutField> cut_fields(const GrayImage& writing, const HeaderForm& form) {
  std::vector<CutField> fields;
  for (const FormField& field : form.fields) {
    if (field.kind == FieldKind::class_name || field.kind == FieldKind::candidate_number) continue;
    CutField cut{&field, {}, {}};
    const FormField here = in_part(field, form.extent);
    if (here.boxes.empty())
      cut.line = cut_line(writing, here);
    else
      cut.letters = cut_letters(writing, here);
    fields.push_back(std::move(cut));
  }
  return fields;
}

// All letters of the header at once.
std::vector<LetterReading> read_by_hand(const std::vector<CutField>& fields) {
  std::vector<ocr::HandLetter> letters;
  for (const CutField& cut : fields)
    for (const CutLetter& letter : cut.letters)
      letters.push_back({ocr::letter_picture(letter.picture, cut.field->boxes[letter.box].height),
                         cut.field->kind == FieldKind::birth_date});
  return ocr::Hand::built_in().read(letters);
}

// What external engines say of the fields that hold ink, field by field.
std::vector<std::vector<FieldReading>> ask_further(const std::vector<CutField>& fields, ocr::ExternalEngines& engines,
                                                   ReadHeader& read) {
  std::vector<ocr::EnginePicture> pictures;
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].has_ink()) continue;
    pictures.push_back(engine_picture(fields[i].letters, fields[i].line, fields[i].field->kind));
    shown.push_back(i);
  }
  std::vector<std::vector<FieldReading>> readings(fields.size());
  if (pictures.empty()) return readings;
  for (const auto& opinion : engines.read(pictures)) {
    read.reading.engine += ", " + opinion.engine;
    read.further_versions.push_back(opinion.version);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      FurtherLetters further = further_letters(opinion.texts[i], pictures[i]);
      FieldReading reading = reading_of(fields[shown[i]], opinion.engine, std::move(further.letters));
      reading.boxed = further.placed;
      readings[shown[i]].push_back(std::move(reading));
    }
  }
  return readings;
}

}  // namespace

ReadHeader read_header(const GrayImage& header, const HeaderForm& form, ocr::Tesseract& engine,
                       ocr::ExternalEngines* further) {
  ReadHeader read;
  read.reading.engine = "korrigo-hand, tesseract";
  read.registration = 1;
  if (form.patches) {
    const Registration found = form.patches->find_in(header);
    read.registration = found.agreement;
    read.from_form = found.from_form;
    if (found.agreement < kLeastAgreement) return read;
  }
  const std::vector<CutField> fields = cut_fields(without_print(header, read.from_form, form), form);
  const std::vector<LetterReading> by_hand = read_by_hand(fields);
  std::vector<std::vector<FieldReading>> opinions(fields.size());
  if (further != nullptr) opinions = ask_further(fields, *further, read);
  auto next = by_hand.begin();
  const auto add = [&](const CutField& cut, const char* name, std::vector<LetterReading> letters) {
    read.reading.fields.push_back(reading_of(cut, name, std::move(letters)));
    read.areas.push_back(cut.field->area);
  };
  for (const CutField& cut : fields) {
    if (!cut.letters.empty()) {
      const auto end = next + static_cast<std::ptrdiff_t>(cut.letters.size());
      add(cut, kHand, {next, end});
      add(cut, kTesseract, letters_of_boxes(cut.letters, cut.field->kind, engine));
      next = end;
    } else {
      const bool has_ink = cut.has_ink();
      if (has_ink) add(cut, kHand, letters_of_line_by_hand(cut.line, cut.field->kind));
      add(cut, kTesseract, has_ink ? letters_of_line(cut.line, cut.field->kind, engine) : std::vector<LetterReading>());
    }
    for (FieldReading& opinion : opinions[static_cast<std::size_t>(&cut - fields.data())]) {
      read.reading.fields.push_back(std::move(opinion));
      read.areas.push_back(cut.field->area);
    }
  }
  return read;
}

}  // namespace korrigo::identification
