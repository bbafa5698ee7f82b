/// A printed header form: where its fields are, learned from the batch or read off a single header.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "imaging/geometry.h"
#include "imaging/gray_image.h"
#include "ocr/external_engines.h"
#include "ocr/reading.h"
#include "ocr/tesseract.h"

namespace korrigo::identification {

class FormPatches;

struct FormField {
  ocr::FieldKind kind = ocr::FieldKind::last_name;
  imaging::PixelRect area;                // where its ink is expected, in pixels of the form picture
  std::vector<imaging::PixelRect> boxes;  // one per letter, left to right; empty for a plain line
};

/// A form picture is upright and level at 300 dpi (kFormDpi).
inline constexpr int kFormDpi = 300;

struct HeaderForm {
  imaging::GrayImage print;     // the form without handwriting: median of the batch, or a single header's own picture
  bool print_is_clean = false;  // true for a median or a template: print can be subtracted
  std::vector<FormField> fields;
  imaging::PixelRect extent;                   // everything that belongs to the header: labels, boxes, frame
  std::string origin;                          // "learned", "template", "single"
  std::shared_ptr<const FormPatches> patches;  // of a clean print, to find it in headers
};

/// Reads the labels and finds the fields on a picture of a form (300 dpi, upright, level to about half a degree). With
/// handwriting on it
/// (`clean` false) too. Nothing when no name field can be found.
std::optional<HeaderForm> understand_form(const imaging::GrayImage& picture, bool clean, ocr::Tesseract& engine);

/// Aligns headers of one printed form (300 dpi, upright, level to about half a degree), round after round, and takes
/// the median. Wants 5 or more; 9 to 25 are plenty. The result is the clean print about where the first header has it.
/// Works on up to `workers` threads; throws Cancelled.
imaging::GrayImage learn_print(std::span<const imaging::GrayImage> headers, int workers = 1, const Cancel& cancel = {});

/// Reads one header: registers it to the form on its printed lines (to within 2 pixels), removes the print, cuts
/// letters or lines. Both are read by korrigo-hand, by Tesseract, and by the `further` engines as far as these answer.
struct ReadHeader {
  ocr::HeaderReading reading;
  std::vector<std::string> further_versions;  // of the further engines that answered
  std::vector<imaging::PixelRect> areas;      // of each of its fields, in the form
  double registration = 0;                    // correlation with the form after registration, -1..1
  imaging::Affine from_form;                  // form pixel -> header pixel
};
ReadHeader read_header(const imaging::GrayImage& header, const HeaderForm& form, ocr::Tesseract& engine,
                       ocr::ExternalEngines* further = nullptr);

}  // namespace korrigo::identification
