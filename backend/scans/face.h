/// Sides, faces and where they come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::scans {

/// Which part of a side a face is, as scanned, before any rotation.
enum class Half { full, left, right };
std::string_view to_string(Half half);

/// Whether two faces share a side, and how: an A3 sheet is folded into a booklet (recto shows 4 | 1, verso 2 | 3) or
/// holds its faces side by side (recto 1 | 2, verso 3 | 4).
enum class Imposition { booklet, plain };
std::string_view to_string(Imposition imposition);

/// One A4 page after the split.
struct Face {
  int source = 0;  // index of the source in the batch
  int side = 0;    // page of the source, from 0
  Half half = Half::full;
  imaging::PixelRect part;  // of the side at full resolution
  int rotation = 0;         // degrees clockwise that make it upright: 0 or 180
  double skew_degrees = 0;  // further clockwise turn that levels the upright face
  bool blank = false;       // nothing written on it
  bool header = false;      // carries the printed header: a copy begins here
  double header_score = 0;  // correlation with the batch's header print, -1..1
  int form = -1;            // which of the batch's header prints, -1 without header
  std::vector<std::string>
      flags;  // "faint", "blurred", "cut_off", "damaged", "header_uncertain", "rotation_uncertain", "turned"
};

}  // namespace korrigo::scans
