/// Makes realistic office scans of handwritten exams, with the roster and the truth beside them. Deterministic: the
/// same options give the same bytes on every machine that has the same fonts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace korrigo::samples {

enum class Imposition { booklet, plain };  // folded sheet [4|1][2|3], or side by side [1|2][3|4]
enum class PageFormat { a3, a4, mixed };
enum class HeaderLayout { boxes, boxes_gaps, ticks, above, framed, plain_line, cmen };
enum class SideEncoding { jpeg, ccitt, jbig2, jpeg2000, flate, mixed };

struct Options {
  std::uint64_t seed = 1;
  int copies = 44;    // booklets of one sheet each, unless sheets_per_copy says otherwise
  int students = 40;  // on the roster; with copies > students some write two sheets
  int dpi = 300;
  PageFormat format = PageFormat::a3;
  Imposition imposition = Imposition::booklet;
  int verso_rotation = 180;  // 0 or 180
  HeaderLayout layout = HeaderLayout::boxes;
  SideEncoding encoding = SideEncoding::jpeg;
  bool colour = false;
  double max_skew_degrees = 1.5;
  bool printed_subject = false;  // questions printed on every face, on all copies alike

  // Trouble; all off is a clean batch (every sheet there, every writer on the roster, one copy each).
  int blank_faces = 0;
  int missing_sheets = 0;  // of copies of several sheets
  int doubled_sheets = 0;  // scanned twice
  int students_with_several_sheets = 0;
  int absent_students = 0;   // on the roster, no copy
  int unknown_students = 0;  // a copy, not on the roster
  bool twins_and_namesakes = false;
  int swapped_sheets = 0;     // neighbours in the stack exchanged
  int rotated_sides = 0;      // fed upside down against their neighbours
  int empty_fields = 0;       // copies whose writer left out name, first name or date
  bool corrupt_page = false;  // one page whose stream is damaged
};

/// Writes scan.pdf, students.csv and truth.json (format: docs/formats/sample-truth.md) into `folder`, which must not
/// exist or be empty. Refuses not_found "samples.fonts" when the handwriting fonts are not installed, invalid_input
/// "samples.options" for options that contradict one another.
Result<void> make(const std::filesystem::path& folder, const Options& options);

}  // namespace korrigo::samples
