/// What stands on an A4 face: ruling, holes, writing, and on a first face the header.
#pragma once

#include <cstdint>

#include "samples/form.h"

namespace korrigo::samples {

inline constexpr double kFaceWidth = 210;  // millimetres
inline constexpr double kFaceHeight = 297;

/// The paper of a batch.
struct Paper {
  bool seyes = false;      // the French school ruling, else plain lines
  double first_line = 62;  // millimetres from the top
  double line_step = 8;
  double margin = 32;  // of the margin line, from the left
  Ink ruling;
  Ink margin_ink;
  bool holes = false;
};
Paper invent_paper(Random& random, bool colour);

struct FaceContent {
  std::uint64_t seed = 0;  // of the writing: two scans of one face show the same
  bool blank = false;
  bool header = false;
  int printed_page = 0;  // of the subject whose questions are printed on the face; 0: none
  HeaderText text;
  const Hand* hand = nullptr;
};

/// Draws the face with its top-left at the origin.
void draw_face(Pen& pen, const FontSet& fonts, const Paper& paper, const Form& form, const FaceContent& content);

}  // namespace korrigo::samples
