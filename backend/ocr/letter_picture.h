/// A cut letter as korrigo-hand's network sees it. tools/train-hand/cells.py `normalised` makes its training pictures
/// the same way.
#pragma once

#include <array>

#include "imaging/gray_image.h"

namespace korrigo::ocr {

inline constexpr int kLetterSide = 32;
/// Row by row; 0 is paper, 255 ink.
using LetterPicture = std::array<std::uint8_t, kLetterSide * kLetterSide>;

/// `letter` is dark ink on white at 300 dpi, cut to its own extent, from a box `box_height` pixels high: pale pens
/// become as dark as print, the longer side fills the picture, signs much smaller than the box stay small.
LetterPicture letter_picture(const imaging::GrayImage& letter, int box_height);

}  // namespace korrigo::ocr
