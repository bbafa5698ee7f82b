/// Printed text for tests, in the sample generator's own fonts: the same on every machine.
#pragma once

#include <string>
#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::testing_support {

struct PrintedPiece {
  std::string text;       // UTF-8
  double x = 40, y = 80;  // pixels; start of the baseline
  double capitals = 46;   // height, pixels
};

/// Black on white.
imaging::GrayImage printed(int width, int height, const std::vector<PrintedPiece>& pieces);

}  // namespace korrigo::testing_support
