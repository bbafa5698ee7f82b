/// Where a picture shows thin upright and level strokes, as printed lines are, however pale.
#pragma once

#include "imaging/gray_image.h"

namespace korrigo::identification {

/// 1 where a pixel lies on such a stroke, 0 elsewhere. Strokes wider than 11 pixels show nowhere. Dashes shorter than
/// the 9 pixels over which tones are averaged along the stroke, and the spaces between them, run together.
struct ThinLines {
  imaging::GrayImage upright;
  imaging::GrayImage level;
};

ThinLines find_thin_lines(const imaging::GrayImage& picture);

}  // namespace korrigo::identification
