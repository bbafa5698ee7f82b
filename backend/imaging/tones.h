/// Measures over the tones of a picture, shared by what separates ink from paper.
#pragma once

#include <array>
#include <cstdint>

#include "imaging/gray_image.h"

namespace korrigo::imaging {

using Histogram = std::array<std::uint32_t, 256>;

/// Every `step`-th row and column counts.
Histogram histogram(const GrayImage& image, int step = 1);

/// Standard deviation of the paper's own grain, in tones: from differences between neighbours near the paper's tone, so
/// that ink and slow shading do not count. 0 for a flat picture.
double paper_noise(const GrayImage& image, std::uint8_t paper);

}  // namespace korrigo::imaging
