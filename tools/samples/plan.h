/// A batch before it is drawn: who writes what on which sheet, and how the stack is scanned.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "samples/face_content.h"
#include "samples/people.h"
#include "samples/samples.h"

namespace korrigo::samples {

struct PlannedFace {
  int sheet = 0;   // index into BatchPlan::sheets
  int number = 0;  // 1..pages of the sheet, in reading order
  FaceContent content;
};

/// One booklet of one student: a folded A3 sheet, or A4 sheets.
struct PlannedSheet {
  int writer = 0;  // index into BatchPlan::writers
  int number = 0;  // 1.. among the writer's sheets
  bool a3 = true;
  HeaderText written;
  std::vector<PlannedFace> faces;  // in reading order
};

struct Writer {
  Person person;
  bool on_roster = true;
  Hand hand;
};

/// One scanned side: which faces it shows, and how it lies on the glass.
struct PlannedSide {
  std::vector<PlannedFace> faces;  // left to right as the side stands upright
  int rotation = 0;                // clockwise turn that makes the side upright: 0 or 180
  double skew_degrees = 0;
  double shift_x = 0, shift_y = 0;  // millimetres
  double fold = 0;                  // of the A3 middle, millimetres to the right
  std::uint64_t seed = 0;           // of noise and shadows
  int duplicate_of = -1;            // side index that showed the same before
  bool corrupt = false;
  SideEncoding encoding = SideEncoding::jpeg;
};

struct BatchPlan {
  std::vector<Person> roster;
  std::vector<Writer> writers;
  std::vector<PlannedSheet> sheets;  // in stack order
  std::vector<PlannedSide> sides;    // in scanner order
  std::vector<std::string> absent;   // e-mails
  Paper paper;
  int pages_per_booklet = 4;
};

/// Refuses invalid_input "samples.options".
Result<BatchPlan> plan_batch(const Options& options, const FontSet& fonts, Random& random);

}  // namespace korrigo::samples
