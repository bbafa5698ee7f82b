/// Whether a face is blank, too light or blurred.
#pragma once

#include "imaging/gray_image.h"

namespace korrigo::imaging {

/// Share of the picture's pixels that are writing or print, 0..1: darker than the paper around them, without specks,
/// punched holes, solid blots and the dark borders a scanner leaves. At 75-150 dpi a blank ruled face stays below its
/// ruling's own share (measure it), a blank plain face below about 0.001; a few written words give 0.003, a full page
/// 0.03-0.15.
double ink_share(const GrayImage& image);

/// Steepness of the edges between ink and paper, 0..1: the largest step between neighbours as a share of the whole
/// edge's contrast, averaged over clear edges. 1 when there are too few edges to tell. At 150 dpi a good scan has
/// 0.5-0.9, one that is visibly blurred (an edge spread over six pixels) below 0.35.
double sharpness(const GrayImage& image);

}  // namespace korrigo::imaging
