/// Tesseract as a library: one warm engine, single-threaded.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "imaging/gray_image.h"
#include "ocr/reading.h"

namespace korrigo::ocr {

/// One character of a line with where it stands.
struct LineLetter {
  LetterReading reading;
  imaging::PixelRect box;
};

struct PrintedWord {
  std::string text;      // UTF-8
  float confidence = 0;  // 0..100
  imaging::PixelRect box;
};

/// Not thread-safe; one per thread, each about 10 MB and 80 ms to make. OpenMP is switched off in the calling thread.
class Tesseract {
 public:
  /// Refuses not_found "ocr.tesseract_missing" when the language data cannot be loaded.
  static Result<Tesseract> make(std::string_view language = "fra");
  Tesseract(Tesseract&&) noexcept;
  Tesseract& operator=(Tesseract&&) noexcept;
  ~Tesseract();

  /// One line of capitals or digits, dark ink on light paper at about 300 dpi.
  /// `allowed` limits the characters ("ABC...Z" or "0123456789").
  std::vector<LineLetter> read_line(const imaging::GrayImage& line, std::string_view allowed);

  /// Printed words anywhere on the picture (labels of a form).
  std::vector<PrintedWord> read_print(const imaging::GrayImage& picture);

  /// "5.3.0 fra"
  std::string version() const;

 private:
  struct State;
  explicit Tesseract(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::ocr
