/// A planned side as the scanner delivers it.
#pragma once

#include "imaging/gray_image.h"
#include "samples/plan.h"

namespace korrigo::samples {

/// Pixels of a scan: grey, or three bytes of colour for each pixel.
struct SidePicture {
  imaging::GrayImage gray;
  std::vector<std::uint8_t> rgb;  // empty unless colour was asked for; rows without padding
  int width = 0, height = 0;
  double width_mm = 0, height_mm = 0;
};

/// Draws ink on paper, then adds what a scanner adds: skew, shift, the fold's shadow, the tone of the paper, grain.
SidePicture picture_of(const PlannedSide& side, const BatchPlan& plan, const Form& form, const FontSet& fonts, int dpi,
                       bool colour);

}  // namespace korrigo::samples
