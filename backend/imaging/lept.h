/// Owned leptonica pictures. Leptonica is silent (it would write to standard error).
#pragma once

#include <leptonica/allheaders.h>

#include <memory>

#include "imaging/gray_image.h"

namespace korrigo::imaging::lept {

struct Destroy {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using Pix = std::unique_ptr<PIX, Destroy>;

/// To be called before any other leptonica function.
void silence();

/// One bit per pixel, set where the tone is below `threshold`. Null when there is no memory.
Pix darker_than(const GrayImage& image, int threshold);

}  // namespace korrigo::imaging::lept
