/// Straight printed lines in an ink picture: frames, combs, ruled paper.
#pragma once

#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::imaging {

/// In pixels; a pixel's centre has whole coordinates. Horizontal: x0 < x1. Vertical: y0 < y1.
struct Segment {
  double x0 = 0, y0 = 0;
  double x1 = 0, y1 = 0;
  double thickness = 0;  // mean, across the line
};

struct LineOptions {
  int max_gap = 4;           // pixels without ink that do not end a line; dashes and dots need their spacing here
  int max_thickness = 12;    // pixels; thicker strokes are crossings or bars, never part of a line
  double max_slope = 0.1;    // against the axis; about 5.7 degrees
  double least_cover = 0.5;  // share of the length that shows ink (0.2 or so for dots)
};
// For combs of pale dotted boxes at 300 dpi: binarised() with a least contrast of 9, then {.max_gap = 40, .least_cover
// = 0.2}.

/// Lines at least min_length_pixels long, in the order of their beginnings along the line's own direction. Writing may
/// cross them.
///
/// Walks along the direction, following every thin cross-section of ink with a recursive straight-line fit (an
/// alpha-beta filter): a line goes on under a stroke that crosses it, and bends with the paper, but not along letters.
/// `ink` as binarised() gives it.
std::vector<Segment> find_lines(const GrayImage& ink, bool horizontal, int min_length_pixels,
                                const LineOptions& options = {});

}  // namespace korrigo::imaging
