/// Rows of printed letter boxes on a picture of a form.
#pragma once

#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::identification {

/// One row of boxes, closed or open above (ticks on a line).
struct Comb {
  std::vector<imaging::PixelRect> boxes;  // left to right, inside their lines
  imaging::PixelRect area;                // all boxes
};

/// Every row of three or more boxes of 4 to 9.5 mm at kFormDpi, top to bottom, left to right. Boxes stand side by side
/// or with gaps; a row is cut where nearly a box is missing. `picture` is level within a degree; its print may be pale
/// or dashed, handwriting may lie on it.
///
/// Level lines are looked for first; between any two that may hold boxes, and above each one, the likeliest row is
/// found from what shows of its sides and lines (box_row.h). Boxes of one form are alike, which settles weak rows.
std::vector<Comb> find_combs(const imaging::GrayImage& picture);

}  // namespace korrigo::identification
