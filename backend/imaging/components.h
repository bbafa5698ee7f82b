/// Connected parts of an ink picture.
#pragma once

#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::imaging {

struct Component {
  PixelRect box;
  int pixels = 0;
};

/// 8-connected components of `ink` (every pixel 255 or 0, as binarised() gives it), in the order of their first pixel,
/// row by row. Runs joined by union-find, one pass over the picture.
std::vector<Component> find_components(const GrayImage& ink);

}  // namespace korrigo::imaging
