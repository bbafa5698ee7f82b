/// Sides put together into sheets, and the faces of a sheet in reading order.
#pragma once

#include <string>
#include <vector>

#include "scans/batch.h"

namespace korrigo::scans {

/// One physical sheet, or the half of it that was scanned; an A4 side is a unit of its own.
struct Sheet {
  std::vector<const SurveyedSide*> sides;  // recto first; one or two; A4: one
  bool header = false;
  bool header_side_lost = false;  // the recto cannot be read, so whose sheet it is cannot be known
  std::string warning;            // one sentence, or empty
};

int face_count(const Sheet& sheet);

/// Pairs the A3 sides of each source: a side with a header is a recto, the side after it its verso - or the side before
/// it, when that leaves fewer sides of the source alone. A stray side (its other side was not scanned) makes a sheet of
/// its own and the pairing goes on behind it.
std::vector<Sheet> pair_sides(const std::vector<SurveyedSide>& sides);

/// The faces of a sheet in reading order: booklet recto right, verso left, verso right, recto left; plain recto left,
/// right, verso left, right - left and right as the side stands upright.
std::vector<Face> faces_in_order(const Sheet& sheet, Imposition imposition);

}  // namespace korrigo::scans
